"""Reference answers of R's survey package asked again of surveytool, row by row.

``python tests/golden/scoreboard.py`` prints how many agree; the tests assert it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import surveytool as st
from surveytool.estimate.result import Row
from surveytool.survey import Level
from surveytool.tabulation import tabulate

SHARED = Path(__file__).resolve().parents[3] / "shared" / "golden_api"
HERE = Path(__file__).resolve().parent / "data"
STATISTICS = ("mean", "proportion", "total", "ratio")
METHODS = {"logit": "logit", "beta": "beta", "asin": "arcsine", "mean": "wald"}
ZERO = 1e-9
MARGINS = {"ps": ("stype",), "rk": ("stype", "sch.wide"), "cl": ("stype", "api99"), "cr": ("stype", "api99"),
           "cb": ("stype", "api99")}  # fmt: skip
COLUMNS = {"ps": "poststratify", "rk": "rake", "cl": "linear", "cr": "raking_ratio", "cb": "logit_0.5_2"}


@dataclass(frozen=True)
class Pair:
    """One row of R's and the same row of ours; ``explained`` says why they may differ."""

    case: str
    statistic: str
    theirs: dict[str, Any]
    ours: Row
    explained: str = ""

    def agrees(self, *, relative: float = 1e-9) -> bool:
        """Estimate and standard error agree; both zero but for floating noise counts."""
        if self.ours.estimate is None or self.ours.se is None:
            return False
        size = abs(self.theirs["estimate"])
        same_estimate = abs(self.ours.estimate - self.theirs["estimate"]) <= relative * size + 1e-15
        gap = abs(self.ours.se - self.theirs["se"])
        return same_estimate and gap <= max(relative * self.theirs["se"], 1e-13 * max(size, 1.0))


def folder() -> Path:
    """The full reference where it is, else the part that the project holds."""
    return SHARED if (SHARED / "golden.json").is_file() else HERE


@lru_cache(maxsize=1)
def cases() -> list[dict[str, Any]]:
    """Every case; in those with calibrated weights R's own weights are a column of the data."""
    every: list[dict[str, Any]] = json.loads((folder() / "golden.json").read_text(encoding="utf-8"))["cases"]
    return every


def names(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)


def design_of(given: dict[str, Any], df: float | None = None) -> st.Design:
    replicates = None
    if "replicate_weights" in given:
        rscales = given["rscales"]
        replicates = st.Replicates(
            columns=(given["replicate_weights"],),
            method=given["type"].lower(),
            scale=given["scale"],
            rscales=tuple(rscales) if isinstance(rscales, list) else (rscales,),
            mse=given["mse"],
            combined=given["combined"],
        )
    calibration = given.get("calibration")
    return st.Design(
        weights="calibrated" if calibration else given.get("weights"),
        calibrated=None
        if calibration is None
        else st.Calibrated(margins=MARGINS[calibration], base_weights=given["weights"], raked=calibration == "rk"),
        strata=given.get("strata"),
        psu=names(given.get("psu")),
        fpc=names(given.get("fpc")),
        lonely_psu=given.get("lonely_psu", "fail"),
        replicates=replicates,
        df=df,
    )


@lru_cache(maxsize=32)
def survey_of(dataset: str, design: str) -> st.Survey:
    """The data with a design; calibrated weights stand in a file of their own."""
    given = json.loads(design)
    path = folder() / f"{dataset}.csv"
    if "calibration" not in given:
        return st.read(path, design=design_of(given))
    import pyarrow as pa

    with (folder() / f"{dataset}_calibrated_weights.csv").open(encoding="utf-8", newline="") as file:
        weights = [float(row[COLUMNS[given["calibration"]]]) for row in csv.DictReader(file)]
    frame = st.read(path).frame.append_column("calibrated", pa.array(weights))
    return st.read(frame, design=design_of(given), kinds={"api99": "number"})


def pairs(statistic: str) -> Iterator[Pair]:
    """Every row of one statistic, R's beside ours, at the degrees of freedom that R used."""
    for case in cases():
        if case["request"]["stat"] == statistic:
            yield from _pairs(case)


def _pairs(case: dict[str, Any]) -> Iterator[Pair]:
    asked = case["request"]
    by = names(asked.get("by"))
    survey = survey_of(case["dataset"], json.dumps(case["design"]))
    variable = asked.get("variable") or asked["numerator"]
    stat = f"ratio:{asked['denominator']}" if asked["stat"] == "ratio" else asked["stat"]
    survey = _declared(survey, variable, case)
    given = replace(survey, design=replace(survey.design, df=case["rows"][0]["df"]))
    request = st.Request(
        variable=variable, by=(by,) if by else (), statistic=stat, where=asked.get("domain"), interval="wald",
        total=not by,
    )  # fmt: skip
    rows = tabulate(given, [request]).estimates[0].rows
    found = {(tuple(row.by.get(name) for name in by), row.level): row for row in rows}
    category = survey.codebook[variable].kind == "single"
    for row in case["rows"]:
        level = row["level"].removeprefix(variable) if category else None
        ours = found[tuple(str(row[name]) for name in by), level]
        empty = "R prints 0 for a group without respondents" if ours.n == 0 and row["estimate"] == 0 else ""
        yield Pair(case["id"], asked["stat"], row, ours, empty)


def _declared(survey: st.Survey, variable: str, case: dict[str, Any]) -> st.Survey:
    """R's factor may have a level that no row of the csv holds; declare it."""
    question = survey.codebook[variable]
    if question.kind != "single":
        return survey
    texts = [row["level"].removeprefix(variable) for row in case["rows"]]
    more = [text for text in dict.fromkeys(texts) if text not in {str(level.code) for level in question.levels}]
    if not more:
        return survey
    levels = (*question.levels, *(Level(code=text, label=text) for text in more))
    book = st.Codebook({**survey.codebook, variable: replace(question, levels=levels)})
    return replace(survey, codebook=book)


def intervals() -> Iterator[tuple[str, str, dict[str, Any], Row]]:
    """R's svyciprop rows and ours: case, our method, theirs, ours."""
    for case in cases():
        if case["request"]["stat"] != "proportion_ci":
            continue
        variable, _, value = case["request"]["expression"].partition("==")
        survey = survey_of(case["dataset"], json.dumps(case["design"]))
        for row in case["rows"]:
            method = METHODS.get(row["method"])
            if method is None:
                continue
            given = replace(survey, design=replace(survey.design, df=row["df"]))
            rows = tabulate(given, [st.Request(variable=variable, interval=method)]).estimates[0].rows
            yield case["id"], method, row, next(each for each in rows if each.level == value.strip('"'))
