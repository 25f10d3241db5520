"""The variables of a route: legs, stops, ends, corridor, number of stops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool import arrow
from surveytool.aggregate.encoded_columns import floats_of
from surveytool.errors import UsageError
from surveytool.notes import Note, note
from surveytool.recoding.corridor import inside
from surveytool.recoding.path import ARROW, NOTHING, UNKNOWN, Paths, finder
from surveytool.recoding.recode_result import phrase
from surveytool.recoding.route_definition import Route
from surveytool.survey import Kind, Level, Survey, Variable
from surveytool.survey.label import Text, said, translations
from surveytool.text import LANGUAGES, words, words_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Codes, Floats


NO_CORRIDOR = "other"
PARTS = ("origin", "destination", "corridor", "stops", "legs", "length")
Labels = Mapping[str, str]
Options = tuple[tuple[str, Labels], ...]


@dataclass(slots=True, kw_only=True)
class Maker:
    """Columns and variables under way."""

    route: Route
    language: str
    weights: Floats
    travelled: NDArray[np.bool_]
    columns: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def title(self, part: str, **values: object) -> Labels:
        """``Journey: stops`` by language."""
        labels = {language: said(self.route.label, language) or self.route.name for language in LANGUAGES}
        if not part:
            return {**labels, **translations(self.route.label)}
        return {
            language: words(language).fill(f"route_{part}", route=labels[language], **values) for language in LANGUAGES
        }

    def levels(self, options: Options, counts: NDArray[np.int64]) -> tuple[Level, ...]:
        """The options as levels, with their respondents [options]."""
        return tuple(
            Level(code=code, label=labels[self.language], labels=labels, order=order, count=int(count))
            for order, ((code, labels), count) in enumerate(zip(options, counts, strict=True))
        )

    def single(self, name: str, title: Labels, codes: Codes, options: Options) -> Variable:
        """A question with one answer from codes [rows] into its options; -1 is blank."""
        answered = codes >= 0
        counts = np.bincount(codes[answered], minlength=len(options))
        self.columns[name] = dictionary(codes, [code for code, _ in options])
        variable = Variable(
            name=name, kind="single", label=title[self.language], labels=title, levels=self.levels(options, counts),
            columns=(name,), n=int(answered.sum()), n_missing=int((~answered).sum()),
        )  # fmt: skip
        self.variables[name] = variable
        return variable

    def several(self, name: str, title: Labels, slots: Codes, options: Options, part: str, *, kind: Kind = "multiple",
                ranked: bool = True) -> Variable:  # fmt: skip
        """A question with several answers from slots [rows, answers] of codes; the slots are columns of their own."""
        columns = []
        for index in range(slots.shape[1]):
            column = f"{self.route.name}.{part}_{index + 1}"
            if column not in self.columns:
                self.single(column, self.title(f"nth_{part}", n=index + 1), slots[:, index], options)
            columns.append(column)
        once = _once(slots)
        counts = np.bincount(once[once >= 0], minlength=len(options))
        variable = Variable(
            name=name, kind=kind, label=title[self.language], labels=title, levels=self.levels(options, counts),
            columns=tuple(columns), ranked=ranked, parent=f"{self.route.name}.length", n=int(self.travelled.sum()),
            n_missing=int((~self.travelled).sum()),
        )  # fmt: skip
        self.variables[name] = variable
        return variable

    def ranked(self, slots: Codes, options: Options) -> tuple[Codes, Options]:
        """Slots [rows, answers] and options with those that occur only, the most frequent by weight first."""
        once = _once(slots)
        weights = np.broadcast_to(self.weights[:, None], once.shape)
        sums = np.bincount(once[once >= 0], weights[once >= 0], minlength=len(options))
        some = np.bincount(once[once >= 0], minlength=len(options)) > 0
        order = sorted(np.flatnonzero(some), key=lambda at: (-sums[at], options[at][0]))
        table = np.full(len(options) + 1, NOTHING, dtype=np.int32)
        table[order] = np.arange(len(order), dtype=np.int32)
        return table[slots], tuple(options[at] for at in order)


def variables(
    survey: Survey, route: Route, paths: Paths, table: Any, language: str
) -> tuple[dict[str, Any], dict[str, Variable], list[Note]]:
    """The columns, the variables and the notes of a route."""
    maker = Maker(route=route, language=words_of(language), weights=_weights(survey, table), travelled=paths.travelled)
    places: Options = tuple((place_.code, place_.labels) for place_ in paths.places)
    name = route.name
    legs, options = maker.ranked(*_legs(route, paths, places, maker))
    maker.several(name, maker.title(""), legs, options, "leg", kind="route")
    for end, codes in (("origin", paths.start), ("destination", paths.end)):
        slots, ranked = maker.ranked(codes[:, None], places)
        maker.single(f"{name}.{end}", maker.title(end), slots[:, 0], ranked)
    if route.corridors:
        _corridors(route, paths, maker)
    stops, ranked = maker.ranked(paths.stops, places)
    maker.several(f"{name}.stops", maker.title("stops"), stops, ranked, "stop")
    maker.several(f"{name}.legs", maker.title("legs"), legs, options, "leg")
    _length(name, paths, maker)
    own_names = [name, *(f"{name}.{part}" for part in PARTS if f"{name}.{part}" in maker.variables)]
    ordered = dict.fromkeys([*own_names, *maker.variables])
    return maker.columns, {name: maker.variables[name] for name in ordered}, maker.notes


def _weights(survey: Survey, table: Any) -> Floats:
    """The design's weights [rows], 1 where there are none; they only decide which legs come first."""
    import pyarrow.types as types

    name = survey.design.weights
    kind = table.column(name).type if name in table.column_names else None
    if kind is None or not (types.is_floating(kind) or types.is_integer(kind)):
        return np.ones(table.num_rows)
    return np.nan_to_num(floats_of(table.column(name)), posinf=0.0, neginf=0.0)


