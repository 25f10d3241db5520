"""What a comparison of groups answers: tests of association, contrasts of pairs, trends.

Each takes one question's cells in one breakdown; groups without respondents are
left out. p values are adjusted over the pairs of one level, as SPSS does in the
rows of a table.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Cells, Tally
from surveytool.errors import UsageError
from surveytool.estimate import association, contrast
from surveytool.estimate.association import TwoWay
from surveytool.estimate.change import changes
from surveytool.estimate.contrast import Contrast, Groups
from surveytool.estimate.freedom import together
from surveytool.estimate.result import Test
from surveytool.estimate.statistic import Statistic
from surveytool.frozen import frozen
from surveytool.notes import Note, note

if TYPE_CHECKING:
    from surveytool.arrays import Floats


Level = tuple[str | None, str | None]  # an answer's label and code; both None for numbers

TESTS = (*association.NAMES, "t", "rank", "trend", "difference", "ratio")
NO_LEVEL = (None, None)
OF_CATEGORIES = ("rao-scott-f", "difference")
OF_NUMBERS = ("t", "wald", "difference")


@frozen
class Comparison:
    """What to test: names of tests (None: the usual ones for the variable), and how pairs are adjusted.

    ``change`` sets each round against another (``estimate.change``) of the variable ``rounds``.
    """

    tests: tuple[str, ...] | None = None
    adjust: str = "holm"
    change: str | int | None = None
    rounds: str | None = None


@frozen
class Scene:
    """One question in one breakdown, with the groups that have respondents and their labels."""

    tally: Tally
    cells: Cells
    statistic: Statistic
    kept: list[int]

    def test(self, name: str, **values: object) -> Test:
        """A test of this scene."""
        request = self.tally.request
        names = self.cells.breakdown.names
        plain = Test(table=self.tally.id, variable=request.variable, by=names, test=name, n=self.n(self.kept))
        return replace(plain, **values)  # type: ignore[arg-type]

    def n(self, groups: list[int]) -> int:
        """Respondents in the groups."""
        return int(self.cells.n[groups].sum())

    def df(self, groups: list[int]) -> float:
        """Degrees of freedom of a comparison of these groups."""
        chosen = np.zeros(len(self.cells.n), dtype=bool)
        chosen[groups] = True
        return together(self.cells, chosen)

    def levels(self) -> list[tuple[int, Level]]:
        """Levels that somebody chose: (place, (label, code)); one without both for numbers."""
        if not self.tally.levels:
            return [(0, NO_LEVEL)]
        counts = self.cells.count
        assert counts is not None
        return [(r, level) for r, level in enumerate(self.tally.levels) if counts[:, r].any()]


def compare(tally: Tally, statistic: Statistic, comparison: Comparison) -> list[Test]:
    """Every test of a question, breakdown by breakdown.

    Raises ``UsageError`` where fewer than two groups have respondents.
    """
    tests: list[Test] = []
    for cells in tally.cells:
        if not cells.breakdown.names:
            continue
        kept = [g for g, n in enumerate(cells.n) if n > 0]
        title = " × ".join(cells.breakdown.labels)
        if cells.breakdown.overlapping:
            raise UsageError(
                f"{title}: a respondent may be in several of these groups, so they are not compared.", "--by",
                "Compare who is in a group with who is not, by a variable with these two answers.",
            )  # fmt: skip
        if len(kept) < 2:
            raise UsageError(f"{title} has fewer than two groups with respondents.", "--by", "Name another breakdown.")
        scene = Scene(tally=tally, cells=cells, statistic=statistic, kept=kept)
        _require(scene, comparison.tests)
        tests += _scene(scene, comparison)
    return tests


def _require(scene: Scene, names: tuple[str, ...] | None) -> None:
    """A question that none of the tests asked for is made for is refused: nothing would be said of it."""
    two = ("t",) if len(scene.kept) == 2 else ()
    fit = (*(association.NAMES if scene.tally.levels else (*two, "wald", "rank")), "trend", "difference", "ratio")
    if names and not set(names) & set(fit):
        what = "answers" if scene.tally.levels else f"numbers of {len(scene.kept)} groups"
        raise UsageError(
            f"{', '.join(names)} does not compare {what} ({scene.tally.request.variable}).", "--test",
            f"Write one of: {', '.join(fit)}",
        )  # fmt: skip


def _scene(scene: Scene, comparison: Comparison) -> Iterator[Test]:
    category = bool(scene.tally.levels)
    names = (OF_CATEGORIES if category else OF_NUMBERS) if comparison.tests is None else comparison.tests
    if category:
        yield from _associations(scene, tuple(name for name in names if name in association.NAMES))
    for index, level in scene.levels():
        groups = contrast.groups(scene.cells, scene.statistic, index)
        if not category:
            yield from _numbers(scene, groups, names, both=comparison.tests is not None)
        yield from _pairs(scene, groups, level, comparison, names)
        yield from _changes(scene, groups, level, comparison)
        if "trend" in names:
            yield _trend(scene, index, level)


def _associations(scene: Scene, names: tuple[str, ...]) -> Iterator[Test]:
    for (label, code), table in _tables(scene):
        outcomes = association.associations(table, names)
        for name in names:
            outcome = outcomes.get(name)
            if outcome is None:
                why = association.why_none(table, name)
                yield scene.test(name, level=label, level_code=code, reason=why)
                continue
            values = {"statistic": outcome.statistic, "df1": outcome.df1, "df2": outcome.df2, "p": _p(outcome.p)}
            yield scene.test(name, level=label, level_code=code, **values)


def _tables(scene: Scene) -> Iterator[tuple[Level, TwoWay]]:
    """Groups by levels; for a question with several answers one table an option: chosen or not."""
    cells = scene.cells
    groups, depth, moments = cells.first.shape[1:]
    n, df = scene.n(scene.kept), scene.df(scene.kept)
    if not scene.tally.multiple:
        maps = np.eye(groups * depth).reshape(groups * depth, groups, depth, 1)
        yield NO_LEVEL, TwoWay(cells=cells, maps=maps, rows=groups, columns=depth, n=n, df=df)
        return
    for index, level in scene.levels():
        maps = np.zeros((groups, 2, groups, 1, moments))
        every = np.arange(groups)
        maps[every, 0, every, 0, index + 1] = 1.0
        maps[every, 1, every, 0, 0] = 1.0
        maps[every, 1, every, 0, index + 1] = -1.0
        maps = maps.reshape(groups * 2, groups, 1, moments)
        yield level, TwoWay(cells=cells, maps=maps, rows=groups, columns=2, n=n, df=df)


def _numbers(scene: Scene, groups: Groups, names: tuple[str, ...], *, both: bool) -> Iterator[Test]:
    """Tests of a mean: t for two groups, Wald's F for more; of two groups ``both`` where both were asked for."""
    df = scene.df(scene.kept)
    two = len(scene.kept) == 2 and "t" in names
    if two:
        a, b = scene.kept
        difference = contrast.difference(groups, (a, b), df - 1, scene.tally.request.level)
        yield _contrast(scene, "t", NO_LEVEL, (a, b), difference)
    if "wald" in names and (both or not two):
        yield from _joint(scene, "wald", groups, df)


