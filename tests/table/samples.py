"""Estimates made by hand: every shape of table that a run can have."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from surveytool.estimate.result import BaseCount, Breakdown, Estimates, Results, Row
from surveytool.notes import Note, note
from surveytool.survey import Design, Provenance, Request

EVERYBODY = BaseCount(rows=531, domain=531, base=520, excluded=(("Don't know", 5), ("Refused", 2), ("(blank)", 4)))
SEX = Breakdown(names=("sex",), labels=("Sex",), groups=(("Male",), ("Female",)),
                codes=(("Male",), ("Female",)))  # fmt: skip
AGE = Breakdown(
    names=("age_group",), labels=("Age group",), groups=(("18-25",), ("26-35",), ("36-45",), ("46 and over",)),
    codes=(("18-25",), ("26-35",), ("36-45",), ("46 and over",)),
)  # fmt: skip
CROSSED = Breakdown(
    names=("sex", "age_group"),
    labels=("Sex", "Age group"),
    groups=tuple((sex, age) for (sex,) in SEX.groups for (age,) in AGE.groups),
    codes=tuple((sex, age) for (sex,) in SEX.groups for (age,) in AGE.groups),
)
PURPOSES = (
    "Talk to relatives", "GPS and maps", "News about routes", "Entertainment",
    "Contact with smugglers or other intermediaries", "Look for work", "Other",
)  # fmt: skip


def breakdown(name: str, label: str, groups: Sequence[str]) -> Breakdown:
    codes = tuple((group,) for group in groups)
    return Breakdown(names=(name,), labels=(label,), groups=codes, codes=codes)


def share(variable: str, level: str, by: Mapping[str, str], estimate: float, n: int, **changes: object) -> Row:
    """A plausible row; ``changes`` replace any of its fields."""
    se = math.sqrt(max(estimate * (1 - estimate), 0.0) / max(n, 1))
    values: dict[str, object] = {
        "table": variable, "variable": variable, "level": level, "level_code": level, "by": dict(by),
        "by_code": dict(by),
        "estimate": estimate, "se": se, "ci_low": max(estimate - 2 * se, 0.0),
        "ci_high": min(estimate + 2 * se, 1.0), "df": float(n - 1), "deff": 1.1,
        "cv": se / max(estimate, 0.01), "count": round(estimate * n), "n": n, "n_weighted": n * 1.01,
        "ci_method": "logit",
    }  # fmt: skip
    return Row(**{**values, **changes})  # type: ignore[arg-type]


def groups_of(breakdowns: Sequence[Breakdown], total: bool = True) -> list[dict[str, str]]:
    found: list[dict[str, str]] = [{}] if total else []
    return found + [dict(zip(each.names, group, strict=True)) for each in breakdowns for group in each.groups]


def shares(
    variable: str, label: str, levels: Sequence[str], breakdowns: Sequence[Breakdown] = (), *,
    notes: Sequence[Note] = (), rows: Sequence[Row] | None = None, base: BaseCount = EVERYBODY,
    multiple: bool = False, where: str | None = None,
) -> Estimates:  # fmt: skip
    """A table of proportions; each figure differs from every other."""
    made = [
        share(variable, level, by, ((17 * i + 31 * j + 11) % 97 + 0.5) / 100, 531 if not by else 60 + 7 * i)
        for i, by in enumerate(groups_of(breakdowns))
        for j, level in enumerate(levels)
    ]
    return Estimates(
        id=variable,
        request=Request(variable=variable, by=tuple(each.names for each in breakdowns), where=where),
        label=label,
        statistic="proportion",
        ci_method="logit",
        rows=tuple(made if rows is None else rows),
        base=base,
        breakdowns=tuple(breakdowns),
        levels=tuple(levels),
        codes=tuple(levels),
        multiple=multiple,
        notes=tuple(notes),
    )


def means(
    breakdowns: Sequence[Breakdown] = (), statistic: str = "mean", estimate: float = 31.4, se: float = 0.43
) -> Estimates:
    rows = [
        Row(
            table="age",
            variable="age",
            by=by,
            by_code=by,
            estimate=estimate + i,
            se=se,
            ci_low=estimate + i - 2 * se,
            ci_high=estimate + i + 2 * se,
            df=50.5,
            count=520 - i,
            n=520 - i,
            n_weighted=520.0,
            ci_method="t",
        )
        for i, by in enumerate(groups_of(breakdowns))
    ]
    return Estimates(
        id="age", request=Request(variable="age", by=tuple(each.names for each in breakdowns)), label="Age",
        statistic=statistic, ci_method="t", unit="years", rows=tuple(rows), breakdowns=tuple(breakdowns),
        base=BaseCount(rows=531, domain=531, base=520, excluded=(("(blank)", 11),)),
    )  # fmt: skip


def paths() -> Estimates:
    """Ways of travellers from stage to stage."""
    ways = {"VEN>PAN>USA": "Venezuela → Panama → United States", "VEN>other>USA": "Venezuela → Other → United States",
            "HTI>PAN>unknown": "Haiti → Panama → Unknown"}  # fmt: skip
    shown = (0.62, 0.27, 0.11)
    rows = [
        share("journey", label, {}, estimate, 531, level_code=code)
        for (code, label), estimate in zip(ways.items(), shown, strict=True)
    ]
    made = shares("journey", "Journey", tuple(ways.values()), rows=rows)
    return replace(made, codes=tuple(ways), stages=("Origin", "Stop 1", "Destination"))


def results(*estimates: Estimates, notes: Sequence[Note] = (), design: Design | None = None) -> Results:
    return Results(
        estimates=estimates,
        source=Provenance(path="transit.sav", sha256="ab" * 32, rows=531),
        design=design or Design(weights="weight", strata="country", psu=("site",)),
        notes=tuple(notes),
    )


def shapes() -> dict[str, Results]:
    """Every layout, by name."""
    route = breakdown("route", "Route of travel", [f"Corridor number {i}" for i in range(1, 13)])
    lost = [note("missing_by", variable="Route of travel", n=12)]
    yes_no = ("Yes", "No")
    return {
        "topline": results(shares("phone", "Had a smartphone", ("Yes, always", "Sometimes", "No"))),
        "two_levels": results(shares("plan", "Used networks to plan", yes_no, (SEX, AGE), notes=lost)),
        "one_group": results(shares("plan", "Plan", yes_no, (breakdown("one", "Only", ["All of us"]),))),
        "twelve_groups": results(shares("plan", "Plan", yes_no, (route,), notes=lost)),
        "crossed": results(shares("plan", "Plan", yes_no, (CROSSED,))),
        "multiple": results(
            shares("use", "What the phone was used for", PURPOSES, (SEX, AGE), multiple=True,
                   notes=[note("multiple_response"), note("none_chosen", n=31)]),
            notes=[note("zero_weights", n=2)],
        ),
        "many_by_twelve": results(shares("use", "What for", PURPOSES, (route, CROSSED), multiple=True)),
        "mean": results(means()),
        "mean_by": results(means((SEX, CROSSED)), design=Design()),
        "totals": results(means((AGE,), "total", 1234567.0, 34567.0)),
        "paths": results(paths()),
        "several": results(means(), shares("plan", "Plan", yes_no), notes=[note("no_weights")]),
    }  # fmt: skip
