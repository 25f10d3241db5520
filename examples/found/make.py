"""The invented population of this folder and what is drawn of it: python examples/found/make.py writes every file anew.

20,000 people of a town. ``online.csv`` are those who answered a call on social media, the young and the connected more
often; ``survey.csv`` is a probability sample by street (the reference); ``drawn.csv`` a stratified sample of streets in
which some did not answer. ``truth.csv`` is what all 20,000 would have said. Nobody here is a real person.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
PEOPLE, STREETS, SEED = 20_000, 200, 20_261_130


def population() -> dict[str, Any]:
    """A column a variable."""
    draw = np.random.default_rng(SEED)
    street = np.sort(draw.integers(0, STREETS, PEOPLE))
    tilt = draw.normal(0, 0.5, STREETS)[street]
    age = draw.choice(["18-29", "30-44", "45+"], PEOPLE, p=[0.3, 0.36, 0.34])
    sex = draw.choice(["female", "male"], PEOPLE)
    young = (age == "18-29") * 1.0 + (age == "30-44") * 0.4
    legal = np.where(chosen(draw, -0.2 + 0.5 * tilt + 0.3 * young), "permit", "none")
    works = np.where(
        chosen(draw, -0.6 + 0.9 * (legal == "permit") + 0.7 * young + 0.3 * (sex == "male") + tilt), "yes", "no"
    )
    return {"street": street, "district": street // 50, "age": age, "sex": sex, "legal": legal, "works": works}


def chosen(draw: np.random.Generator, u: Any) -> Any:
    """Who is drawn with the logistic chance of u."""
    return draw.uniform(size=len(u)) < 1 / (1 + np.exp(-u))


def write(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A csv file in this folder."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def online(people: dict[str, Any]) -> None:
    """Who answered a call on social media: nobody drew them."""
    draw = np.random.default_rng(SEED + 1)
    young = (people["age"] == "18-29") * 1.3 + (people["age"] == "30-44") * 0.6
    own = np.flatnonzero(chosen(draw, -4.6 + young + 0.8 * (people["legal"] == "permit")))
    names = ("age", "sex", "legal", "works")
    write("online.csv", names, zip(*(people[name][own] for name in names), strict=True))


def survey(people: dict[str, Any]) -> None:
    """The reference: 40 of the 200 streets, 10 people in each."""
    draw = np.random.default_rng(SEED + 2)
    rows = []
    for street in np.sort(draw.choice(STREETS, 40, replace=False)):
        there = np.flatnonzero(people["street"] == street)
        taken = np.sort(draw.choice(there, 10, replace=False))
        weight = round(STREETS / 40 * len(there) / 10, 4)
        rows += [(street, weight, *(people[name][one] for name in ("age", "sex", "legal"))) for one in taken]
    write("survey.csv", ("street", "w", "age", "sex", "legal"), rows)


def drawn(people: dict[str, Any]) -> None:
    """A sample of its own: 12 streets in each of four districts, 12 people in each; the young answer less often."""
    draw = np.random.default_rng(SEED + 3)
    rows = []
    for district in range(4):
        for street in np.sort(draw.choice(np.arange(50) + 50 * district, 12, replace=False)):
            there = np.flatnonzero(people["street"] == street)
            weight = round(50 / 12 * len(there) / 12, 4)
            for one in np.sort(draw.choice(there, 12, replace=False)):
                lost = draw.uniform() < {"18-29": 0.5, "30-44": 0.3, "45+": 0.15}[str(people["age"][one])]
                told = ("", "") if lost else (people["legal"][one], people["works"][one])
                fixed = (people["age"][one], people["sex"][one])
                rows.append((district, street, weight, *fixed, "refused" if lost else "done", *told))
    write("drawn.csv", ("district", "street", "w0", "age", "sex", "result", "legal", "works"), rows)


def main() -> None:
    """Every file, and the truth."""
    people = population()
    online(people)
    survey(people)
    drawn(people)
    truth = [(name, level, round(float((people[name] == level).mean()), 6))
             for name in ("age", "sex", "legal", "works") for level in np.unique(people[name])]  # fmt: skip
    write("truth.csv", ("variable", "level", "value"), truth)


if __name__ == "__main__":
    main()