def _joint(scene: Scene, name: str, groups: Groups, df: float) -> Iterator[Test]:
    outcome = contrast.all_equal(groups, scene.kept, df)
    if outcome is None:
        yield scene.test(name, reason="df" if df < len(scene.kept) else "singular")
        return
    statistic, df1, df2, p = outcome
    yield scene.test(name, statistic=statistic, df1=df1, df2=df2, p=_p(p))


def unfit(tally: Tally, statistic: Statistic, names: Sequence[str]) -> Iterator[Test]:
    """Tests that were asked for and are not for this question, each with the reason."""
    for cells in tally.cells:
        if cells.breakdown.names:
            kept = [g for g, n in enumerate(cells.n) if n > 0]
            scene = Scene(tally=tally, cells=cells, statistic=statistic, kept=kept)
            for name in names:
                of_numbers = "groups" if name == "t" else "numbers"
                yield scene.test(name, reason="answers" if tally.levels else of_numbers)


def test_notes(tests: list[Test]) -> list[Note]:
    """What a reader must know of the tests of one question: where one difference has two p values."""
    twice = {test.by for test in tests if test.test == "t"} & {test.by for test in tests if test.test == "difference"}
    return [note("t_and_difference")] if twice else []


def rank(tally: Tally, statistic: Statistic) -> Iterator[Test]:
    """Design-based rank tests (Lumley and Scott 2013; R ``svyranktest``): Wilcoxon for two groups, else Kruskal-Wallis.

    The tally's values are estimated population ranks over the population's size.
    """
    for cells in tally.cells:
        if not cells.breakdown.names:
            continue
        kept = [g for g, n in enumerate(cells.n) if n > 0]
        scene = Scene(tally=tally, cells=cells, statistic=statistic, kept=kept)
        groups = contrast.groups(cells, statistic, 0, linear=True)
        df = scene.df(kept)
        if len(kept) == 2:
            a, b = kept
            difference = contrast.difference(groups, (a, b), df - 1, tally.request.level)
            yield _contrast(scene, "rank", NO_LEVEL, (a, b), difference)
        else:
            yield from _joint(scene, "rank", groups, df)


