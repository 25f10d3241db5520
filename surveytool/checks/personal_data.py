"""Personal data: columns that may name, reach or locate a respondent, by their names and by what they hold.

Patterns are tried on the distinct texts of a column. No text is ever told, only
the column, what it looks like, and in how many rows it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from surveytool.checks.dates import look_like_days
from surveytool.checks.finding import Finding, Word, finding
from surveytool.checks.labels import labelled
from surveytool.checks.raw_survey import RawSurvey
from surveytool.reading import looks_like_design, looks_personal
from surveytool.reading.personal_name import is_about_having, is_option, personal_kind

SHARE = 0.5

_CONTENT: tuple[tuple[str, str], ...] = (
    ("email", r"[\w.+-]+@[\w-]+(\.[\w-]+)+"),
    ("ip", r"(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}|([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}"),
    ("device", r"([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}|(collect|ee\.[\w.]+|enketo[\w.]*):[\w-]{8,}"),
    ("location", r"[+-]?\d{1,2}\.\d{3,}[ ,;]+[+-]?\d{1,3}\.\d{3,}([ ,;]+-?\d+(\.\d+)?){0,2}"),
    ("phone", r"(\+|00)\d[\d ().-]{7,17}\d|\(?0?\d{2,4}\)?[ .-]\d{3,4}[ .-]?\d{3,4}"),
)


def people(raw: RawSurvey) -> Iterator[Finding]:
    """One finding a kind of personal data, with all of its columns; then texts that people wrote."""
    names_by_kind: dict[str, list[str]] = {}
    for name in raw.names:
        kind = personal(raw, name)
        if kind is not None:
            names_by_kind.setdefault(kind, []).append(name)
    pairs = _coordinates(raw, {name for names in names_by_kind.values() for name in names})
    if pairs:
        names_by_kind["location"] = list(dict.fromkeys([*names_by_kind.get("location", []), *pairs]))
    for kind, names in names_by_kind.items():
        yield finding("warning", "personal", *names, cure="personal", what=Word(f"personal_{kind}"), n=len(names))
    told = {name for names in names_by_kind.values() for name in names}
    written = [
        name for name, variable in raw.book.items()
        if variable.kind == "text" and name not in told and not look_like_days(raw.texts(name))
    ]  # fmt: skip
    if written:
        yield finding("note", "free_texts", *written, cure="free_texts", n=len(written))


def personal(raw: RawSurvey, name: str) -> str | None:
    """The kind of personal data that a column holds, by its name, its label or its content."""
    if name not in raw.people:
        raw.people[name] = _personal(raw, name)
    return raw.people[name]


def _personal(raw: RawSurvey, name: str) -> str | None:
    variable = raw.variable(name)
    inside = variable is None or variable.kind == "multiple"
    values = raw.keys(name)[1]
    if not values:
        return None  # a blank column holds nobody
    by_content = _content(raw, name)
    if by_content is not None:
        return by_content
    if inside or name in raw.options or is_option(name, raw.names):
        return None
    kind = personal_kind(name, raw.title(name))
    if kind is None and not looks_personal(name, raw.title(name)):
        return None
    having = variable is not None and any(labelled(level) for level in variable.levels)
    return None if is_about_having(kind, values, raw.rows, having) else kind or "other"


def _content(raw: RawSurvey, name: str) -> str | None:
    """What half of a column's different texts look like; long whole numbers may be phones by the name alone."""
    texts = raw.texts(name)
    if not texts:
        return None
    sample = texts[:: max(1, len(texts) // 2000)]
    for kind, pattern in _CONTENT:
        hits = sum(bool(re.fullmatch(pattern, text.strip())) for text in sample)
        if hits > SHARE * len(sample) and hits >= min(3, raw.rows):
            return kind
        if kind == "email" and hits >= 3:
            return kind
    return None


def _coordinates(raw: RawSurvey, told: set[str]) -> list[str]:
    """Two neighbouring columns of fine numbers in one small region: perhaps latitude and longitude."""
    coordinates: list[str] = []
    for first, second in zip(raw.names, raw.names[1:], strict=False):
        if first in told or second in told:
            continue
        if _region(raw, first, 90) and _region(raw, second, 180):
            coordinates += [first, second]
    return coordinates


def _region(raw: RawSurvey, name: str, most: float) -> bool:
    """Numbers with five decimals and more within a limit, away from zero and close together."""
    if not raw.is_number(name) or looks_like_design(name):
        return False
    values = raw.floats(name)
    values = values[np.isfinite(values)]
    if len(values) < 10 or np.abs(values).max() > most or len(np.unique(values)) < 0.5 * len(values):
        return False
    centre = abs(float(np.median(values)))
    fine = float((np.abs(values - np.round(values, 4)) > 1e-9).mean())
    return fine > 0.8 and centre > 3 and float(values.max() - values.min()) < min(30.0, centre)
