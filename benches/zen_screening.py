"""The demo rules of order screening as a decision table of zen-engine, for the bench's table of peers.

    pip install zen-engine            # 2.1.3, MIT
    python benches/zen_screening.py [--decisions N]      # one line of JSON: microseconds per decision
    python benches/zen_screening.py --agreement FILE     # requests with zen's verdicts, which the plugin's tests are held against

The same eight rules, in the plugin's settings, are benches/data/screening-rules.json. Both take the first rule that holds. What
zen is given are flat figures (JSON); the plugin gets the whole order and reads them itself.
"""

import argparse
import json
import random
import time
from importlib.metadata import version

# Code, verdict, and the conditions of the row, by input field in zen's expression language. An empty cell is no condition.
RULES = [
    ("AVS_AND_VALUE", "reject", {"avs": '"noMatch"', "orderValue": "> 50000"}),
    ("CVV_NO_MATCH", "reject", {"cvv": '"noMatch"', "declinedAttempts": ">= 2"}),
    ("CARD_VELOCITY", "reject", {"cardVelocity1h": ">= 4"}),
    ("THREE_D_SECURE_FAILED", "review", {"threeDSecure": '"failed"'}),
    ("COUNTRIES", "review", {"cardCountryMismatch": "true", "ipCountryMismatch": "true"}),
    ("DISPOSABLE_EMAIL", "review", {"emailDomain": '"mailinator.com", "yopmail.com", "trashmail.com"'}),
    ("LARGE_FIRST_ORDER", "review", {"newCustomer": "true", "orderValue": "[80000..1000000]"}),
    ("PREPAID_IN_A_HURRY", "review", {"cardFunding": '"prepaid"', "service": '"two-day-air"'}),
]
FIELDS = [
    "avs", "cvv", "threeDSecure", "cardFunding", "emailDomain", "service", "orderValue", "declinedAttempts", "cardVelocity1h",
    "cardCountryMismatch", "ipCountryMismatch", "newCustomer",
]


def decision():
    """The decision table as zen's JSON decision model."""
    rows = [
        {"_id": code, **{field: cells.get(field, "") for field in FIELDS}, "verdict": f'"{verdict}"', "code": f'"{code}"'}
        for code, verdict, cells in RULES
    ]
    rows.append({"_id": "else", **{field: "" for field in FIELDS}, "verdict": '"accept"', "code": '""'})
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": field, "name": field, "field": field} for field in FIELDS],
        "outputs": [{"id": name, "name": name, "field": name} for name in ("verdict", "code")],
        "rules": rows,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {"id": "table", "type": "decisionTableNode", "name": "table", "position": {"x": 0, "y": 0}, "content": table},
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "b", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def requests(count):
    """Orders drawn with a fixed seed: often enough each rule holds, and some orders none."""
    dice = random.Random(20261123)
    pick = dice.choice
    for number in range(count):
        card, ip = pick(["US", "US", "US", "CA"]), pick(["US", "US", "US", "MX"])
        service = pick(["ground", "two-day-air"])
        orders = pick([0, 0, 1, 5])
        yield {
            "at": "2026-11-23T18:00:00Z",
            "order": f"B-{number}",
            "currency": "USD",
            "lines": [
                {"id": "1", "sku": "A", "quantity": dice.randint(1, 4), "unitPrice": dice.randint(500, 40000), "weight": 500},
                {"id": "2", "sku": "B", "quantity": 1, "unitPrice": dice.randint(500, 20000), "weight": 900},
            ],
            "customer": {
                "email": "shopper@" + pick(["example.com", "example.org", "example.net", "mailinator.com", "yopmail.com"]),
                "tags": [],
                "orders": orders,
            },
            "billing": {"country": "US", "postalCode": "97209", "lines": ["1120 NW Couch St"]},
            "shipping": {"country": "US", "postalCode": "97209", "lines": ["1120 NW Couch St"]},
            "service": service,
            "payment": {
                "method": "card",
                "amount": 0,
                "avs": pick(["matchAll", "matchAll", "matchPostalCode", "noMatch", "unavailable"]),
                "cvv": pick(["matchAll", "matchAll", "noMatch", "notChecked"]),
                "threeDSecure": pick(["notTried", "authenticated", "authenticated", "attempted", "failed"]),
                "funding": pick(["credit", "debit", "prepaid"]),
                "cardCountry": card,
                "declinedAttempts": pick([0, 0, 0, 1, 2, 4]),
            },
            "session": {"ipCountry": ip},
            "velocities": [{"key": "card", "window": 3600, "orders": pick([0, 0, 0, 1, 2, 5]), "amount": 0}],
            "channel": "web",
            "tags": [],
        }


def figures(request):
    """What zen is asked with: the signals that the table's inputs name."""
    payment = request["payment"]
    return {
        "avs": payment["avs"],
        "cvv": payment["cvv"],
        "threeDSecure": payment["threeDSecure"],
        "cardFunding": payment["funding"],
        "emailDomain": request["customer"]["email"].split("@")[1],
        "service": request["service"],
        "orderValue": sum(line["quantity"] * line["unitPrice"] for line in request["lines"]),
        "declinedAttempts": payment["declinedAttempts"],
        "cardVelocity1h": request["velocities"][0]["orders"],
        "cardCountryMismatch": payment["cardCountry"] != request["billing"]["country"],
        "ipCountryMismatch": request["session"]["ipCountry"] != request["billing"]["country"],
        "newCustomer": request["customer"]["orders"] == 0,
    }


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--decisions", type=int, default=20000, help="how many are timed")
    arguments.add_argument("--agreement", metavar="FILE", help="write 200 requests with zen's verdicts there")
    chosen = arguments.parse_args()

    import zen

    # Content that is compiled once and handed out by a loader is the quickest of zen's ways in.
    content = zen.ZenDecisionContent(json.dumps(decision()))
    engine = zen.ZenEngine({"loader": lambda _: content})

    def evaluate(one):
        return engine.evaluate("screening", one)["result"]

    if chosen.agreement:
        answered = [{"request": request, **evaluate(figures(request))} for request in requests(200)]
        with open(chosen.agreement, "w") as file:
            file.write("[\n" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in answered) + "\n]\n")
        return
    asked = [figures(request) for request in requests(1000)]
    for one in asked:
        evaluate(one)
    started = time.perf_counter_ns()
    verdicts = {}
    for number in range(chosen.decisions):
        verdict = evaluate(asked[number % len(asked)])["verdict"]
        verdicts[verdict] = verdicts.get(verdict, 0) + 1
    microseconds = (time.perf_counter_ns() - started) / 1000 / chosen.decisions
    print(
        json.dumps(
            {
                "engine": "zen-engine",
                "version": version("zen-engine"),
                "rules": len(RULES),
                "decisions": chosen.decisions,
                "microseconds": round(microseconds, 2),
                "verdicts": verdicts,
            }
        )
    )


if __name__ == "__main__":
    main()
