"""Make the synthetic example: ``python examples/iom_2023/make.py`` writes it, ``--check`` compares.

The microdata of the study are not public. These 531 respondents are invented so
that the study's published whole percentages come out, weighted and unweighted.
Only ``random.Random(seed).random()`` and plain arithmetic decide, so every machine
makes the same rows. The script stops if a published fact does not hold.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import struct
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from questions import QUESTIONS, Question

HERE = Path(__file__).resolve().parent
SEED = 20230208
Row = dict[str, str]

# sex, age group: respondents, any technology, smartphone with internet, planned with social networks, technology
# during the crossing. The first four are one of many tables that meet the published figures.
CELLS = {
    ("man", "18-25"): (85, 68, 50, 45, 56),
    ("man", "26-35"): (138, 121, 106, 74, 112),
    ("man", "36-45"): (67, 47, 33, 26, 37),
    ("man", "46+"): (34, 14, 9, 7, 9),
    ("woman", "18-25"): (55, 50, 37, 22, 40),
    ("woman", "26-35"): (87, 84, 74, 34, 77),
    ("woman", "36-45"): (43, 36, 25, 13, 28),
    ("woman", "46+"): (22, 16, 6, 3, 8),
}
SITES = {"MEX": 6, "GTM": 5, "HND": 4, "CRI": 4, "PAN": 6, "DOM": 3, "SLV": 2}
SOUTH = ["COL", "PAN", "CRI", "NIC", "HND", "GTM", "MEX"]
# nationality: chance, then (chance, origin, stops in order, countries of interview, destinations)
PATHS: dict[str, tuple[float, list[tuple[float, str, list[str], str, str]]]] = {
    "VEN": (0.22, [(0.7, "VEN", SOUTH, "PAN CRI HND GTM MEX", "USA USA USA USA CAN MEX CRI PAN"),
                   (0.3, "PER", ["ECU", *SOUTH], "PAN CRI HND MEX", "USA USA USA MEX CRI")]),
    "HTI": (0.17, [(0.4, "CHL", ["PER", *SOUTH], "PAN CRI GTM MEX", "USA USA USA CAN MEX"),
                   (0.45, "HTI", ["DOM"], "DOM", "DOM DOM DOM USA PAN"),
                   (0.15, "HTI", ["NIC", "HND", "GTM", "MEX"], "HND GTM MEX", "USA USA CAN")]),
    "HND": (0.15, [(1.0, "HND", ["SLV", "GTM", "MEX"], "SLV GTM MEX MEX", "USA USA USA MEX GTM SLV")]),
    "ECU": (0.13, [(1.0, "ECU", SOUTH, "PAN CRI HND GTM MEX", "USA USA USA USA CRI MEX")]),
    "GTM": (0.08, [(1.0, "GTM", ["MEX"], "MEX", "USA USA MEX")]),
    "COL": (0.08, [(1.0, "COL", SOUTH[1:], "PAN CRI GTM MEX", "USA USA CRI PAN MEX")]),
    "SLV": (0.06, [(1.0, "SLV", ["GTM", "MEX"], "GTM MEX", "USA USA MEX GTM")]),
    "NIC": (0.05, [(0.6, "NIC", ["CRI", "PAN"], "CRI PAN", "CRI CRI PAN"),
                   (0.4, "NIC", ["HND", "GTM", "MEX"], "HND GTM MEX", "USA USA MEX")]),
    "CUB": (0.03, [(1.0, "CUB", ["NIC", "HND", "GTM", "MEX"], "HND GTM MEX", "USA")]),
    "GIN": (0.02, [(1.0, "GIN", ["NIC", "HND", "GTM", "MEX"], "HND GTM MEX", "USA CAN")]),
    "JOR": (0.01, [(1.0, "JOR", ["ECU", *SOUTH], "PAN MEX", "USA")]),
}  # fmt: skip
FLOWN = ("HTI", "CUB", "GIN")
CHANCES = {
    "reasons": (0.63, 0.57, 0.22, 0.17, 0.07, 0.05),
    "platforms": (0.86, 0.62, 0.43, 0.24, 0.21, 0.17, 0.05),
    "phone_purpose": (0.76, 0.57, 0.41, 0.24, 0.13, 0.10),
    "info_before": (0.47, 0.38, 0.33, 0.12, 0.14),
    "info_during": (0.46, 0.42, 0.21, 0.25, 0.28),
    "smuggler_services": (0.71, 0.55, 0.33, 0.13),
}


class Dice(random.Random):
    """Choices from ``random()`` alone: the one generator whose stream never changes between versions."""

    def chance(self, probability: float) -> bool:
        return self.random() < probability

    def pick(self, items: list[str]) -> str:
        return items[int(self.random() * len(items))]

    def draw(self, weighted: dict[str, float]) -> str:
        at = self.random() * sum(weighted.values())
        for item, weight in weighted.items():
            at -= weight
            if at < 0:
                return item
        return item

    def some(self, count: int, of: int) -> set[int]:
        """``count`` of the numbers below ``of``, every set alike."""
        numbers = list(range(of))
        for place in range(count):
            other = place + int(self.random() * (of - place))
            numbers[place], numbers[other] = numbers[other], numbers[place]
        return set(numbers[:count])


def people(dice: Dice) -> list[Row]:
    """The core of each respondent, cell by cell, then put in an order without meaning."""
    rows: list[Row] = []
    for (sex, band), (n, tech, phone, plan, journey) in CELLS.items():
        users = sorted(dice.some(tech, n))
        chosen = {
            name: {users[place] for place in dice.some(count, tech)}
            for name, count in (("smartphone_internet", phone), ("social_media", plan), ("tech_journey", journey))
        }
        young = dice.some(46, n) if (sex, band) == ("man", "36-45") else set()
        for place in range(n):
            row = {"sex": sex, "age_group": band, "age": str(age(dice, band, place in young))}
            row["tech_none"] = "no" if place in set(users) else "yes"
            for name, yes in chosen.items():
                row[name] = "yes" if place in yes else "no"
            rows.append(row)
    order = sorted((dice.random(), place) for place in range(len(rows)))
    return [rows[place] for _, place in order]


def age(dice: Dice, band: str, young: bool) -> int:
    low, high = {"18-25": (18, 25), "26-35": (26, 35), "36-45": (36, 45), "46+": (46, 67)}[band]
    if band == "36-45" and young:
        high = 39
    return low + int(dice.random() * (high - low + 1))


def journey(dice: Dice, row: Row) -> None:
    """Nationality, origin, stops so far, place of interview, destination; then route and corridor by rule."""
    nation = dice.draw({name: chance for name, (chance, _) in PATHS.items()})
    paths = PATHS[nation][1]
    path = paths[int(dice.draw({str(place): each[0] for place, each in enumerate(paths)}))]
    _, origin, stops, interviews, destinations = path
    here = dice.pick(interviews.split())
    stops = stops[: stops.index(here) + 1]
    if len(stops) > 2 and dice.chance(0.05):
        stops = [*stops[:-2], "unknown", stops[-1]]
    row.update(nationality=nation, origin=origin, country_interview=here)
    row["destination"] = "unknown" if dice.chance(0.04) else dice.pick(destinations.split())
    row["site"] = f"{here}-{1 + int(dice.random() * SITES[here]):02d}"
    for place in range(8):
        row[f"route_{place + 1}"] = stops[place] if place < len(stops) else ""
    row["n_transit"] = str(len(stops))
    row["route"] = "north" if row["destination"] in ("USA", "CAN") else "region"
    row["corridor"] = corridor(origin, stops)
    row["interview_lang"] = {"HTI": "ht", "GIN": "fr", "JOR": "en"}.get(nation, "es")


def corridor(origin: str, stops: list[str]) -> str:
    """The finer route, by rule, in this order (examples/iom_2023/README.md repeats it)."""
    if "DOM" in stops:
        return "caribbean"
    if "PAN" in stops and origin != "NIC":
        return "darien"
    if origin in FLOWN and stops[0] == "NIC":
        return "nicaragua_air"
    return "northern_ca" if origin in ("HND", "SLV", "GTM", "NIC") and stops[-1] in ("GTM", "MEX", "SLV") else "other"


def background(dice: Dice, row: Row) -> None:
    row["interview_date"] = f"2022-{6 + int(dice.random() * 4):02d}-{1 + int(dice.random() * 28):02d}"
    row["education"] = dice.draw(
        {"none": 7, "primary": 27, "secondary": 41, "technical": 12, "university": 12, "refused": 1}
    )
    row["work_before"] = dice.draw({"employee": 46, "own": 24, "not_working": 30 if row["sex"] == "man" else 55})
    row["weeks_travel"] = str(1 + int(dice.random() * dice.random() * 40) + int(row["n_transit"]))
    row["travel_company"] = dice.draw(
        {"alone": 34, "family": 24, "friends": 26, "group": 16}
        if row["sex"] == "man"
        else {"alone": 12, "family": 52, "friends": 21, "group": 15}
    )


def technology(dice: Dice, row: Row) -> None:
    """Phone and internet agree with the smartphone question; who used nothing used nothing."""
    if row["smartphone_internet"] == "yes":
        row["phone_type"] = dice.draw({"own": 78, "shared": 22})
        row["internet_journey"] = dice.draw({"always": 37, "sometimes": 63})
    elif row["tech_none"] == "yes":
        row["phone_type"] = dice.draw({"none": 60, "basic": 40})
        row["internet_journey"] = "never"
    else:
        row["phone_type"] = dice.draw({"basic": 52, "own": 26, "shared": 22})
        row["internet_journey"] = "sometimes" if row["phone_type"] == "basic" and dice.chance(0.2) else "never"
    online = row["tech_none"] == "no"
    row["sm_use"] = "yes" if row["social_media"] == "yes" or (online and dice.chance(0.55)) else "no"
    used = ["social_networks"] if row["sm_use"] == "yes" else []
    for key, chance in (("messaging", 0.7), ("maps", 0.5), ("video", 0.3), ("transfer", 0.16), ("calls", 0.55)):
        used += [key] if online and dice.chance(chance) else []
    row["tech_used"] = " ".join(used or ["calls" if online else "none"])


def several(dice: Dice, question: str, factor: float = 1.0) -> str:
    """Options of a question with several answers; at least the likeliest one, or "none" where it is offered."""
    keys = [option.key for option in next(q for q in QUESTIONS if q.name == question).options]
    found = [
        key for key, chance in zip(keys, CHANCES[question], strict=False) if dice.chance(min(chance * factor, 0.97))
    ]
    return " ".join(found or [keys[-1] if keys[-1] == "none" else keys[0]])


def answers(dice: Dice, row: Row) -> None:
    """The questions that are routed, and those with missing kinds."""
    row["reasons"] = several(dice, "reasons")
    row["platforms"] = several(dice, "platforms") if row["sm_use"] == "yes" else ""
    talkative = 1.06 if row["sex"] == "man" else 0.92
    row["phone_purpose"] = several(dice, "phone_purpose", talkative) if row["phone_type"] != "none" else ""
    row["info_before"] = several(dice, "info_before")
    row["info_during"] = several(dice, "info_during")
    row["smuggler_used"] = dice.draw({"yes": 46, "no": 44, "dont_know": 3, "refused": 7})
    asked = row["smuggler_used"] == "yes"
    contact = {"family": 39, "approached": 21, "was_approached": 19, "online": 18, "refused": 3}
    row["smuggler_contact"] = dice.draw(contact) if asked else ""
    row["smuggler_services"] = several(dice, "smuggler_services") if asked else ""
    paid = {"cash": 48, "transfer": 19, "online": 8, "family": 14, "not_yet": 5, "dont_know": 2, "refused": 4}
    row["payment_method"] = dice.draw(paid) if asked else ""
    fraud = {"yes": 14, "no": 79, "dont_know": 3, "refused": 4}
    row["fraud_online"] = dice.draw(fraud) if row["tech_none"] == "no" and not dice.chance(0.02) else ""


def weigh(dice: Dice, rows: list[Row]) -> None:
    """Synthetic weights: unequal by site and person, then raked so that the published shares hold."""
    sites = {site: 0.55 + 0.9 * dice.random() for site in sorted({row["site"] for row in rows})}
    weights = [sites[row["site"]] * (0.7 + 0.6 * dice.random()) for row in rows]
    targets = {"tech_none": {"yes": 0.181, "no": 0.819}, "smartphone_internet": {"yes": 0.64, "no": 0.36}}
    plan = {("man", "yes"): 0.61 * 0.47, ("man", "no"): 0.61 * 0.53,
            ("woman", "yes"): 0.39 * 0.35, ("woman", "no"): 0.39 * 0.65}  # fmt: skip
    for _ in range(60):
        for name, shares in targets.items():
            weights = raked(weights, [row[name] for row in rows], shares)
        weights = raked(weights, [(row["sex"], row["social_media"]) for row in rows], plan)
    for row, weight in zip(rows, weights, strict=True):
        row["weight"] = f"{weight:.3f}"


def raked(weights: list[float], keys: list, shares: dict) -> list[float]:
    """Weights whose sums by key are the shares of the number of respondents."""
    sums = {key: sum(w for w, k in zip(weights, keys, strict=True) if k == key) for key in shares}
    return [w * shares[k] * len(weights) / sums[k] for w, k in zip(weights, keys, strict=True)]


def make() -> list[Row]:
    dice = Dice(SEED)
    rows = people(dice)
    for number, row in enumerate(rows, 1):
        row["resp_id"] = f"R{number:03d}"
        for part in (journey, background, technology, answers):
            part(dice, row)
    weigh(dice, rows)
    return rows


def share(rows: list[Row], name: str, value: str, weighted: bool) -> float:
    weights = [float(row["weight"]) if weighted else 1.0 for row in rows]
    return sum(w for w, row in zip(weights, rows, strict=True) if row[name] == value) / sum(weights)


def check(rows: list[Row]) -> None:
    """Every published fact, weighted and unweighted; stops with the one that fails."""
    men, women = ([row for row in rows if row["sex"] == sex] for sex in ("man", "woman"))
    facts = [("smartphone_internet", rows, 64), ("social_media", men, 47), ("social_media", women, 35),
             ("tech_none", rows, 18)]  # fmt: skip
    for weighted in (False, True):
        for name, group, percent in facts:
            found = 100 * share(group, name, "yes", weighted)
            require(int(found + 0.5) == percent, f"{name} is {found:.2f}%, not {percent}%")
        for name, value in (("tech_journey", "yes"), ("tech_none", "no")):
            bands = {
                band: share([row for row in rows if row["age_group"] == band], name, value, weighted)
                for band in ("18-25", "26-35", "36-45", "46+")
            }
            require(max(bands, key=bands.__getitem__) == "26-35" and bands["26-35"] > 0.5, f"{name}: most {bands}")
            require(min(bands, key=bands.__getitem__) == "46+", f"{name}: least {bands}")
    require(len(rows) == 531, "531 respondents")
    require(sum(int(row["age"]) < 40 for row in men) >= 266, "men under 40 are most")
    require(sum(row["phone_type"] != "none" for row in rows) > 266, "most have a phone")
    for question, keys in (("phone_purpose", ["relatives", "maps", "news", "entertainment"]),
                           ("platforms", ["whatsapp", "facebook", "tiktok", "telegram"]),
                           ("reasons", ["insecurity", "work", "political"])):  # fmt: skip
        counts = [sum(key in row[question].split() for row in rows) for key in keys]
        require(counts == sorted(counts, reverse=True) and len(set(counts)) == len(counts), f"{question}: {counts}")
    talk = [row["sex"] for row in rows if "relatives" in row["phone_purpose"].split()]
    require(talk.count("man") * 2 > len(talk), "relatives: mostly men")
    sites = {(row["country_interview"], row["site"]) for row in rows}
    require(all(sum(c == country for c, _ in sites) >= 2 for country in SITES), "two sites a country")


def require(holds: bool, message: str) -> None:
    if not holds:
        raise SystemExit(f"the example does not hold: {message}")


def as_csv(rows: list[Row]) -> str:
    """Labels in English, dummies of a question with several answers beside their parent, blank where not asked."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([name for question in QUESTIONS for name in csv_columns(question)])
    for row in rows:
        writer.writerow([cell for question in QUESTIONS for cell in csv_cells(question, row)])
    return out.getvalue()


