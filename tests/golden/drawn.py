"""Random designs with their respondents, told to surveytool and to R."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import surveytool as st

SHAPES = ("element", "strata", "strata-fpc", "clusters", "fpc", "two-stage", "two-fraction", "three-stage",
          "replicates", "post-stratified", "calibrated")  # fmt: skip
STRATIFIED = ("strata", "strata-fpc", "clusters", "two-stage", "three-stage")
MARGINS = {"post-stratified": ("dom",), "calibrated": ("dom", "b")}
FPC = {
    "three-stage": ("n1", "n2", "n3"),
    "two-stage": ("n1", "n2"),
    "two-fraction": ("f1", "f2"),
    "fpc": ("n1",),
    "strata-fpc": ("size",),
}
PSU = {
    "three-stage": ("p", "q", "t"),
    "element": (),
    "strata": (),
    "strata-fpc": (),
    "two-stage": ("p", "q"),
    "two-fraction": ("p", "q"),
}
LONELY = ("fail", "remove", "certainty", "adjust", "average")
RULES = ("math", "school", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9")
QUANTILE_CI = {"wald": "mean", "logit": "xlogit", "beta": "beta", "arcsine": "asin"}
R_METHODS = {"brr": "BRR", "fay": "Fay", "jk1": "JK1", "jkn": "JKn", "bootstrap": "bootstrap", "other": "other"}
RESCALED = {"other": (1.0, 0.5), "bootstrap": (1.0, 0.5), "jkn": (0.5, 0.8)}
HEAD = ("case", "file", "id", "strata", "fpc", "lonely", "where", "method", "scale", "combined", "mse",
        "rule", "quantile_ci", "kinds", "margins")  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A drawn design: its rows, how R and surveytool are told of it, and what is asked."""

    number: int
    rows: list[dict[str, Any]]
    shape: str
    lonely: str
    where: bool
    method: str
    scale: float
    combined: bool
    mse: bool
    rule: str
    quantile_ci: str
    kinds: tuple[str, ...]

    @property
    def condition(self) -> str | None:
        return "dom == 'in'" if self.where else None

    def about(self, kind: str) -> str:
        """The case in a few words, for a disagreement."""
        how = f"{self.method} mse={self.mse}" if self.shape == "replicates" else self.lonely
        rule = f" {self.rule} {self.quantile_ci}" if kind == "quantile" else ""
        return f"{self.number} {self.shape} {how} where={self.where} {kind}{rule}"

    def inside(self, *names: str) -> list[dict[str, Any]]:
        """Respondents of the domain with an answer to the named variables."""
        return [
            row for row in self.rows
            if (not self.where or row["dom"] == "in") and all(row[name] is not None for name in names)
        ]  # fmt: skip

    def design(self) -> st.Design:
        if self.shape == "replicates":
            rescaled = RESCALED.get(self.method)
            given = st.Replicates(
                columns=("r*",), method=self.method, mse=self.mse, combined=self.combined,  # type: ignore[arg-type]
                scale={"jkn": 1.0}.get(self.method, self.scale) if rescaled else None,
                rscales=rescaled * 4 if rescaled else None, fay_rho=0.3 if self.method == "fay" else 0.0,
            )  # fmt: skip
            return st.Design(weights="w", replicates=given)
        margins = MARGINS.get(self.shape)
        tied = st.Calibrated(margins=margins, base_weights="w") if margins else None
        return st.Design(
            calibrated=tied, weights="w" if tied is None else "wc",
            strata="h" if self.shape in STRATIFIED else None, psu=PSU.get(self.shape, ("p",)),
            fpc=FPC.get(self.shape, ()), lonely_psu=self.lonely,  # type: ignore[arg-type]
        )  # fmt: skip

    def told_r(self, file: Path) -> list[object]:
        """The row of R's specification, by HEAD."""
        design = self.design()
        replicated = self.shape == "replicates"
        return [
            self.number, file, "replicates" if replicated else "~" + ("+".join(design.psu) or "1"),
            f"~{design.strata}" if design.strata else "-", "~" + "+".join(design.fpc) if design.fpc else "-",
            self.lonely, _yes(self.where), R_METHODS[self.method], self.scale, _yes(self.combined), _yes(self.mse),
            self.rule, QUANTILE_CI[self.quantile_ci], " ".join(self.kinds),
            "~" + "+".join(MARGINS[self.shape]) if self.shape in MARGINS else "-",
        ]  # fmt: skip


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def draw(number: int, dice: random.Random, kinds: tuple[str, ...], asked: int) -> Case:
    """One design with its respondents; strata sometimes have one PSU or all of them, groups sometimes nobody.

    With replicates R's quantiles have the interval "mean" (wald here) whatever is asked.
    """
    shape = dice.choice(SHAPES)
    lonely = dice.choice(LONELY)
    case = Case(
        number=number, rows=_rows(shape, dice), shape=shape, where=dice.random() < 0.4,
        lonely=lonely if shape != "element" else "fail", method=dice.choice(list(R_METHODS)),
        scale=round(dice.uniform(0.1, 1.0), 3), combined=dice.random() < 0.7, mse=dice.random() < 0.5,
        rule=dice.choice(RULES), quantile_ci="wald" if shape == "replicates" else dice.choice(list(QUANTILE_CI)),
        kinds=tuple(dice.sample(kinds, min(asked, len(kinds)))),
    )  # fmt: skip
    if shape in MARGINS:
        _calibrate(case.rows, MARGINS[shape], dice)
    if shape == "replicates":
        for row in case.rows:
            for place in range(8):
                factor = dice.uniform(0.3, 1.7)
                row[f"r{place}"] = round(row["w"] * factor if case.combined else factor, 4)
    return case


