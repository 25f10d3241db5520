"""The default interval's rule is the one that the simulation justifies, and the page says what the simulation finds."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from benchmarks import coverage

from surveytool.estimate import interval

PAGE = Path(coverage.__file__).with_suffix(".md").read_text(encoding="utf-8")


def lines() -> dict[tuple[str, int, float], dict[str, float]]:
    """Coverage in percent of every method on every line of the page."""
    found: dict[tuple[str, int, float], dict[str, float]] = {}
    names: list[str] = []
    for line in PAGE.splitlines():
        cells = [each.strip() for each in line.strip("|").split("|")]
        if cells[0] == "design":
            names = cells[3:]
        elif cells[0] in coverage.DESIGNS:
            percents = [float(each.partition(" ")[0]) for each in cells[3:]]
            found[cells[0], int(cells[1]), float(cells[2])] = dict(zip(names, percents, strict=True))
    return found


def test_the_page_has_every_design_size_and_share_and_every_method() -> None:
    asked = {(d, n, p) for d in coverage.DESIGNS for n in coverage.SIZES for p in coverage.SHARES}
    assert set(lines()) == asked and len(asked) == 60
    assert all(set(line) == set(interval.INTERVALS) for line in lines().values())


def test_the_default_is_never_below_93_percent_where_another_method_is_not() -> None:
    floor = 100 * coverage.FLOOR
    failed = [key for key, line in lines().items() if line[interval.DEFAULT] < floor <= max(line.values())]
    assert failed == []
    assert any(line["wald"] < floor for line in lines().values()), "the simulation tells methods apart"


def test_the_page_tells_the_rule_that_the_code_has() -> None:
    assert interval.DEFAULT == "auto"
    said = re.sub(r"\s+", " ", PAGE)
    assert f"where fewer than {interval.FEW:g} effective respondents gave the answer" in said
    shares = interval.Shares(
        estimate=np.array([0.05, 0.3, 0.95]), se=np.array([0.02, 0.04, 0.02]), df=np.full(3, 99.0),
        n=np.full(3, 100.0), level=0.95,
    )  # fmt: skip
    few = interval.extreme(shares)
    assert few.tolist() == [True, False, True]
    for bound in (0, 1):
        wanted = np.where(few, interval.nchs(shares)[bound], interval.logit(shares)[bound])
        np.testing.assert_allclose(interval.auto(shares)[bound], wanted, rtol=1e-12)


@pytest.mark.parametrize(("design", "size", "share"), [("simple", 50, 0.1), ("clustered", 100, 0.05)])
def test_a_fresh_simulation_finds_what_the_page_says(design: str, size: int, share: float) -> None:
    draws = 2000
    fresh = coverage.simulate(design, share, size, draws, np.random.default_rng(7))
    for name, percent in lines()[design, size, share].items():
        noise = 100 * 5 * (max(percent, 50) / 100 * (1.005 - percent / 100) / draws) ** 0.5
        assert fresh.covered[name] * 100 == pytest.approx(percent, abs=max(noise, 0.5)), name
