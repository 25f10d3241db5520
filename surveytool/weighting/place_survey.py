"""Place weights of a survey: its columns held against the registry of counts, and the new columns beside them."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.encoded_columns import Columns, arrow_table, floats_of, keys_of
from surveytool.errors import UnknownVariable, UnreadableData, UsageError
from surveytool.survey import Codebook, Level, Survey, Variable, code_text
from surveytool.weighting.new_weights import frame_columns
from surveytool.weighting.place_weights import PlaceWeights, Registry, place_weights, registry

if TYPE_CHECKING:
    from surveytool.arrays import Floats

STRATUM, SESSION = "place_stratum", "place_session"


def make_place_weights(survey: Survey, counts: Path, crossings: str | None) -> PlaceWeights:
    """Weights of a survey's respondents from a csv of sessions; ``crossings`` is a column of it.

    Raises ``UnreadableData`` for a file that is no csv, ``UsageError`` for what does not fit.
    """
    listed = registry(_read(counts), list(survey.codebook), str(counts))
    if crossings is not None and crossings not in survey.codebook:
        raise UnknownVariable(crossings, survey.codebook, "--crossings")
    names = [*listed.parts, *([crossings] if crossings is not None else [])]
    columns = Columns(survey, arrow_table(survey.frame, [_column(survey.codebook[name]) for name in names]))
    sessions = list(zip(*(_texts(columns, listed, at) for at in range(len(listed.parts))), strict=True))
    return place_weights(sessions, _numbers(columns, crossings), listed, str(counts))


def with_place_weights(survey: Survey, weights: PlaceWeights, name: str) -> Survey:
    """The survey with the weights as the column ``name``, and each one's stratum and session. Raises ``UsageError``."""
    import pyarrow as pa

    for column in (name, STRATUM, SESSION):
        if column in survey.codebook:
            raise UsageError(f"{column} is a column already.", "--name", "Choose another name, or leave that one out.")
    frame: Any = arrow_table(survey.frame, list(frame_columns(survey)))
    book = {name: Variable(name=name, kind="number", label="", n=len(weights.weights), columns=(name,))}
    frame = frame.append_column(name, pa.array(weights.weights))
    for column, texts in ((STRATUM, weights.strata), (SESSION, weights.sessions)):
        levels = tuple(Level(code=text, label=text) for text in dict.fromkeys(texts))
        book[column] = Variable(name=column, kind="single", label="", n=len(texts), columns=(column,), levels=levels)
        frame = frame.append_column(column, pa.array(texts))
    design = replace(survey.design, weights=name, strata=STRATUM, psu=(SESSION,), sample="time-location")
    return replace(survey, frame=frame, codebook=Codebook({**survey.codebook, **book}), design=design)


def _read(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableData("cannot be read as text.", str(path), "Give a csv file in UTF-8.") from error
    dialect = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    return [dict(row) for row in csv.DictReader(StringIO(text), delimiter=dialect)]


def _column(variable: Variable) -> str:
    if len(variable.columns) > 1:
        raise UsageError(f"{variable.name} has several columns and names no place or time.", "--counts")
    return variable.columns[0] if variable.columns else variable.name


def _texts(columns: Columns, listed: Registry, at: int) -> list[str]:
    """A part of the sessions [N] as the registry writes it: the code, or the label where only that is listed."""
    variable = columns.survey.codebook[listed.parts[at]]
    keys, values = keys_of(columns.raw(_column(variable)))
    known = {name[at] for name in listed.names}
    labels = {code_text(level.code): level.label for level in variable.levels}
    texts = [code_text(value).strip() for value in values]
    shown = [text if text in known else labels.get(text, text) for text in texts]
    return [[*shown, ""][key] for key in np.asarray(keys).tolist()]


def _numbers(columns: Columns, name: str | None) -> Floats | None:
    if name is None:
        return None
    if not columns.is_numeric(name):
        raise UsageError(f"{name} is not a column of numbers.", "--crossings", "Name how often each one passes.")
    return floats_of(columns.raw(_column(columns.survey.codebook[name])))
