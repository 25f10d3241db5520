"""An export with its form: columns under the form's names, answers in its codes, its labels and kinds.

What comes out is what any reader hands over (``Loaded``), so that everything after it is the same for a file with a
form and without one. Columns that the form does not know stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Any

import numpy as np

from surveytool import arrow
from surveytool.collection_form.coded_columns import flags_column, lists_column, texts_column
from surveytool.collection_form.coding import Cells, cells_of, coded, lists, marks
from surveytool.collection_form.form import Form, FormQuestion
from surveytool.collection_form.form_versions import COLUMNS as VERSIONS
from surveytool.collection_form.labels import spoken
from surveytool.collection_form.matching import Match, Meeting, match
from surveytool.errors import UnreadableData
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.reading.infer import is_number
from surveytool.reading.loaded import Choice, Loaded, Meta, MultipleSet
from surveytool.reading.platforms import state_columns

FEWEST = 0.2  # of the form's questions, or of the export's columns, that have to meet


@frozen
class Taken:
    """What became of one question: its columns in the table, and texts that its list does not have."""

    columns: Mapping[str, Any]
    metas: Mapping[str, Meta]
    set: MultipleSet | None = None
    outside: Mapping[str, int] = field(default_factory=dict)


class FormReading:
    """A form that meets an export; what it finds is kept for what comes after the codebook.

    ``wanted`` are the questions and columns to keep (None: all of them), ``order`` the languages of labels,
    ``sheet`` the repeat whose rows the export holds.
    """

    def __init__(
        self, form: Form, order: Sequence[str] = (), wanted: Iterable[str] | None = None, sheet: str = ""
    ) -> None:
        self.form, self.order, self.sheet = form, tuple(order), sheet
        self.wanted = None if wanted is None else frozenset(wanted)
        self.match: Match | None = None
        self.questions: dict[str, FormQuestion] = {}
        self.outside: dict[str, Mapping[str, int]] = {}
        self.differs: dict[str, int] = {}
        self.names: dict[str, str] = {}
        self.lacking: dict[str, dict[str, int]] = {}

    def __call__(self, loaded: Loaded) -> Loaded:
        """The content in the form's words. Raises ``UnreadableData`` for an export of another form."""
        import pyarrow as pa

        labels = {name: meta.label for name, meta in loaded.meta.items() if meta.label}
        matched = match(self.form, loaded.table.column_names, labels, self.sheet)
        self.match = matched
        self._belongs(matched, loaded)
        columns, metas, sets, taken = {}, dict(loaded.meta), [], set()
        keyed = self.form.keys()
        states = _states(loaded.table.column_names)
        tags = {meta.tags for name, meta in loaded.meta.items() if name in matched.meetings and meta.tags}
        for name in loaded.table.column_names:
            meeting = matched.meetings.get(name)
            if meeting is None:
                if name not in tags and (self._wants(name) or name in states):
                    columns[_beside(name, matched, keyed)] = loaded.table.column(name)
                continue
            self.names[name] = _name(meeting)
            if meeting.key in taken or not self._wants(meeting.key, *self._columns(matched, meeting.key)):
                continue
            taken.add(meeting.key)
            question = keyed[meeting.key]
            held = self._taken(meeting.key, question, loaded, matched)
            self.questions[meeting.key] = question
            columns |= {name: column for name, column in held.columns.items() if name not in columns}
            metas |= held.metas
            sets += [held.set] if held.set is not None else []
            if held.outside:
                self.outside[meeting.key] = held.outside
        columns |= {tag: loaded.table.column(tag) for name in columns if (tag := metas.get(name, Meta()).tags)}
        kept = tuple(each for each in loaded.sets if not {*each.columns, each.parent or ""} & set(matched.meetings)
                     and set(each.columns) <= set(columns))  # fmt: skip
        return replace(
            loaded, table=pa.table(columns), names=tuple(columns), meta=metas, sets=(*kept, *sets), frame=None,
            notes=(*_still(loaded.notes, self.names), *self._notes(matched)),
        )  # fmt: skip

    def choice(self) -> Choice | None:
        """The columns to read for what is needed, by their names; all where a name is not found among them."""
        return None if self.wanted is None else Choice(of=self._to_read)

    def _to_read(self, names: Sequence[str]) -> Sequence[str]:
        matched = match(self.form, names, {}, self.sheet)
        keyed, states = self.form.keys(), _states(names)
        met = {meeting.key for meeting in matched.meetings.values()}
        needed = {key for key in keyed if self._wants(key)}
        if not needed <= met:
            return names  # absent, or known by its label alone
        needed |= self._asked_for(matched)
        kept = {name for name, meeting in matched.meetings.items() if meeting.key in needed}
        return [name for name in names if name in kept | states or self._wants(name)]

    def _asked_for(self, matched: Match) -> set[str]:
        """The questions that are asked for by the file's own names of their columns."""
        return {meeting.key for name, meeting in matched.meetings.items() if self._wants(name, _name(meeting))}

    def _wants(self, *names: str) -> bool:
        return self.wanted is None or any(name in self.wanted for name in names)

    def _columns(self, matched: Match, key: str) -> Iterator[str]:
        """The names by which a column of a question may be asked for."""
        for name, meeting in matched.meetings.items():
            if meeting.key == key:
                yield from (name, _name(meeting))

    def _belongs(self, matched: Match, loaded: Loaded) -> None:
        """Refuse an export in which hardly a name is one of the form."""
        columns = len(matched.meetings) / max(len(loaded.table.column_names), 1)
        if max(matched.share, columns) >= FEWEST and matched.met:
            return
        name = Path(self.form.path).name
        raise UnreadableData(
            f"only {matched.met} of its {matched.of} questions ({matched.share:.0%}) are columns of the export.", name,
            "Name the form of this export, or the sheet that holds the interviews (--sheet).",
        )  # fmt: skip

    def _notes(self, matched: Match) -> Iterator[Note]:
        numbered = dict.fromkeys(meeting.key for meeting in matched.meetings.values() if meeting.by_order)
        if numbered:
            yield note("form_options_by_order", variables=tuple(numbered))
        if self.outside:
            yield note("form_outside_list", variables=tuple(self.outside))
        differing = {key: n for key, n in self.differs.items() if n}
        yield from (note("list_differs", n=n, variables=(key,)) for key, n in differing.items())

    def label(self, labels: Mapping[str, str], otherwise: str = "") -> str:
        """A label in the first language that it has."""
        return spoken(labels, self.order or self.form.languages) or otherwise

    def _taken(self, key: str, question: FormQuestion, loaded: Loaded, matched: Match) -> Taken:
        """One question in the form's words."""
        own = {name: meeting for name, meeting in matched.meetings.items() if meeting.key == key}
        answer = next((name for name, meeting in own.items() if meeting.part == "answer"), None)
        options = {meeting.code: name for name, meeting in own.items() if meeting.part == "option"}
        written = {f"{key}_other": name for name, meeting in own.items() if meeting.part == "written"}
        if question.use == "multiple" and question.choices:
            taken = self._several(key, question, loaded, answer, options)
        elif answer is None:
            taken = Taken(columns={}, metas={})
        else:
            taken = self._one(key, question, loaded, answer)
        more = {column: loaded.table.column(name) for column, name in written.items()}
        kinds = {column: Meta(kind=_text_kind(texts)) for column, texts in more.items()}
        return replace(taken, columns={**taken.columns, **more}, metas={**taken.metas, **kinds})

    def _one(self, key: str, question: FormQuestion, loaded: Loaded, name: str) -> Taken:
        """A question with one answer, a number, a date or a text."""
        column, meta = loaded.table.column(name), loaded.meta.get(name, Meta())
        label = self.label(question.labels)
        if question.use == "single" and question.choices:
            found = coded(_cells(loaded, name), question)
            made = Meta(
                label=label,
                labels={choice.code: self.label(choice.labels, choice.code) for choice in question.choices},
                kind="single", personal=False,
            )  # fmt: skip
            return Taken(columns={key: texts_column(found.cells)}, metas={key: made}, outside=found.outside)
        made = replace(meta, label=label or meta.label, personal=question.personal)
        if question.use == "number" and not is_number(column):
            return self._number(key, question, loaded, name, made)
        if question.use == "number":
            made = replace(made, kind="number")
        elif question.use == "text":
            made = replace(made, kind=_text_kind(column))
        return Taken(columns={key: column}, metas={key: made})

    def _number(self, key: str, question: FormQuestion, loaded: Loaded, name: str, meta: Meta) -> Taken:
        """A question of numbers whose column holds texts too; those are told, and are no numbers."""
        cells = _cells(loaded, name)
        numbers = cells.numbers()
        stray = {text: n for text, n in cells.counts().items() if n and np.isnan(Cells(
            keys=np.array([0]), values=(text,)).numbers()[0])}  # fmt: skip
        if stray and sum(stray.values()) > 0.5 * int((cells.keys >= 0).sum()):
            return Taken(columns={key: loaded.table.column(name)}, metas={key: replace(meta, kind=None)})
        import pyarrow as pa

        column = arrow.fixed(np.nan_to_num(numbers), ~np.isnan(numbers), pa.float64())
        made = replace(meta, kind="number", missing=(), tags=None)
        return Taken(columns={key: column}, metas={key: made}, outside=stray)

    def _several(
        self, key: str, question: FormQuestion, loaded: Loaded, answer: str | None, options: Mapping[str, str]
    ) -> Taken:
        """A question with several answers: a column of 1 and 0 a code of its list, blank where nobody answered."""
        codes = [choice.code for choice in question.choices]
        rows = loaded.table.num_rows
        chosen, told = np.zeros((rows, len(codes)), dtype=bool), np.zeros(rows, dtype=bool)
        outside: dict[str, int] = {}
        for index, code in enumerate(codes):
            if code in options:
                chosen[:, index], said, strange = marks(_cells(loaded, options[code]), question, code)
                told |= said
                outside |= strange
        listed = lists(_cells(loaded, answer), question, codes) if answer is not None else None
        if listed is not None:
            own = np.array([code in options for code in codes], dtype=bool)
            chosen[:, ~own] = listed.chosen[:, ~own]
            self.differs[key] = int((listed.told & told & (listed.chosen != chosen).any(axis=1)).sum())
            alone = listed.told & ~chosen.any(axis=1)  # columns that say nothing, or no to everything
            chosen[alone] = listed.chosen[alone]
            outside |= listed.outside
        answered = chosen.any(axis=1) | (listed.told if listed is not None else False)
        labels = [self.label(choice.labels, choice.code) for choice in question.choices]
        columns: dict[str, Any] = {key: lists_column(chosen, answered, codes)}
        metas = {key: Meta(label=self.label(question.labels), kind="text", personal=False)}
        for index, (code, label) in enumerate(zip(codes, labels, strict=True)):
            columns[f"{key}/{code}"] = flags_column(chosen[:, index], answered)
            metas[f"{key}/{code}"] = Meta(label=label, kind="single", personal=False)
        whole = MultipleSet(
            name=key, label=self.label(question.labels), columns=tuple(f"{key}/{code}" for code in codes), counted=1.0,
            options=tuple(labels), parent=key,
        )  # fmt: skip
        return Taken(columns=columns, metas=metas, set=whole, outside=outside)


