"""A stream shown to the gate: which crowds tell about which question, summed in one pass, then looked at in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from surveytool.aggregate.cube import Spec
from surveytool.aggregate.cube_plan import Planner
from surveytool.aggregate.design_pass import StreamDesign, fits
from surveytool.aggregate.observer import Observer
from surveytool.aggregate.question import Question
from surveytool.aggregate.respondent_classes import Watch
from surveytool.stream import Stream
from surveytool.survey import Codebook, Survey


def show(survey: Survey, questions: Sequence[Question], observer: Observer) -> bool:
    """Let the observer see every question of a stream; false where that needs the respondents themselves.

    The units are those of the design that the observer guards; what it counts is by the survey's own weights.
    """
    design, guarded = _design(survey), _design(replace(survey, design=observer.watch(survey)))
    if design is None or guarded is None:
        return False
    planner = Planner(survey, survey.frame.columns, design)
    specs = [[part.spec for part in planner.parts(question)] for question in questions]
    book = survey.codebook
    more = [column for name in observer.columns for column in book[name].columns or (name,)]
    plans = [
        [_wider(spec, question.request.variable, more, book) for spec in plan]
        for question, plan in zip(questions, specs, strict=True)
    ]
    watch = Watch(survey.frame, survey.design.weights, guarded, observer.number)
    if not all(plans) or not all(_taken(watch, spec) for plan in plans for spec in plan):
        return False
    watch.run()
    views = watch.views(survey)
    for question, plan in zip(questions, plans, strict=True):
        observer.seen(question, [views[spec] for spec in plan])
    return True


def _design(survey: Survey) -> StreamDesign | None:
    """The design of a stream; None where its units are not known by codes."""
    stream: Stream = survey.frame
    combos = stream.sample(survey.design)
    return StreamDesign(survey, stream.columns, combos) if fits(survey, stream.columns, combos) else None


def _taken(watch: Watch, spec: Spec) -> bool:
    """Whether a crowd can be counted: every column has codes, and places can be numbered."""
    columns = watch.stream.columns
    return all(name in columns and columns[name].coded for name in spec.axes) and watch.take(spec)


def _wider(spec: Spec, variable: str, more: Sequence[str], book: Codebook) -> Spec:
    """A cube's columns with the gate's own, and with the answers of a category whose numbers are summed."""
    columns = book[variable].columns or (variable,)
    axes = tuple(dict.fromkeys([*spec.axes, *(columns if book[variable].kind == "single" else ()), *more]))
    return Spec(axes, tuple(name for name in spec.numbers if name not in axes))