def _pairs(
    scene: Scene, groups: Groups, level: Level, comparison: Comparison, names: tuple[str, ...]
) -> Iterator[Test]:
    """Differences and ratios of every pair, first named group against later ones.

    Degrees of freedom are those of all groups together, as in R.
    """
    confidence = scene.tally.request.level
    pairs = list(combinations(scene.kept, 2))
    for name, function in (("difference", contrast.difference), ("ratio", contrast.ratio)):
        if name not in names:
            continue
        df = scene.df(scene.kept)
        contrasts = [function(groups, pair, df, confidence) for pair in pairs]
        p = contrast.adjusted([contrast_.p for contrast_ in contrasts], comparison.adjust)
        for pair, contrasted, value in zip(pairs, contrasts, p, strict=True):
            yield replace(_contrast(scene, name, level, pair, contrasted), p_adjusted=_p(value))


def _changes(scene: Scene, groups: Groups, level: Level, comparison: Comparison) -> Iterator[Test]:
    """Differences of rounds from earlier ones; what both have in common (people, PSUs) is in the covariance."""
    if comparison.change is None:
        return
    df = scene.df(scene.kept)
    for pair in changes(scene.cells.breakdown, scene.kept, comparison.change, comparison.rounds):
        difference = contrast.difference(groups, pair, df, scene.tally.request.level)
        yield _contrast(scene, "change", level, pair, difference)


def _trend(scene: Scene, index: int, level: Level) -> Test:
    groups = scene.cells.first.shape[1]
    scores = np.arange(1.0, groups + 1)
    maps = _outcome(scene, index)
    trend = contrast.trend(scene.cells, maps, scores, scene.df(scene.kept), scene.tally.request.level)
    order = tuple(", ".join(labels) for labels in scene.cells.breakdown.groups)
    return replace(_contrast(scene, "trend", level, None, trend), n=scene.n(scene.kept), order=order)


def _outcome(scene: Scene, index: int) -> tuple[Floats, Floats]:
    """Maps [G, G, K, M] from totals to each group's weighted count and sum of the outcome."""
    groups, depth, moments = scene.cells.first.shape[1:]
    every = np.arange(groups)
    counts, sums = np.zeros((2, groups, groups, depth, moments))
    counts[every, every, :, 0] = 1.0
    if scene.tally.multiple:
        sums[every, every, 0, index + 1] = 1.0
    elif scene.tally.levels:
        sums[every, every, index, 0] = 1.0
    else:
        sums[every, every, 0, 1], sums[every, every, 0, 0] = 1.0, scene.cells.shift
    return counts, sums


def _contrast(scene: Scene, name: str, level: Level, pair: tuple[int, int] | None, contrast: Contrast) -> Test:
    test = scene.test(
        name, level=level[0], level_code=level[1], statistic=_p(contrast.statistic), df1=1.0, df2=_p(contrast.df),
        p=_p(contrast.p), estimate=_p(contrast.estimate), se=_p(contrast.se), ci_low=_p(contrast.low),
        ci_high=_p(contrast.high),
        reason=None if math.isfinite(contrast.p) else "spread" if contrast.df > 0 else "df",
    )  # fmt: skip
    if pair is None:
        return test
    members = list(scene.cells.breakdown.members())
    (a, a_labels), (b, b_labels) = (members[group] for group in pair)
    return replace(test, groups=(", ".join(a_labels), ", ".join(b_labels)), pair=(a, b), n=scene.n(list(pair)))


def _p(value: float) -> float | None:
    """A finite number or None."""
    return float(value) if math.isfinite(value) else None
