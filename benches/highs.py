"""Solves routing instances with HiGHS, an independent exact solver, to hold Cartwright's optima and times against.

    python3 -m venv venv && venv/bin/pip install highspy
    cargo run --release -p cartwright-core --example routing_bench json > instances.json
    venv/bin/python benches/highs.py instances.json

Each instance holds `quantities`, `backorder`, `fixed`, `stock` and `costs` (rows are lines), `split`, `spread`, and what Cartwright found
(`total`, `bound`, `microseconds`). Prints one line with the share of equal optima and both solvers' times; ends with 1 when one differs.
"""

import json
import sys
import time

import highspy


def solve(instance):
    """The least total of one instance, and the seconds that HiGHS took."""
    model = highspy.Highs()
    model.silent()
    quantities, fixed = instance["quantities"], instance["fixed"]
    split, spread = instance["split"], instance["spread"]
    opened = [model.addBinary(obj=cost + split) for cost in fixed]
    first = model.addBinary(obj=-split)
    model.addConstr(first <= sum(opened))
    for line, quantity in enumerate(quantities):
        short = model.addIntegral(lb=0, ub=quantity, obj=instance["backorder"][line])
        taken, sources = [short], []
        for location, stock in enumerate(instance["stock"][line]):
            most = min(stock, quantity)
            cost = instance["costs"][line][location]
            if most == 0 or cost > instance["backorder"][line]:
                continue
            units = model.addIntegral(lb=0, ub=most, obj=cost)
            source = model.addBinary(obj=spread)
            model.addConstr(units <= most * source)
            model.addConstr(source <= opened[location])
            taken.append(units)
            sources.append(source)
        model.addConstr(sum(taken) == quantity)
        if spread and sources:
            rebate = model.addBinary(obj=-spread)
            model.addConstr(rebate <= sum(sources))
    start = time.perf_counter()
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 0.5)
    model.run()
    return round(model.getObjectiveValue()), time.perf_counter() - start


def quantile(values, share):
    return sorted(values)[int((len(values) - 1) * share)]


def main():
    instances = json.load(open(sys.argv[1]))
    equal, proven, theirs, ours = 0, 0, [], []
    for index, instance in enumerate(instances):
        total, seconds = solve(instance)
        theirs.append(seconds * 1e3)
        ours.append(instance["microseconds"] / 1e3)
        if instance["bound"] == instance["total"]:
            proven += 1
            if total == instance["total"]:
                equal += 1
            else:
                print(f"instance {index}: HiGHS {total}, Cartwright {instance['total']}")
    print(
        f"{len(instances)} instances, {proven} proven, {equal} of these equal HiGHS; "
        f"HiGHS median {quantile(theirs, 0.5):.1f} ms, p99 {quantile(theirs, 0.99):.1f} ms; "
        f"Cartwright median {quantile(ours, 0.5):.3f} ms, p99 {quantile(ours, 0.99):.3f} ms"
    )
    return 0 if equal == proven else 1


if __name__ == "__main__":
    sys.exit(main())
