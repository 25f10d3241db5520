"""An invented sample with non-response, made anew from a seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa


def sample(n: int = 600, seed: int = 4) -> Any:
    """A table of a stratified, clustered sample in which the young answer less often."""
    draw = np.random.default_rng(seed)
    unit = draw.integers(0, 24, n)
    age = draw.choice(["18-29", "30-49", "50+"], n, p=[0.4, 0.35, 0.25])
    answered = draw.uniform(size=n) < np.where(age == "18-29", 0.5, 0.8)
    return pa.table({
        "w0": draw.uniform(1, 4, n),
        "stratum": [f"s{place % 6}" for place in unit], "psu": [f"p{place}" for place in unit],
        "sex": draw.choice(["female", "male"], n, p=[0.45, 0.55]), "age": age,
        "status": np.where(draw.uniform(size=n) < 0.05, "moved", "here"),
        "result": np.where(answered, "done", "refused"), "works": draw.choice(["no", "yes"], n),
    })  # fmt: skip


STEPS = """
[[weights.steps]]
kind = "eligibility"
where = "status == 'here'"
[[weights.steps]]
kind = "nonresponse"
respondent = "result == 'done'"
cells = ["age"]
[[weights.steps]]
kind = "calibrate"
margins = {sex = {female = 0.52, male = 0.48}, age = {"18-29" = 0.35, "30-49" = 0.35, "50+" = 0.3}}
[[weights.steps]]
kind = "trim"
high = 1.9
low = 0.3
"""
HEAD = """
[study]
title = "Invented"
[data]
path = "people.csv"
[design]
strata = "stratum"
psu = ["psu"]
[weights]
base = "w0"
name = "w"
compare = ["works"]
"""
