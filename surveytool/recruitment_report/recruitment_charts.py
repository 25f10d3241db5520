"""Pictures of a sample by recruitment: estimates as the waves came in, estimates of each seed's tree, and the trees.

A line that is still moving at the right has not converged; trees whose lines end far apart are a bottleneck: who is
reached depends on the seed (Gile, Johnston and Salganik 2015). The trees show who recruited whom and nobody's answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from surveytool.charts.chart_data import Axis, Chart, Datum
from surveytool.charts.drawing_tools import DrawingTools
from surveytool.charts.page import page
from surveytool.charts.paint import paint
from surveytool.charts.scale import Scale, scale, tick_text
from surveytool.charts.scene import Body, Line, Mark
from surveytool.charts.theme import theme as theme_named
from surveytool.recruitment_report.diagnosis import Diagnosis
from surveytool.recruitment_report.question_diagnosis import QuestionDiagnosis
from surveytool.table import table_words
from surveytool.text import Words

TALL = 150.0
LEFT = 34.0
WIDE = 3  # radius of a point
CHARTS = ("convergence", "bottleneck", "tree")


def draw_diagnosis(
    diagnosis: Diagnosis, words: Words, kind: str, format: str, theme: str = "plain"
) -> dict[str, bytes]:
    """The charts of a kind by the name of a file: one a question, or the trees."""
    look = theme_named(theme)
    tools = DrawingTools(theme=look, width=look.width - 2 * look.margin)
    source = table_words.source(diagnosis.results, words)
    made: dict[str, tuple[str, Body]] = {}
    if kind == "tree":
        made["tree"] = (words.word("rds_tree"), _trees(diagnosis, tools))
    for given in diagnosis.questions if kind != "tree" else ():
        draw = _convergence if kind == "convergence" else _bottleneck
        made[f"{given.name}_{kind}"] = (f"{given.title}: {words.word(f'rds_{kind}')}", draw(given, tools, words))
    return {
        name: paint(page(_chart(name, title, source), body, look), format, title, title)
        for name, (title, body) in made.items()
    }  # fmt: skip


def _chart(name: str, title: str, source: str) -> Chart:
    return Chart(id=name, title=title, source=source)


def _convergence(given: QuestionDiagnosis, tools: DrawingTools, words: Words) -> Body:
    """A line an answer, from the seeds to the last wave."""
    waves = np.array(given.by_wave)
    labels = [level.label for level in given.levels]
    return _lines(tools, words, [(label, line) for label, line in zip(labels, waves.T, strict=True)], len(waves) - 1)


def _bottleneck(given: QuestionDiagnosis, tools: DrawingTools, words: Words) -> Body:
    """The first answer's estimate in each seed's tree, the largest first."""
    marks: list[Mark] = []
    values = [shares[0] for _, shares in given.by_seed]
    ruled = scale([Datum(value=value) for value in values], LEFT, tools.width - 40, zero=True, share=True)
    y = 8.0
    marks.append(tools.text(0, y, given.levels[0].label, bold=True))
    for (n, _), value in zip(given.by_seed, values, strict=True):
        y += 14.0
        marks.append(tools.text(LEFT - 6, y, f"n {n}", align="right", colour=tools.theme.muted))
        if np.isfinite(value):
            marks += [tools.rule(LEFT, y, tools.width - 40), tools.dot(ruled.at(value), y)]
            marks.append(tools.text(tools.width - 34, y, words.percent(value, 0)))
    overall = ruled.at(given.levels[0].estimate)
    marks.append(Line(x=overall, y=16, to_x=overall, to_y=y + 8, colour=tools.theme.ink, dashed=True))
    return Body(marks=tuple(marks), height=y + 12)


def _lines(
    tools: DrawingTools, words: Words, lines: Sequence[tuple[str, Sequence[float]]], last: int
) -> Body:  # fmt: skip
    """Shares over waves, each line named at its end."""
    room = tools.widest([name for name, _ in lines]) + 8
    values = [Datum(value=float(value)) for _, line in lines for value in line if np.isfinite(value)]
    up = scale(values, 0.0, TALL, zero=True, share=True)
    across = Scale(low=0.0, high=float(max(last, 1)), start=LEFT, stop=tools.width - room)
    axis = Axis(decimal=words.marks.decimal, percent=words.marks.percent)
    marks: list[Mark] = []
    for tick in up.ticks:
        y = TALL - up.at(tick) + 6
        marks += [tools.rule(LEFT, y, tools.width - room)]
        marks.append(tools.text(LEFT - 6, y, tick_text(tick, axis), align="right", colour=tools.theme.muted))
    for name, line in lines:
        points = [(across.at(at), TALL - up.at(float(v)) + 6) for at, v in enumerate(line) if np.isfinite(v)]
        marks += [
            Line(x=x, y=y, to_x=to_x, to_y=to_y, colour=tools.theme.accent, width=1.2)
            for (x, y), (to_x, to_y) in pairwise(points)
        ]
        marks += [tools.dot(x, y, radius=2.0) for x, y in points]
        marks.append(tools.text(points[-1][0] + 6, points[-1][1], name))
    for wave in range(0, last + 1, max(last // 10, 1)):
        marks.append(tools.text(across.at(wave), TALL + 16, str(wave), align="center", colour=tools.theme.muted))
    marks.append(tools.text(across.at(last / 2), TALL + 28, words.word("rds_wave"), align="center"))
    return Body(marks=tuple(marks), height=TALL + 36)


def _trees(diagnosis: Diagnosis, tools: DrawingTools) -> Body:
    """Who recruited whom: seeds at the top, a row a wave; the width of a tree is that of its widest wave."""
    forest = diagnosis.network
    place = _places(forest.recruiter)
    step = 18.0
    across = Scale(low=0.0, high=max(float(place.max()), 1.0), start=4.0, stop=tools.width - 4.0)
    x = [across.at(float(each)) for each in place]
    y = [8.0 + step * int(wave) for wave in forest.wave]
    radius = float(np.clip(tools.width / (3 * diagnosis.n), 0.7, WIDE))
    marks: list[Mark] = [
        Line(x=x[up], y=y[up], to_x=x[row], to_y=y[row], colour=tools.theme.rule, width=0.5)
        for row, up in enumerate(forest.recruiter.tolist()) if up >= 0
    ]  # fmt: skip
    seeds = set(forest.seeds.tolist())
    marks += [tools.dot(x[row], y[row], radius=radius * (1.6 if row in seeds else 1.0),
                        colour=tools.theme.ink if row in seeds else None) for row in range(diagnosis.n)]  # fmt: skip
    return Body(marks=tuple(marks), height=16.0 + step * diagnosis.waves)


def _places(recruiter: np.ndarray) -> np.ndarray:
    """Where each one stands from left to right: leaves in turn, recruiters amid their recruits."""
    children: dict[int, list[int]] = {}
    for row, up in enumerate(recruiter.tolist()):
        children.setdefault(up, []).append(row)
    place, count = np.zeros(len(recruiter)), 0
    waiting = [(row, False) for row in reversed(children.get(-1, []))]
    while waiting:
        row, done = waiting.pop()
        own = children.get(row, [])
        if done:
            place[row] = np.mean([place[each] for each in own])
        elif own:
            waiting += [(row, True), *((each, False) for each in reversed(own))]
        else:
            place[row], count = count, count + 1
    return place
