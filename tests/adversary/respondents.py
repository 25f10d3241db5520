"""Random surveys and the tables that are asked of them, chosen so that a weakness would show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

KINDS = (
    "weighted", "personal", "stratified", "clustered", "replicate", "routed", "standardised", "blanks", "flag",
    "several", "ledger", "rounding", "dominated",
)  # fmt: skip

LATER = ("statistics", "raked", "households", "domains")
FIRST_LATER = 1_000_000


@dataclass(slots=True)
class Study:
    """One survey: its columns, what the questionnaire allows, and the commands that are run on it.

    ``spaces`` are the values of each variable, None where somebody left it blank.
    ``weight`` is (variable, weights by its level), or of two variables, ``"person"`` for weights
    of each respondent, None for none.
    """

    seed: int
    kind: str
    columns: dict[str, list[Any]]
    spaces: dict[str, list[Any]]
    commands: list[list[str]]
    weight: Any = None
    strata: str | None = None
    psu: str | None = None
    toml: str = ""
    standard: dict[str, float] = field(default_factory=dict)
    standard_by: str | None = None
    route: list[str] = field(default_factory=list)
    ledger: bool = False


def study(seed: int) -> Study:
    """The study of a seed: kinds take turns, those of later attacks from a million on."""
    kinds = LATER if seed >= FIRST_LATER else KINDS
    kind = kinds[seed % len(kinds)]
    made: Study = MAKERS[kind](seed, np.random.default_rng([seed, 7]))
    return made


def _base(random: np.random.Generator, rows: int, *, groups: int | None = None) -> dict[str, list[Any]]:
    """q by g and h: answers that some groups give rarely."""
    groups = groups or int(random.integers(2, 4))
    names = [f"G{place}" for place in range(groups)]
    g = random.choice(groups, size=rows, p=random.dirichlet(np.full(groups, 4.0)))
    rare = random.permutation(np.r_[random.uniform(0.02, 0.08), random.uniform(0.15, 0.6, groups - 1)])
    q = np.where(random.random(rows) < rare[g], "Yes", "No")
    if random.random() < 0.4:
        q = np.where(random.random(rows) < 0.2, "Maybe", q)
    h = random.choice(["a", "b", "c"][: int(random.integers(2, 4))], size=rows)
    return {"q": [str(x) for x in q], "g": [names[x] for x in g], "h": [str(x) for x in h]}


def _spaces(columns: dict[str, list[Any]], names: list[str]) -> dict[str, list[Any]]:
    found = {}
    for name in names:
        values = set(columns[name])
        found[name] = sorted(x for x in values if x is not None) + ([None] if None in values else [])
    return found


def _rows(random: np.random.Generator) -> int:
    return int(random.integers(50, 260))


def _weights(random: np.random.Generator, columns: dict[str, list[Any]], by: str = "g") -> tuple[str, dict[str, float]]:
    """Weights that are constant within the groups, as after post-stratification."""
    found = {name: round(float(random.uniform(0.4, 2.2)), 2) for name in sorted(set(columns[by]))}
    columns["w"] = [found[name] for name in columns[by]]
    return by, found


def _tables(random: np.random.Generator) -> list[str]:
    """Which variables and breakdowns."""
    asked = ["q", "g"] if random.random() < 0.7 else ["q"]
    by = ["--by", "g"] + (["--by", "h"] if random.random() < 0.4 else [])
    return ["summarize", "{data}", *asked, *by, "--protect"]


def weighted(seed: int, random: np.random.Generator) -> Study:
    columns = _base(random, _rows(random))
    weight = _weights(random, columns)
    command = [*_tables(random), "-w", "w"]
    return Study(seed, "weighted", columns, _spaces(columns, ["q", "g", "h"]), [command], weight=weight)


def personal(seed: int, random: np.random.Generator) -> Study:
    columns = _base(random, _rows(random))
    columns["w"] = [round(float(x), 3) for x in random.uniform(0.3, 3.0, len(columns["q"]))]
    command = [*_tables(random), "-w", "w"]
    return Study(seed, "personal", columns, _spaces(columns, ["q", "g", "h"]), [command], weight="person")


def stratified(seed: int, random: np.random.Generator) -> Study:
    columns = _base(random, _rows(random))
    weight = _weights(random, columns) if random.random() < 0.4 else None
    command = [*_tables(random), "--strata", "g", *(["-w", "w"] if weight else [])]
    return Study(seed, "stratified", columns, _spaces(columns, ["q", "g", "h"]), [command], weight=weight, strata="g")


def clustered(seed: int, random: np.random.Generator) -> Study:
    columns = _base(random, _rows(random), groups=int(random.integers(3, 6)))
    command = [*_tables(random), "--psu", "g", "--dominance", "1"]
    return Study(seed, "clustered", columns, _spaces(columns, ["q", "g", "h"]), [command], psu="g")


def replicate(seed: int, random: np.random.Generator) -> Study:
    columns = _base(random, _rows(random))
    weight = _weights(random, columns)
    part = random.integers(0, 8, len(columns["q"]))
    for place in range(8):
        columns[f"rw{place}"] = [
            0.0 if part[row] == place else round(w * 8 / 7, 6) for row, w in enumerate(columns["w"])
        ]
    command = [*_tables(random), "-w", "w", "--replicate-weights", "rw*", "--replicate-method", "jk1"]
    return Study(seed, "replicate", columns, _spaces(columns, ["q", "g", "h"]), [command], weight=weight)


PLACES = ("CO", "PA", "CR", "EC")


def routed(seed: int, random: np.random.Generator) -> Study:
    rows = _rows(random)
    shares = random.permutation(np.r_[random.uniform(0.01, 0.05), random.uniform(0.3, 0.7, 3)])
    gone = random.random((rows, 4)) < shares
    stops = [[PLACES[x] for x in range(4) if line[x]] for line in gone]
    columns: dict[str, list[Any]] = {"o": ["VE"] * rows}
    for place in range(4):
        columns[f"r{place + 1}"] = [each[place] if len(each) > place else None for each in stops]
    columns["d"] = [str(x) for x in random.choice(["US", "MX"], size=rows)]
    columns["_stops"] = ["+".join(each) for each in stops]
    command = ["summarize", "{data}", "j.stops", "j.length", "--route", "j: o > r* > d?", "--protect"]
    return Study(seed, "routed", columns, {name: [0, 1] for name in PLACES}, [command], route=list(PLACES))


def standardised(seed: int, random: np.random.Generator) -> Study:
    columns = _base(random, _rows(random), groups=3)
    names = sorted(set(columns["g"]))
    shares = dict(zip(names, (0.5, 0.3, 0.2), strict=False))
    told = ", ".join(f"{name}={share}" for name, share in shares.items())
    toml = (
        '[study]\ntitle="t"\nmigrants=true\n[data]\npath="data.csv"\n[design]\nsample="probability"\n'
        '[[tables]]\nid="plain"\nvariable="q"\nby=["g"]\n[[tables]]\nid="groups"\nvariable="g"\n'
        f'[[tables]]\nid="std"\nvariable="q"\nstandardize="g: {told}"\n'
    )
    return Study(
        seed, "standardised", columns, _spaces(columns, ["q", "g"]), [["summarize", "{toml}"]], toml=toml,
        standard=shares, standard_by="g",
    )  # fmt: skip


def blanks(seed: int, random: np.random.Generator) -> Study:
    columns = _base(random, _rows(random))
    for row in random.choice(len(columns["g"]), size=int(random.integers(1, 5)), replace=False):
        columns["g"][row] = None
    if random.random() < 0.5:
        for row in random.choice(len(columns["q"]), size=int(random.integers(1, 4)), replace=False):
            columns["q"][row] = None
    asked = ["q", "g"] if random.random() < 0.5 else ["q"]
    command = ["summarize", "{data}", *asked, "--by", "g", "--protect"]
    return Study(seed, "blanks", columns, _spaces(columns, ["q", "g", "h"]), [command])


def flag(seed: int, random: np.random.Generator) -> Study:
    columns = _base(random, _rows(random))
    share = random.choice([0.02, 0.05, 0.1, 0.3])
    columns["f"] = [int(x) for x in random.random(len(columns["q"])) < share]
    columns["f"][0] = 1
    by = ["--by", "g"] if random.random() < 0.6 else []
    commands = [["summarize", "{data}", "f", "--stat", "mean", *by, "--kind", "f=number", "--protect"]]
    return Study(seed, "flag", columns, _spaces(columns, ["f", "g"]), commands)


def several(seed: int, random: np.random.Generator) -> Study:
    columns = _base(random, _rows(random))
    tables = ['variable="q"\nby=["g"]', 'variable="g"\nby=["h"]', 'variable="q"\nby=["g:h"]', 'variable="h"',
              'variable="q"\nwhere="g != \'G0\'"', 'variable="q"\nby=["h"]']  # fmt: skip
    kept = [tables[0], *[each for each in tables[1:] if random.random() < 0.5]]
    weight = _weights(random, columns) if random.random() < 0.5 else None
    toml = '[study]\ntitle="t"\nmigrants=true\n[data]\npath="data.csv"\n[design]\nsample="probability"\n'
    toml += 'weights="w"\n' if weight else ""
    toml += "".join(f"[[tables]]\n{each}\n" for each in kept)
    return Study(
        seed, "several", columns, _spaces(columns, ["q", "g", "h"]), [["summarize", "{toml}"]], toml=toml,
        weight=weight,
    )  # fmt: skip


def ledger(seed: int, random: np.random.Generator) -> Study:
    columns = _base(random, _rows(random), groups=3)
    first = ["summarize", "{data}", "q", "--protect", "--ledger", "{ledger}"]
    runs = [first, [*first[:3], "--where", "g != 'G2'", *first[3:]]]
    if random.random() < 0.5:
        runs.append([*first[:3], "--by", "g", *first[3:]])
    order = random.permutation(len(runs))
    return Study(seed, "ledger", columns, _spaces(columns, ["q", "g", "h"]), [runs[x] for x in order], ledger=True)


def rounding(seed: int, random: np.random.Generator) -> Study:
    columns = _base(random, _rows(random))
    weight = _weights(random, columns) if random.random() < 0.3 else None
    command = [*_tables(random), "--protect-method", "rounding", *(["-w", "w"] if weight else [])]
    return Study(seed, "rounding", columns, _spaces(columns, ["q", "g", "h"]), [command], weight=weight)


def dominated(seed: int, random: np.random.Generator) -> Study:
    columns = _base(random, _rows(random))
    pay = np.round(random.lognormal(6, 1.2, len(columns["q"])), 2)
    if random.random() < 0.6:
        pay[int(random.integers(0, len(pay)))] = round(float(pay.sum() * random.uniform(2, 40)), 2)
    columns["pay"] = [float(x) for x in pay]
    stats = [["--stat", str(each)] for each in ("total", "mean", "median", "p95", "p10")]
    chosen = stats[int(random.integers(0, len(stats)))]
    by = ["--by", "g"] if random.random() < 0.5 else []
    command = ["summarize", "{data}", "pay", *chosen, *by, "--protect"]
    return Study(seed, "dominated", columns, _spaces(columns, ["g"]), [command])


def _study(tables: list[str], weight: bool) -> str:
    head = '[study]\ntitle="t"\nmigrants=true\n[data]\npath="data.csv"\n[design]\nsample="probability"\n'
    return head + ('weights="w"\n' if weight else "") + "".join(f"[[tables]]\n{each}\n" for each in tables)


def statistics(seed: int, random: np.random.Generator) -> Study:
    """The same answers as percentages, weighted totals and counts."""
    columns = _base(random, _rows(random))
    weight = _weights(random, columns)
    tables = ['variable="q"\nby=["g"]', 'variable="q"\nstatistic="total"\nby=["g"]', 'variable="q"\nby=["h"]',
              'variable="g"\nstatistic="total"', 'variable="q"\nstatistic="total"\nby=["h"]']  # fmt: skip
    kept = [tables[0], *[each for each in tables[1:] if random.random() < 0.6]]
    return Study(
        seed, "statistics", columns, _spaces(columns, ["q", "g", "h"]), [["summarize", "{toml}"]],
        toml=_study(kept, True), weight=weight,
    )  # fmt: skip


def raked(seed: int, random: np.random.Generator) -> Study:
    """Weights that are a product of two variables' factors, both printed."""
    columns = _base(random, _rows(random))
    factors = {x: random.uniform(0.5, 2.0) for x in sorted({*columns["g"], *columns["h"]})}
    pairs = sorted(set(zip(columns["g"], columns["h"], strict=True)))
    found = {(g, h): round(float(factors[g] * factors[h]), 3) for g, h in pairs}
    columns["w"] = [found[pair] for pair in zip(columns["g"], columns["h"], strict=True)]
    tables = ['variable="q"\nby=["g", "h"]', 'variable="g"\nby=["h"]', 'variable="q"\nby=["g:h"]']
    kept = [tables[0], *[each for each in tables[1:] if random.random() < 0.5]]
    return Study(
        seed, "raked", columns, _spaces(columns, ["q", "g", "h"]), [["summarize", "{toml}"]], toml=_study(kept, True),
        weight=(("g", "h"), found),
    )  # fmt: skip