def _rows(shape: str, dice: random.Random) -> list[dict[str, Any]]:
    strata = dice.randint(1, 5) if shape in STRATIFIED else 1
    missing = dice.choice([0.0, 0.1])
    rows: list[dict[str, Any]] = []
    psus = {h: 1 if dice.random() < 0.12 and strata > 1 else dice.randint(2, 6) for h in range(strata)}
    total = sum(psus.values())
    for h, count in psus.items():
        whole = dice.random() < 0.1 and strata > 1  # every PSU of the stratum was taken
        n1 = count if whole else (count if strata > 1 else total) * 3 + h
        for p in range(count):
            seconds = dice.randint(1 if shape == "three-stage" else 2, 4)
            whole2 = shape == "three-stage" and dice.random() < 0.2
            for q in range(seconds):
                thirds = dice.randint(1, 4)
                for number in range(thirds * dice.randint(1, 2) if shape == "three-stage" else thirds):
                    rows.append({"h": f"s{h}", "p": p, "q": q, "t": number % thirds, "n1": n1,
                                 "n2": seconds if whole2 else seconds * 2 + 1, "n3": thirds * 3,
                                 **_answers(dice, p, missing)})  # fmt: skip
    sizes = {h: sum(row["h"] == h for row in rows) for h in {row["h"] for row in rows}}
    for row in rows:
        row["size"] = sizes[row["h"]] * 4
    return rows


def _calibrate(rows: list[dict[str, Any]], margins: tuple[str, ...], dice: random.Random) -> None:
    """Weights ``wc`` that meet margins near the sample's own: post-stratified, or by the linear distance of two."""
    import numpy as np

    w = np.array([row["w"] for row in rows])
    columns = [np.ones(len(rows))]
    for name in margins:
        levels = sorted({row[name] for row in rows})
        columns += [np.array([float(row[name] == level) for row in rows]) for level in levels[1:]]
    x = np.stack(columns, axis=1)
    moved = np.array([1.3, *(dice.uniform(1.1, 1.5) for _ in columns[1:])]) - 1.3
    factor = np.zeros(len(rows))
    while factor.min() <= 0.1:  # margins so far from the sample's that a weight would be negative are drawn nearer
        wanted = x.T @ w * (1.3 + moved)
        factor = 1 + x @ np.linalg.solve(x.T @ (w[:, None] * x), wanted - x.T @ w)
        moved = moved / 2
    for row, value in zip(rows, w * factor, strict=True):
        row["wc"] = float(value)


def _answers(dice: random.Random, p: int, missing: float) -> dict[str, Any]:
    return {
        "w": round(dice.uniform(0.5, 9), 3),
        "y": None if dice.random() < missing else round(dice.gauss(50 + 5 * p, 20), 3),
        "x": round(dice.uniform(5, 9), 3),
        "c": None if dice.random() < missing else dice.choice("abc"),
        "grp": dice.choice("uvw"),
        "k": dice.randint(1, 12), "many": dice.choices("defgh", (0.55, 0.25, 0.12, 0.06, 0.02))[0],
        "dom": dice.choice(["in", "in", "out"]), "f1": 0.25, "f2": 0.5, "b": dice.choice("mn"),
    }  # fmt: skip