def csv_columns(question: Question) -> list[str]:
    dummies = question.options if question.kind == "multiple" else ()
    return [question.name, *(f"{question.name}/{option.key}" for option in dummies)]


def csv_cells(question: Question, row: Row) -> list[str]:
    value = row[question.name]
    if question.kind == "multiple":
        chosen = value.split()
        return [value, *("" if not value else str(int(o.key in chosen)) for o in question.options)]
    labels = {option.key: option.en for option in question.options}
    return [labels.get(value, value)]


def labels_csv() -> str:
    """The questionnaire in two languages: one row an answer."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "label_en", "label_es", "asked", "code", "level", "level_en", "level_es"])
    for question in QUESTIONS:
        head = [question.name, question.en, question.es, question.asked]
        for option in question.options:
            writer.writerow([*head, option.code, option.key, option.en, option.es])
        if not question.options:
            writer.writerow([*head, "", "", "", ""])
    return out.getvalue()


def write_sav(rows: list[Row], path: Path) -> None:
    """The same answers as codes with labels, missing kinds and multiple-response sets."""
    import pandas as pd
    import pyreadstat

    data: dict[str, list[object]] = {}
    labels: dict[str, str] = {}
    values: dict[str, dict[float, str]] = {}
    missing: dict[str, list[float]] = {}
    measure: dict[str, str] = {}
    sets: list[tuple[str, str, list[str]]] = []
    for question in QUESTIONS:
        if question.kind == "multiple":
            names = [f"{question.name}_{option.key}" for option in question.options]
            sets.append((question.name, question.en, names))
            for name, option in zip(names, question.options, strict=True):
                data[name] = [dummy(row[question.name], option.key) for row in rows]
                labels[name] = option.en
                values[name], measure[name] = {0.0: "Not chosen", 1.0: "Chosen"}, "nominal"
            continue
        codes = {option.key: float(option.code) for option in question.options}
        data[question.name] = [sav_value(question, row[question.name], codes) for row in rows]
        labels[question.name] = question.en
        measure[question.name] = "scale" if question.kind == "number" else "nominal"
        if question.options:
            values[question.name] = {float(option.code): option.en for option in question.options}
            missing[question.name] = [float(option.code) for option in question.options if option.missing]
    missing = {name: codes for name, codes in missing.items() if codes}
    with tempfile.TemporaryDirectory() as folder:
        aside = Path(folder) / "transit.sav"
        pyreadstat.write_sav(
            pd.DataFrame(data), aside, file_label="SYNTHETIC example after IOM 2023", column_labels=labels,
            variable_value_labels=values, missing_ranges=missing, variable_measure=measure, row_compress=True,
            variable_format={"interview_date": "A10"},
        )  # fmt: skip
        path.write_bytes(with_sets(fixed_date(aside.read_bytes()), sets))


def dummy(chosen: str, key: str) -> float | None:
    return float(key in chosen.split()) if chosen else None


def sav_value(question: Question, value: str, codes: dict[str, float]) -> object:
    if question.kind == "number":
        return float(value)
    return codes.get(value) if codes else value


def fixed_date(content: bytes) -> bytes:
    """The header's creation date and time made constant."""
    return content[:92] + b"08 Feb 2310:00:00"[:17] + content[109:]


