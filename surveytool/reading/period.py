"""Months, quarters, weeks and half-years of Stata and SPSS: categories with a name, in their order, and no numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool import arrow
from surveytool.reading.loaded import Meta

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPSS_EPOCH = -12219379200  # 1582-10-14 in seconds from 1970-01-01
DAY = 86400
PERIODS = {"TM": ("m", 12), "TQ": ("q", 4), "TW": ("w", 52), "TH": ("h", 2)}  # Stata's, counted from 1960
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]


def floored(numbers: NDArray[np.float64], form: str) -> NDArray[np.float64]:
    """SPSS's moments [rows] as the first day of their quarter, month or week; other columns as they are."""
    kind = re.match(r"(QYR|MOYR|WKYR)\d", form.upper())
    known = np.isfinite(numbers) & (np.abs(numbers) < 2.5e11)
    if kind is None or not known.any():
        return numbers
    days = np.floor((numbers[known] + SPSS_EPOCH) / DAY).astype(np.int64).astype("datetime64[D]")
    if kind[1] == "WKYR":
        first = days.astype("datetime64[Y]").astype("datetime64[D]")
        start = first + (days - first) // 7 * 7
    else:
        step = 3 if kind[1] == "QYR" else 1
        months = days.astype("datetime64[M]").astype(np.int64) // step * step
        start = months.astype("datetime64[M]").astype("datetime64[D]")
    made = numbers.copy()
    made[known] = start.astype(np.int64) * float(DAY) - SPSS_EPOCH
    return made


def with_periods(meta: Meta, values: Any, form: str) -> Meta:
    """What a file says of a column of months, quarters, weeks or half-years: each of them is a category with a name."""
    name = _period(form.upper().lstrip("%-"))
    if name is None:
        return meta
    found = arrow.call("unique", values).to_pylist()
    labels = {value: name(value) for value in sorted(value for value in found if value is not None)}
    labels = {value: label for value, label in labels.items() if label}
    return replace(meta, labels={**labels, **meta.labels}, kind=meta.kind or "single") if labels else meta


def _period(form: str) -> Callable[[float], str] | None:
    """How a format writes a value; None for formats that are no period."""
    if form[:2] in PERIODS:
        letter, parts = PERIODS[form[:2]]
        return lambda value: _part(1960 + int(value // parts), letter, int(value % parts) + 1)
    kind = re.match(r"(QYR|MOYR|WKYR|MONTH|WKDAY)\d", form)
    if kind is None:
        return None
    if kind[1] in ("MONTH", "WKDAY"):
        names = MONTHS if kind[1] == "MONTH" else DAYS
        return lambda value: names[int(value) - 1] if 1 <= value <= len(names) and value == int(value) else ""
    return lambda value: _spss_period(value, kind[1])


def _part(year: int, letter: str, part: int) -> str:
    """A part of a year, so that its texts sort.

    >>> _part(2022, "q", 1), _part(2022, "m", 3)
    ('2022-Q1', '2022-03')
    """
    return f"{year}-{part:02}" if letter == "m" else f"{year}-{letter.upper()}{part:02}" if letter == "w" else (
        f"{year}-{letter.upper()}{part}"
    )  # fmt: skip


def _spss_period(seconds: float, kind: str) -> str:
    """The quarter, month or week of SPSS's seconds; "" outside of the calendar."""
    try:
        day = datetime(1970, 1, 1) + timedelta(seconds=seconds + SPSS_EPOCH)
    except OverflowError:
        return ""
    letter = {"QYR": "q", "MOYR": "m", "WKYR": "w"}[kind]
    part = {"q": (day.month + 2) // 3, "m": day.month, "w": (day.timetuple().tm_yday + 6) // 7}[letter]
    return _part(day.year, letter, part)
