"""A report of several statistics: one table of them, and no sentence that tells one as another."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_no_statistic_is_told_as_another(run: Run, tmp_path: Path, example: Path) -> None:
    study, target = tmp_path / "s.toml", tmp_path / "r.html"
    study.write_text(
        f'[data]\npath = "{example / "transit.sav"}"\n[design]\nweights = "weight"\n'
        '[[tables]]\nvariable = "age"\nstatistic = ["mean", "sd", "min", "count"]\nby = ["sex"]\n'
        '[[tables]]\nvariable = "weeks_travel"\nstatistic = "sd"\n'
        '[[tables]]\nvariable = "education"\npercent = "row"\nby = ["sex"]\n',
        encoding="utf-8",
    )
    assert run("report", study, "-o", target).status == 0
    text = re.sub(r"<[^>]+>", " ", target.read_text(encoding="utf-8"))
    assert re.findall(r"The mean is ([\d.]+)", text) == ["32.67"]
    assert "most frequent answer" not in text and "weighted_" not in text
    assert len(re.findall(r"<caption>", target.read_text(encoding="utf-8"))) == 3
