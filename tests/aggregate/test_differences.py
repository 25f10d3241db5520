"""Whatever is asked of whatever data, a stream gives what rows in memory give: drawn at random, seeds in the names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from aggregate.respondents import differences, results

import surveytool as st
from surveytool.aggregate import cube, cube_plan, replicate_sums
from surveytool.stream import Stream, TableSource, coded_column, design_combinations
from surveytool.stream import stream as stream_module

Draw = np.random.Generator
Values = Callable[[Draw, int], Any]
NUMBERS: Mapping[str, Values] = {
    "few": lambda draw, n: draw.integers(-3, 7, n),
    "negative": lambda draw, n: np.round(draw.normal(0, 100, n), 2),
    "many": lambda draw, n: np.exp(draw.normal(5, 1, n)),
    "far apart": lambda draw, n: draw.choice([1, 2, 500, 1_500_000, 3_000_000, 99_999_999], n),
    "beyond floats": lambda draw, n: draw.integers(0, 9, n) + 2**60,
    "unsigned": lambda draw, n: draw.integers(0, 9, n).astype("u8") + np.uint64(2**63 + 5),
    "huge": lambda draw, n: draw.choice([0.0, 1.0, 1e70, 1e80, np.inf], n, p=[0.4, 0.4, 0.1, 0.05, 0.05]),
    "same": lambda draw, n: np.full(n, 2.5),
    "no number": lambda draw, n: np.where(draw.random(n) < 0.3, np.nan, draw.integers(1, 50, n)),
}
WORDS = (
    ("a", "b", "c"), ("1", "2", "10"), ("01", "1", "1.0"), ("é", "ñ ", "x y"), ("yes", "no", "NA"), ("", "a", " -"),
)  # fmt: skip
KNOBS = (
    (coded_column, "MOST_NUMBERS", (4096, 5, 30)),
    (coded_column, "MOST_TEXTS", (65_536, 4, 40)),
    (design_combinations, "DENSE", (1 << 22, 0)),
    (cube, "DENSE_PATTERNS", (1 << 15, 0, 20)),
    (replicate_sums, "MOST_SUMS", (1 << 21, 0, 300)),
    (cube_plan, "JOINT", (1 << 22, 0)),
    (cube_plan, "AT_ONCE", (1 << 24, 0)),
    (stream_module, "BLOCK", (1 << 18, 7, 33)),
)
OPTIONS = ("some", "of", "the")


class Drawn:
    """Respondents, a design and requests that follow from a seed."""

    def __init__(self, seed: int) -> None:
        self.draw = np.random.default_rng(seed)
        self.rows = self.one((3, 60, 150, 300))
        self.table = pa.table(self.columns())
        self.design = self.drawn_design()

    def one(self, choices: Any) -> Any:
        return choices[int(self.draw.integers(len(choices)))]

    def blank(self, values: Any) -> pa.Array:
        share = self.one((0, 0.05, 0.3))
        return pa.array(list(values), mask=self.draw.random(self.rows) < share)

    def columns(self) -> dict[str, pa.Array]:
        draw, rows = self.draw, self.rows
        weights = np.where(draw.random(rows) < 0.1, 0.0, np.round(draw.gamma(3, 0.4, rows) + 0.1, 4))
        stratum, psu = draw.integers(0, self.one((1, 3, 6)), rows), draw.integers(0, self.one((2, 5, 12)), rows)
        picks = draw.random((rows, 3)) < (0.5, 0.3, 0.15)
        made = {"w": pa.array(weights), "stratum": pa.array(stratum + 2**60)}
        made["psu"] = pa.array([f"p{each}" for each in psu]) if self.one((True, False)) else pa.array(psu)
        made |= {"fpc": pa.array(stratum * 10.0 + 60), "flag": self.blank(draw.integers(0, 2, rows).astype(bool))}
        made |= {name: self.blank(np.array(self.one(WORDS), dtype=object)[draw.integers(0, 3, rows)]) for name in "qr"}
        made |= {name: self.blank(NUMBERS[self.one(list(NUMBERS))](draw, rows)) for name in ("x", "y")}
        made |= {"code": self.blank(draw.choice([1, 2, 3, 99, -1], rows)), "who": self.blank(map(str, range(rows)))}
        made["media"] = pa.array([" ".join(np.array(OPTIONS)[row]) for row in picks])
        made |= {f"media/{word}": pa.array(picks[:, place].astype(int)) for place, word in enumerate(OPTIONS)}
        return made | {f"rw{place}": pa.array(draw.gamma(3, 0.4, rows) * weights) for place in range(8)}

    def drawn_design(self) -> st.Design:
        lonely = self.one(("fail", "remove", "certainty", "adjust", "average"))
        method = self.one(("brr", "fay", "jk1", "jkn", "bootstrap", "sdr"))
        weights = st.Replicates(columns=("rw*",), method=method, fay_rho=0.3 if method == "fay" else 0.0)
        plain = st.Design(weights=self.one(("w", "w", None)), lonely_psu=lonely)
        changes: Any = (
            {}, {"strata": "stratum"}, {"psu": ("psu",)}, {"strata": "stratum", "psu": ("psu",)},
            {"strata": "stratum", "psu": ("psu",), "fpc": ("fpc",)},
            {"weights": "w", "replicates": replace(weights, mse=self.one((None, True, False)))},
        )  # fmt: skip
        return replace(plain, **self.one(changes))

    def condition(self, deep: bool = True) -> str:
        if deep and self.draw.random() < 0.3:
            return f"{self.condition(False)} {self.one(('and', 'or', 'and not'))} {self.condition(False)}"
        name = self.one(("q", "flag", "code", "x", "y", "who", "media", "w", "stratum"))
        known = [each for each in self.table.column(name).to_pylist() if each is not None and np.isfinite(_size(each))]
        if not known or self.draw.random() < 0.15:
            return f"{name} is {self.one(('', 'not '))}missing"
        value = self.one(OPTIONS) if name == "media" else self.one(known)
        shown = repr(str(value)) if isinstance(value, (str, bool)) else repr(value)
        signs = ("==", "!=") if name in ("who", "media") else ("==", "!=", "<", "<=", ">", ">=")
        return self.one((f"{name} {self.one(signs)} {shown}", f"{name} in ({shown})", f"{name} not in ({shown})"))

    def request(self) -> st.Request:
        groups = ("q", "r", "flag", "code", "stratum", "media")
        crossed = [self.draw.permutation(groups)[: self.one((1, 1, 2))].tolist() for _ in range(self.one((0, 1, 2)))]
        asked = st.Request(
            variable=self.one((*groups, "x", "y")), by=tuple({tuple(names): None for names in crossed}),
            base=self.one(("answered", "asked", "all")), total=self.one((True, True, False)),
            where=self.condition() if self.draw.random() < 0.5 else None,
            interval=self.one((None, None, "logit", "wilson", "beta")),
        )  # fmt: skip
        if self.draw.random() < 0.5:
            return asked
        statistic = self.one(("mean", "total", "median", "p90", "ratio:y", "ratio:code"))
        return replace(asked, variable=self.one(("x", "y", "code", "w")), statistic=statistic, interval=None)


def _size(value: Any) -> float:
    return 0.0 if isinstance(value, str) else float(value)


def outcome(survey: st.Survey, asked: list[st.Request]) -> Any:
    try:
        return results(survey, asked)
    except st.SurveytoolError as error:
        return str(error)


@pytest.mark.parametrize("seed", range(150))
def test_a_stream_is_rows_in_memory(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = Drawn(seed)
    survey = st.read(drawn.table, design=drawn.design)
    asked = [each for each in (drawn.request() for _ in range(4)) if not isinstance(outcome(survey, [each]), str)]
    if not asked:
        pytest.skip("no request can be answered under this design (jkn without scales)")
    whole = outcome(survey, asked)
    for place, name, choices in KNOBS:
        monkeypatch.setattr(place, name, drawn.one(choices))
    names = drawn.table.column_names
    replicates = [name for name in names if name.startswith("rw") and drawn.design.replicates is not None]
    late = replicates if drawn.one((True, False)) else ()
    stream = Stream(
        TableSource(survey.frame), names, drawn.design, replicates, keep=drawn.one((0, 20_000, 10**9)), late=late
    )
    found = outcome(replace(survey, frame=stream), asked)
    assert found == whole if isinstance(whole, str) or isinstance(found, str) else differences(found, whole) == []


def test_most_of_what_is_drawn_can_be_answered() -> None:
    """Else the comparison would hold errors against errors."""
    answered = 0
    for seed in range(30):
        drawn = Drawn(seed)
        answered += not isinstance(outcome(st.read(drawn.table, design=drawn.design), [drawn.request()]), str)
    assert answered > 15