def with_sets(content: bytes, sets: list[tuple[str, str, list[str]]]) -> bytes:
    """Insert the dictionary record of multiple-response sets (type 7, subtype 7) before the dictionary's end."""
    end, short = dictionary(content)
    lines = []
    for name, label, names in sets:
        text = label.encode()
        members = " ".join(short[each] for each in names)
        lines.append(b"$%s=D1 1 %d %s %s\n" % (name.encode(), len(text), text, members.encode()))
    body = b"".join(lines)
    return content[:end] + struct.pack("<4i", 7, 7, 1, len(body)) + body + content[end:]


def dictionary(content: bytes) -> tuple[int, dict[str, str]]:
    """Where the dictionary ends (its record 999), and each variable's short name."""
    at, short = 176, {}
    while True:
        (kind,) = struct.unpack_from("<i", content, at)
        if kind == 999:
            return at, short
        if kind == 2:
            width, label, gaps = struct.unpack_from("<3i", content, at + 4)
            name = content[at + 24 : at + 32].decode().strip()
            if width >= 0:
                short.setdefault(name, name)
            at += 32
            if label:
                (size,) = struct.unpack_from("<i", content, at)
                at += 4 + (size + 3) // 4 * 4
            at += 8 * abs(gaps)
        elif kind == 3:
            (count,) = struct.unpack_from("<i", content, at + 4)
            at += 8
            for _ in range(count):
                at += 8 + (content[at + 8] + 1 + 7) // 8 * 8
            (count,) = struct.unpack_from("<i", content, at + 4)
            at += 8 + 4 * count
        elif kind == 7:
            subtype, size, count = struct.unpack_from("<3i", content, at + 4)
            body = content[at + 16 : at + 16 + size * count]
            if subtype == 13:
                pairs = (pair.split("=") for pair in body.decode().split("\t"))
                short.update({long.strip("\0"): name for name, long in pairs})
            at += 16 + size * count
        else:
            raise SystemExit(f"unknown record {kind} in the .sav at byte {at}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the files that are here; write nothing")
    parser.add_argument("--to", type=Path, default=HERE, help="folder to write to")
    given = parser.parse_args()
    rows = make()
    check(rows)
    texts = {"transit.csv": as_csv(rows), "labels.csv": labels_csv()}
    if given.check:
        for name, text in texts.items():
            require((HERE / name).read_text(encoding="utf-8") == text, f"{name} is not what the script makes")
        return
    for name, text in texts.items():
        (given.to / name).write_text(text, encoding="utf-8", newline="")
    write_sav(rows, given.to / "transit.sav")


if __name__ == "__main__":
    main()
