"""Declared missing codes of portable files: what R's haven reads with ``user_na = TRUE`` (written out below)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import surveytool as st
from surveytool.reading import portable


def written(path: Path) -> Path:
    """A file of the library with records put in: 8 and 9 to the highest missing in Q, "NA" in T, labels of Q."""
    frame = pd.DataFrame({"Q": [1, 2, 8, 9, np.nan, 1, -9, 2.5], "T": ["a", "b", "NA", "a", "", "b", "b", "a"],
                          "W": np.arange(1.0, 9)})  # fmt: skip
    pyreadstat.write_por(frame, str(path))
    signs = path.read_bytes().replace(b"\r\n", b"").replace(b"\n", b"")
    for before, record in ((b"1/T", b"88/A9/"), (b"1/W", b"82/NA")):
        place = signs.rindex(b"7", 0, signs.index(before))
        signs = signs[:place] + record + signs[place:]
    place = signs.index(b"F", signs.index(b"1/W"))
    signs = signs[:place] + b"D1/1/Q3/1/3/Yes8/A/Don't know9/7/Refused" + signs[place:]
    lines = [signs[first : first + 80].ljust(80, b"Z") for first in range(0, len(signs), 80)]
    path.write_bytes(b"\r\n".join(lines) + b"\r\n")
    return path


def test_declared_codes_are_missing_kinds_and_no_blanks(tmp_path: Path) -> None:
    survey = st.read(written(tmp_path / "missing.por"))
    question, text = survey.codebook["Q"], survey.codebook["T"]
    assert [(level.code, level.label, level.missing, level.count) for level in question.levels] == [
        (8.0, "Don't know", "dont_know", 1), (9.0, "Refused", "refused", 1)
    ]  # fmt: skip
    assert (question.n, question.n_missing, text.n, text.n_missing) == (5, 3, 6, 2)
    assert not any(each.code == "portable_missing" for each in survey.notes)
    (row,) = st.summarize(survey, "Q", stat="mean").rows
    assert (row.estimate, row.n) == (pytest.approx(-0.5), 5)  # 1, 2, 1, -9 and 2.5


def test_every_cell_is_what_the_library_reads(tmp_path: Path) -> None:
    """Numbers to the base of 30 and texts, against the library where nothing is declared missing."""
    rng = np.random.default_rng(3)
    numbers = np.concatenate([rng.normal(0, 10.0**power, 20) for power in range(-8, 15, 3)])
    frame = pd.DataFrame({"A": numbers, "B": [f"t{place % 7}" for place in range(len(numbers))]})
    pyreadstat.write_por(frame, str(tmp_path / "a.por"))
    read, _ = pyreadstat.read_por(str(tmp_path / "a.por"))
    cells = portable._File(portable._signs((tmp_path / "a.por").read_bytes())).cells(["A", "B"])
    assert cells["B"] == frame["B"].tolist()
    assert np.allclose(np.array(cells["A"], dtype=float), read["A"].to_numpy(), rtol=1e-12)
