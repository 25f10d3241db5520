"""A route for a flow chart: origin, stops and destination of each traveller, places with few people put together.

Where nobody has more than three stops all are stages of the chart; else the
first and the last stop are, with " … " between them, for no arrow may lead from one
place to another that nobody went to from there. The most frequent places of a stage keep their
names, by weight and within the table's own respondents. Unknown places are
never put together with others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.encoded_columns import Columns, arrow_table
from surveytool.frozen import frozen
from surveytool.notes import note
from surveytool.recoding.column_patterns import frame_columns
from surveytool.recoding.path import ARROW, NOTHING, SKIPPED
from surveytool.recoding.route_variables import dictionary
from surveytool.survey import Codebook, Level, Survey, Variable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Codes, Floats
    from surveytool.text import Words


MOST_STOPS = 3
MOST_PLACES, LEAST_SHARE = 7, 0.01
OTHER, NO_STOP, UNKNOWN = "other", "none", "unknown"
NO_PLACES = (OTHER, NO_STOP, UNKNOWN)
FLOW = "flow"


@frozen
class Stage:
    """One column of the chart: numbers [rows] into its places (code and label); -1 is outside.

    ``skipped`` says that stops between it and the column before are left out.
    """

    title: str
    codes: Codes
    places: tuple[tuple[str, str], ...]
    skipped: bool = False


def add_flow(survey: Survey, name: str, weights: Floats, language: str = "en", *, least: int = 0) -> Survey:
    """The survey with ``NAME.flow``, a question whose answers are paths through the stages of a chart.

    ``weights`` [rows] are 0 for who is not in the chart. Paths of fewer than ``least``
    respondents are put together, stops first, so that few need to be held back.
    """
    from surveytool.text import words

    said = words(language)
    table = arrow_table(survey.frame, frame_columns(survey))
    inside = weights > 0
    stages = [_few(stage, weights, said) for stage in _stages(Columns(survey, table), name, inside, said)]
    inside &= stages[0].codes >= 0
    stages = _thick(stages, inside, least, said)
    rows = np.stack([stage.codes for stage in stages], axis=1)[inside]
    paths, index = np.unique(rows, axis=0, return_inverse=True)
    size = np.bincount(index.ravel(), weights[inside], minlength=len(paths))
    order = sorted(range(len(paths)), key=lambda at: (-size[at], tuple(paths[at])))
    rank = np.empty(len(paths), dtype=np.int32)
    rank[order] = np.arange(len(paths), dtype=np.int32)
    codes = np.full(len(weights), NOTHING, dtype=np.int32)
    codes[inside] = rank[index.ravel()]
    counts = np.bincount(codes[inside], minlength=len(paths))
    levels = tuple(_level(stages, paths[at], number, int(counts[number])) for number, at in enumerate(order))
    flow = Variable(
        name=f"{name}.{FLOW}", kind="single", label=survey.codebook[name].title(language), levels=levels,
        columns=(f"{name}.{FLOW}",), stages=tuple(stage.title for stage in stages), n=int(inside.sum()),
        n_missing=int((~inside).sum()),
    )  # fmt: skip
    return _with(survey, table, flow, codes, said)


def _with(survey: Survey, table: Any, flow: Variable, codes: Codes, words: Words) -> Survey:
    kept = table.drop_columns([flow.name]) if flow.name in table.column_names else table
    column = dictionary(codes, [str(level.code) for level in flow.levels])
    other = words.word("route_other")
    some = any(OTHER in str(level.code).split(">") for level in flow.levels)
    notes = [note("route_flow_other", other=other, variables=(flow.name,))] if some else []
    if any(SKIPPED in level.label for level in flow.levels):
        notes.append(note("route_flow_skipped", variables=(flow.name,)))
    return replace(
        survey, frame=kept.append_column(flow.name, column),
        codebook=Codebook({**survey.codebook.variables, flow.name: flow}), notes=(*survey.notes, *notes),
    )  # fmt: skip


def _level(stages: list[Stage], path: Codes, number: int, count: int) -> Level:
    places = [stage.places[at] for stage, at in zip(stages, path, strict=True)]
    signs = [SKIPPED if stage.skipped else ARROW for stage in stages[1:]]
    label = "".join([places[0][1], *(f"{sign}{name}" for sign, (_, name) in zip(signs, places[1:], strict=True))])
    return Level(code=">".join(code for code, _ in places), label=label, order=number, count=count)


def _stages(columns: Columns, name: str, inside: NDArray[np.bool_], words: Words) -> list[Stage]:
    """Origin, stops and destination; an end that is a stop for everybody is not drawn twice."""
    stops = [_stage(columns, column, "") for column in columns.survey.codebook[f"{name}.stops"].columns]
    slots = np.stack([stage.codes for stage in stops], axis=1)
    lengths = (slots >= 0).sum(axis=1)
    places = stops[0].places
    most = int(lengths[inside].max(initial=0))
    last = np.where(lengths > 0, slots[np.arange(len(slots)), np.maximum(lengths - 1, 0)], NOTHING).astype(np.int32)
    if most <= MOST_STOPS:
        middle = [
            Stage(title=words.fill("route_stage_stop", n=index + 1), codes=slots[:, index], places=places)
            for index in range(most)
        ]
    else:
        middle = [
            Stage(title=words.word("route_stage_first"), codes=slots[:, 0], places=places),
            Stage(title=words.word("route_stage_last"), codes=last, places=places, skipped=True),
        ]
    ends = [_stage(columns, f"{name}.{end}", words.word(f"route_stage_{end}")) for end in ("origin", "destination")]
    middle = [_filled(stage, ends[0].codes >= 0, words.word("route_no_stop")) for stage in middle]
    first, final = Stage(title="", codes=slots[:, 0], places=places), Stage(title="", codes=last, places=places)
    before = [] if _same(ends[0], first, inside) else ends[:1]
    after = [] if _same(ends[1], final, inside) and len(before) + len(middle) > 1 else ends[1:]
    return [*before, *middle, *after]


def _stage(columns: Columns, name: str, title: str) -> Stage:
    codes, levels = columns.codes(name)
    return Stage(title=title, codes=codes, places=tuple((str(level.code), level.label) for level in levels))


def _filled(stage: Stage, travelled: NDArray[np.bool_], label: str) -> Stage:
    """A stage where those without a stop have a box of their own."""
    gone = travelled & (stage.codes < 0)
    if not gone.any():
        return stage
    codes = np.where(gone, len(stage.places), stage.codes).astype(np.int32)
    return replace(stage, codes=codes, places=(*stage.places, (NO_STOP, label)))


def _thick(stages: list[Stage], inside: NDArray[np.bool_], least: int, words: Words) -> list[Stage]:
    """Stages where the stops, then the origins, then the destinations of rare paths are others."""
    last = len(stages) - 1
    for places in (range(1, last), range(1), range(last, last + 1)):
        rows = np.stack([stage.codes for stage in stages], axis=1)
        _, index, counts = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
        counts = np.bincount(index.ravel()[inside], minlength=len(counts))
        rare = inside & (counts < least)[index.ravel()]
        stages = [_others(stage, rare, words) if at in places else stage for at, stage in enumerate(stages)]
    return stages


def _others(stage: Stage, rows: NDArray[np.bool_], words: Words) -> Stage:
    """A stage where some rows are at other places."""
    if not rows.any():
        return stage
    names = [code for code, _ in stage.places]
    places = stage.places if OTHER in names else (*stage.places, (OTHER, words.word("route_other")))
    at = [code for code, _ in places].index(OTHER)
    return replace(stage, codes=np.where(rows, at, stage.codes).astype(np.int32), places=places)


def _same(one: Stage, other: Stage, inside: NDArray[np.bool_]) -> bool:
    """Whether two stages are the same places for everybody."""
    left = [one.places[at][0] if at >= 0 else "" for at in one.codes[inside]]
    return left == [other.places[at][0] if at >= 0 else "" for at in other.codes[inside]]


def _few(stage: Stage, weights: Floats, words: Words) -> Stage:
    """A stage with its most frequent places; the others, where they are several, are one."""
    counted = (stage.codes >= 0) & (weights > 0)
    size = np.bincount(stage.codes[counted], weights[counted], minlength=len(stage.places))
    whole = size.sum()
    places = sorted(np.flatnonzero(size > 0), key=lambda at: (-size[at], at))
    named = [at for at in places if stage.places[at][0] not in (UNKNOWN, NO_STOP)]
    small = [at for rank, at in enumerate(named) if rank >= MOST_PLACES or size[at] < LEAST_SHARE * whole]
    small = small if len(small) > 1 else []
    kept = [at for at in places if at not in small]
    table = np.full(len(stage.places) + 1, NOTHING, dtype=np.int32)
    table[kept] = np.arange(len(kept), dtype=np.int32)
    table[small] = len(kept)
    own = [stage.places[at] for at in kept] + ([(OTHER, words.word("route_other"))] if small else [])
    return replace(stage, codes=table[stage.codes], places=tuple(own))
