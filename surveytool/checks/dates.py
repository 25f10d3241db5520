"""Dates and ages that cannot be: days that do not exist, other centuries, an end before its start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from surveytool.checks.finding import Finding, finding
from surveytool.checks.raw_survey import RawSurvey
from surveytool.reading.typed_text import DATE

if TYPE_CHECKING:
    from surveytool.arrays import Datetimes


FIRST, LAST = "1900-01-01", "2100-01-01"
YEARS = 5
OLDEST = 115
_STARTS = r"^(start|starttime|start_?time|start_?date|inicio|hora_?inicio|fecha_?inicio|debut|début|inicio)$"
_ENDS = r"^(end|endtime|end_?time|end_?date|fin|hora_?fin|fecha_?fin|fim)$"
DAY = r"^\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}([ T,].*)?$"
_AGE = r"^(age|edad|âge|idade|age_?years|edad_?anos|edad_?años|age_?in_?years|age_?respondent)(_r)?$"


def look_like_days(texts: list[str]) -> bool:
    """Whether nine in ten texts begin as a date does, in any order of day, month and year.

    >>> look_like_days(["5/10/18 4:01", "6/1/18 9:30"]), look_like_days(["1.5", "2.5"])
    (True, False)
    """
    return bool(texts) and sum(bool(re.match(DAY, text)) for text in texts) >= 0.9 * len(texts)


def moments(raw: RawSurvey, name: str) -> Datetimes | None:
    """A column as moments [rows], NaT for blanks and for what is no day; None where it holds no dates."""
    keys, values = raw.keys(name)
    variable = raw.variable(name)
    if variable is not None and variable.kind == "date" and not raw.texts(name):
        parsed = np.array([np.datetime64(value, "s") for value in values], dtype="datetime64[s]")
    else:
        texts = raw.texts(name)
        if len(texts) < 3 or sum(_shaped(text) for text in texts) < 0.9 * len(texts):
            return None
        parsed = np.array([_moment(str(value)) for value in values], dtype="datetime64[s]")
    out: Datetimes = np.append(parsed, np.datetime64("NaT", "s"))[keys]
    return out


def _shaped(text: str) -> bool:
    return bool(re.match(r"^\d{4}-\d\d?-\d\d?(\D|$)", text.strip()))


def _moment(text: str) -> np.datetime64:
    text = text.strip()
    if not re.fullmatch(DATE, text):
        return np.datetime64("NaT", "s")
    try:
        return np.datetime64(text[:19].replace(" ", "T"), "s")
    except ValueError:
        return np.datetime64("NaT", "s")


def dates(raw: RawSurvey) -> Iterator[Finding]:
    """Every column of dates, and pairs of a start and an end."""
    moments_by_name: dict[str, Datetimes] = {}
    for name in raw.names:
        values = moments(raw, name)
        if values is not None:
            moments_by_name[name] = values
            yield from _column(raw, name, values)
    starts = [name for name in moments_by_name if re.match(_STARTS, name.lower())]
    ends = [name for name in moments_by_name if re.match(_ENDS, name.lower())]
    for start, end in zip(starts, ends, strict=False):
        before = int(np.sum(moments_by_name[end] < moments_by_name[start]))
        if before:
            yield finding("warning", "end_before_start", start, end, cure="end_before_start", n=before)


def _column(raw: RawSurvey, name: str, values: Datetimes) -> Iterator[Finding]:
    lost = int((np.isnat(values) & (raw.keys(name)[0] >= 0)).sum())
    if lost:
        yield finding("warning", "no_such_days", name, cure="no_such_days", n=lost)
    valid = values[~np.isnat(values)]
    if len(valid) == 0:
        return
    outside = int(((valid < np.datetime64(FIRST)) | (valid >= np.datetime64(LAST))).sum())
    if outside:
        yield finding("warning", "dates_outside", name, cure="dates_outside", n=outside)
    far = _far(valid)
    if far:
        yield finding("warning", "dates_far", name, cure="dates_outside", n=far, years=YEARS)


def _far(moments: Datetimes) -> int:
    """Dates more than five years from the median, where nineteen in twenty lie within two."""
    seconds = moments.astype(np.int64).astype(np.float64)
    year = 365.25 * 86400
    away = np.abs(seconds - np.median(seconds)) / year
    if len(moments) < 20 or float(np.quantile(away, 0.95)) > 2:
        return 0
    inside = (moments >= np.datetime64(FIRST)) & (moments < np.datetime64(LAST))
    return int(((away > YEARS) & inside).sum())


def ages(raw: RawSurvey) -> Iterator[Finding]:
    """Ages in years below 0 or above 115, the codes that look missing left out."""
    from surveytool.checks.codes import apart

    for name in raw.names:
        if not re.match(_AGE, name.lower()) or not raw.is_number(name):
            continue
        variable = raw.variable(name)
        if variable is None or variable.kind != "number":
            continue
        values = raw.columns.numbers(name)
        values = values[np.isfinite(values)]
        wrong = ((values < 0) | (values > OLDEST)) & ~np.isin(values, apart(values))
        if wrong.any():
            yield finding("warning", "ages_outside", name, cure="ages_outside", n=int(wrong.sum()), oldest=OLDEST)
