"""A sampling frame beside the data: its columns of strata and people, and the question they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.notes import note
from surveytool.study_draft import toml_text as toml
from surveytool.study_draft.design_guess import Guess
from surveytool.survey import Survey, Variable
from surveytool.text import Words

NAME = "frame_weight"
PEOPLE = re.compile(
    r"pop|people|person|inhabit|household|\bhh|hh\b|famil|total|poblaci|hogar|m[eé]nage|effectif|n_?h", re.IGNORECASE
)
MEETING = 0.9


@frozen
class SamplingFrame:
    """``variable`` is the question of the data whose answers are the strata; ``populations`` by code of an answer."""

    file: str
    variable: str
    populations: Mapping[str, float] = field(default_factory=dict)
    alone: bool = False

    def guesses(self) -> list[Guess]:
        """Weights and strata of the frame, in the place of what was guessed of them."""
        why = note("draft_frame_weights", file=self.file, name=self.variable)
        return [Guess(setting="weights", value=NAME, why=why),
                Guess(setting="strata", value=self.variable, why=note("draft_frame_strata"))]  # fmt: skip

    def recode(self, words: Words) -> Iterator[str]:
        """The recode that makes the weights."""
        yield "[[recodes]]"
        yield toml.setting("name", NAME)
        yield toml.setting("type", "expansion")
        yield toml.setting("from", self.variable)
        yield toml.setting("label", words.word("draft_frame_label"))
        yield toml.setting("populations", dict(self.populations))
        yield ""


def read_frame(file: Path, survey: Survey) -> SamplingFrame:
    """The frame of a file, matched to a question of the data.

    Raises ``UnreadableData`` for a file that is none, ``UsageError`` where no column names the strata of the data, or
    several columns may count their people.
    """
    from surveytool.reading import read

    table: Any = read(str(file)).frame
    columns = {name: [_text(value) for value in table[name].to_pylist()] for name in table.column_names}
    found = [(meeting, name, variable) for name, values in columns.items() for variable in survey.codebook.values()
             if (meeting := _meeting(values, variable)) >= MEETING]  # fmt: skip
    if not found:
        cure = "Name the strata in it as the data do, by code or label."
        raise UsageError("no column of the frame holds the answers of a question of the data.", str(file), cure)
    _, strata, variable = max(found, key=lambda each: (each[0], len(each[2].levels)))
    people = _people(file, table, strata)
    return _matched(file, columns[strata], people, variable)


def _text(value: object) -> str:
    text = "" if value is None else str(value)
    return " ".join(text.split()).casefold()


def _names(variable: Variable) -> dict[str, set[str]]:
    """The codes of the answers that have a name: one, unless a label of an answer is the code of another."""
    names: dict[str, set[str]] = {}
    for level in variable.valid_levels():
        for name in (level.code, level.label, *level.labels.values()):
            names.setdefault(_text(name), set()).add(str(level.code))
    return names


def _meeting(values: list[str], variable: Variable) -> float:
    """The share of a question's given answers that a column of the frame holds; 0 of what has no choice of answers."""
    given = [level for level in variable.valid_levels() if level.count]
    if variable.kind != "single" or len(given) < 2:
        return 0.0
    names, held = _names(variable), set(values)
    codes = {code for name, found in names.items() if name in held for code in found}
    return sum(str(level.code) in codes for level in given) / len(given)


def _people(file: Path, table: Any, strata: str) -> list[float | None]:
    """The one column of numbers above 0 that may count people; its name decides between several."""
    numbers = {}
    for name in table.column_names:
        values = [_number(value) for value in table[name].to_pylist()]
        if name != strata and any(value for value in values) and all(value is None or value >= 0 for value in values):
            numbers[name] = values
    named = [name for name in numbers if PEOPLE.search(name)]
    candidates = named if len(numbers) > 1 else list(numbers)
    if len(candidates) != 1:
        told = ", ".join(candidates or numbers) or "none"
        raise UsageError(f"columns that may count people: {told}.", str(file), "Leave one of them in the frame.")
    return numbers[candidates[0]]


def _number(value: object) -> float | None:
    try:
        return float(str(value).strip()) if value is not None and str(value).strip() else None
    except ValueError:
        return -1.0  # a text: no column of people


def _matched(file: Path, strata: list[str], people: list[float | None], variable: Variable) -> SamplingFrame:
    """Populations by code; the same stratum in several rows is added up."""
    names, populations = _names(variable), dict[str, float]()
    for stratum, count in zip(strata, people, strict=True):
        if not count or not stratum:
            continue
        codes = names.get(stratum, {stratum})
        if len(codes) > 1:
            raise UsageError(
                f"{stratum!r} names several answers of {variable.name}.", str(file), "Write their codes or labels."
            )
        for code in codes:
            populations[code] = populations.get(code, 0.0) + count
    whole = {code: int(count) if count.is_integer() else count for code, count in populations.items()}
    alone = any(level.count == 1 for level in variable.valid_levels())
    return SamplingFrame(file=file.name, variable=variable.name, populations=whole, alone=alone)
