"""Random surveys whose design is said in two ways: by its PSUs, and by their own jackknife as replicate weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

import surveytool as st

KINDS = {"y": "number", "x": "number", "k": "number", "bin": "number", "c": "single", "g": "single", "age": "single",
         "dom": "single"}  # fmt: skip
STANDARD = {"old": 0.2, "mid": 0.5, "young": 0.3}


@dataclass(frozen=True)
class Drawn:
    """A survey as columns, its strata if any, and the same design as replicate weights."""

    columns: dict[str, list[Any]]
    stratified: bool
    psus: int

    def survey(self, design: st.Design) -> st.Survey:
        return st.read(pa.table(self.columns), design=design, kinds=KINDS)

    def by_psus(self) -> st.Survey:
        return self.survey(st.Design(weights="w", psu=("psu",), strata="h" if self.stratified else None))

    def by_replicates(self, **changed: Any) -> st.Survey:
        method = "jkn" if self.stratified else "jk1"
        return self.survey(st.Design(weights="w", replicates=st.Replicates(columns=("r*",), method=method, **changed)))

    def changed(self, **columns: list[Any]) -> Drawn:
        return replace(self, columns={**self.columns, **columns})

    def reordered(self, order: np.ndarray) -> Drawn:
        return replace(self, columns={name: [values[at] for at in order] for name, values in self.columns.items()})


def draw(seed: int, *, stratified: bool | None = None, psus: int | None = None) -> Drawn:
    """A survey of 12 to 40 PSUs with clustered answers; the domain "in" is three fifths of them."""
    dice = np.random.default_rng(seed)
    stratified = bool(dice.integers(2)) if stratified is None else stratified
    strata = int(dice.integers(2, 5)) if stratified else 1
    each = max(2, (psus or int(dice.integers(12, 41))) // strata)
    sizes = dice.integers(3, 9, size=strata * each)
    psu = np.repeat(np.arange(strata * each), sizes)
    h = psu // each
    shift = dice.normal(0, 4, size=strata * each)[psu]
    n = len(psu)
    w = np.round(dice.uniform(0.5, 4, n), 3)
    y = np.round(50 + shift + dice.normal(0, 12, n), 3)
    columns: dict[str, list[Any]] = {
        "w": w.tolist(), "psu": psu.tolist(), "h": [f"h{at}" for at in h], "y": y.tolist(),
        "x": np.round(dice.uniform(5, 9, n) + shift / 8, 3).tolist(),
        "k": dice.poisson(np.exp(0.8 + shift / 20)).tolist(),
        "bin": (dice.random(n) < 1 / (1 + np.exp(-shift / 5))).astype(float).tolist(),
        "c": dice.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2]).tolist(), "g": dice.choice(["u", "v", "w"], n).tolist(),
        "age": dice.choice(["mid", "old", "young"], n).tolist(),
        "dom": dice.choice(["in", "out"], n, p=[0.6, 0.4]).tolist(),
    }  # fmt: skip
    for out in range(strata * each):
        factor = np.where(h == out // each, each / (each - 1), 1.0)
        columns[f"r{out:03d}"] = (w * np.where(psu == out, 0.0, factor)).tolist()
    return Drawn(columns=columns, stratified=stratified, psus=strata * each)