def households(seed: int, random: np.random.Generator) -> Study:
    """Weights that are small whole numbers."""
    columns = _base(random, _rows(random))
    columns["w"] = [float(x) for x in random.integers(1, 5, len(columns["q"]))]
    command = [*_tables(random), "-w", "w"]
    return Study(seed, "households", columns, _spaces(columns, ["q", "g", "h"]), [command], weight="person")


def domains(seed: int, random: np.random.Generator) -> Study:
    """Several conditions on the same question, also weighted."""
    columns = _base(random, _rows(random))
    weight = _weights(random, columns) if random.random() < 0.5 else None
    tables = ['variable="q"', 'variable="q"\nwhere="g != \'G0\'"', 'variable="q"\nwhere="g == \'G0\'"',
              'variable="q"\nwhere="h != \'a\'"', 'variable="q"\nby=["h"]', 'variable="g"\nby=["h"]']  # fmt: skip
    kept = [tables[0], *[each for each in tables[1:] if random.random() < 0.6]]
    return Study(
        seed, "domains", columns, _spaces(columns, ["q", "g", "h"]), [["summarize", "{toml}"]],
        toml=_study(kept, weight is not None), weight=weight,
    )  # fmt: skip


MAKERS = {
    name: globals()[name]
    for name in (*KINDS, *LATER)
}  # fmt: skip