def _states(names: Sequence[str]) -> set[str]:
    """Columns that tell doubtful interviews and versions of the form from others."""
    return {*state_columns(names), *(name for name in VERSIONS if name in names)}


def _beside(name: str, matched: Match, keyed: Mapping[str, FormQuestion]) -> str:
    """What a column is called that is no question of the form: its own name, unless a question's columns bear it."""
    met = {meeting.key for meeting in matched.meetings.values()}
    stem, _, code = name.rpartition("/")
    option = stem in met and any(choice.code == code for choice in keyed[stem].choices)
    written = name.endswith("_other") and name.removesuffix("_other") in met
    return f"{name} [2]" if name in met or option or written else name


def _name(meeting: Meeting) -> str:
    """What a column is called in the form's words."""
    return f"{meeting.key}/{meeting.code}" if meeting.part == "option" else (
        f"{meeting.key}_other" if meeting.part == "written" else meeting.key)  # fmt: skip


def _cells(loaded: Loaded, name: str) -> Cells:
    tags = loaded.meta.get(name, Meta()).tags
    return cells_of(loaded.table.column(name), loaded.table.column(tags) if tags else None)


def _text_kind(column: Any) -> Any:
    """Texts are texts; numbers that people typed into a text stay what they look like."""
    return None if is_number(column) else "text"


def _still(notes: Iterable[Note], names: Mapping[str, str]) -> Iterator[Note]:
    """The reader's notes on columns that the form does not explain; the others are no doubts any more."""
    for doubt in notes:
        about = dict(doubt.values).get("variables")
        if not isinstance(about, tuple):
            yield doubt
            continue
        left = tuple(name for name in about if name not in names)
        if left:
            yield Note(doubt.code, tuple((key, left if key == "variables" else value) for key, value in doubt.values))