def _once(slots: Codes) -> Codes:
    """Slots [rows, answers] where an answer that stands in a row already is blank."""
    once = slots.copy()
    for index in range(1, slots.shape[1]):
        again = (slots[:, :index] == slots[:, index : index + 1]).any(axis=1)
        once[again, index] = NOTHING
    return np.asarray(once, dtype=np.int32)


def _legs(route: Route, paths: Paths, places: Options, maker: Maker) -> tuple[Codes, Options]:
    """Legs [rows, legs] in order, and each leg's code and label; no leg leads from a known place to itself."""
    nodes = _nodes(route, paths)
    one, other = nodes[:, :-1], nodes[:, 1:]
    gone = (one >= 0) & (other >= 0)
    stays = gone & (one == other) & (one != UNKNOWN)
    if stays.any():
        about = (route.name, f"{route.name}.legs")
        maker.notes.append(
            note("route_stays", route=maker.title("")[maker.language], n=int(stays.any(axis=1).sum()), variables=about)
        )
    gone &= ~stays
    pairs, index = np.unique(one[gone].astype(np.int64) * len(places) + other[gone], return_inverse=True)
    legs = np.full(one.shape, NOTHING, dtype=np.int32)
    legs[gone] = index
    options = []
    for pair in pairs:
        (a, start), (b, end) = places[pair // len(places)], places[pair % len(places)]
        options.append((f"{a}>{b}", {language: f"{start[language]}{ARROW}{end[language]}" for language in LANGUAGES}))
    used = np.flatnonzero(gone.any(axis=0))
    return legs[:, : int(used.max(initial=0)) + 1], tuple(options)


def _nodes(route: Route, paths: Paths) -> Codes:
    """Places in the order they were passed [rows, places], from the left: origin, stops, destination."""
    rows, width = paths.stops.shape
    shift = int(route.origin is not None)
    nodes = np.full((rows, width + shift + 1), NOTHING, dtype=np.int32)
    nodes[:, shift : shift + width] = paths.stops
    if route.origin is not None:
        nodes[:, 0] = paths.start
    if route.destination is not None and not route.intended:
        nodes[np.arange(rows), paths.length + shift] = paths.end
    return nodes


def _corridors(route: Route, paths: Paths, maker: Maker) -> None:
    """The corridor variable: one answer where corridors are exclusive, else several."""
    where = f"route {route.name}"
    find = finder(paths.places, where)
    flags = [inside(corridor, paths, find) for corridor in route.corridors]
    options = [(corridor.name, _labels(corridor.label, {}, corridor.name)) for corridor in route.corridors]
    options.append((NO_CORRIDOR, _labels(route.other, phrase("route_other"))))
    none = paths.travelled & ~np.any(flags, axis=0)
    unknown = int((none & (paths.stops == UNKNOWN).any(axis=1)).sum())
    name = f"{route.name}.corridor"
    if unknown:
        maker.notes.append(
            note(
                "route_maybe",
                route=maker.title("")[maker.language],
                n=unknown,
                other=options[-1][1][maker.language],
                variables=(name,),
            )
        )
    empty = tuple(labels[maker.language] for (_, labels), flag in zip(options, flags, strict=False) if not flag.any())
    if empty:
        maker.notes.append(note("route_empty", n=len(empty), corridors=empty, variables=(name,)))
    slots = np.stack([np.where(flag, index, NOTHING) for index, flag in enumerate([*flags, none])], axis=1)
    if not route.exclusive:
        maker.several(
            name, maker.title("corridor"), slots.astype(np.int32), tuple(options), "corridor", ranked=False
        )  # fmt: skip
        return
    _refuse_overlap(route, flags, where)
    maker.single(name, maker.title("corridor"), slots.max(axis=1).astype(np.int32), tuple(options))


def _labels(text: Text, instead: Labels, name: str = "") -> Labels:
    """A text in every language that the tool speaks."""
    return {language: said(text, language) or instead.get(language, name) for language in LANGUAGES}


def _refuse_overlap(route: Route, flags: list[NDArray[np.bool_]], where: str) -> None:
    """Exclusive corridors that share travellers are an error that names both and counts them."""
    for index, one in enumerate(flags):
        for later in range(index + 1, len(flags)):
            both = int((one & flags[later]).sum())
            if both:
                first, second = route.corridors[index].name, route.corridors[later].name
                raise UsageError(
                    f"the corridors {first!r} and {second!r} share {both} traveller{'s' if both != 1 else ''}.", where,
                    "Narrow one with unless, or write exclusive = false.",
                )  # fmt: skip


def _length(name: str, paths: Paths, maker: Maker) -> None:
    import pyarrow as pa

    length = np.where(paths.travelled, paths.length, 0).astype(np.float64)
    column = f"{name}.length"
    maker.columns[column] = pa.chunked_array([arrow.fixed(length, paths.travelled, pa.float64())])
    title = maker.title("length")
    maker.variables[column] = Variable(
        name=column, kind="number", label=title[maker.language], labels=title, columns=(column,),
        n=int(paths.travelled.sum()), n_missing=int((~paths.travelled).sum()),
    )  # fmt: skip


def dictionary(codes: Codes, texts: list[str]) -> Any:
    """Codes [rows] into texts as an Arrow column; null where below 0."""
    import pyarrow as pa

    answered = codes >= 0
    indices = arrow.fixed(np.where(answered, codes, 0).astype(np.int32), answered, pa.int32())
    return pa.chunked_array([pa.DictionaryArray.from_arrays(indices, arrow.texts(texts))])
