"""A column's cells as Python values: codes, tags in their places, days and texts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from surveytool.writing.sheet import Column


def cells(column: Column) -> list[Any]:
    """Numbers (whole ones as integers), texts, moments, None; a tag stands where its number would."""
    values: list[Any] = column.values.to_pylist()
    if column.type == "number":
        values = [_number(value) for value in values]
    if column.tags is None:
        return values
    tags = column.tags.to_pylist()
    return [value if tag is None else tag for value, tag in zip(values, tags, strict=True)]


def _number(value: Any) -> Any:
    if value is None or value != value:
        return None
    number = float(value) if not isinstance(value, int) else value
    return int(number) if isinstance(number, float) and number.is_integer() and abs(number) < 2**53 else number


def moment(value: Any) -> str:
    """A day, or a moment, as ISO text.

    >>> moment(datetime(2023, 2, 8)), moment(datetime(2023, 2, 8, 9, 30))
    ('2023-02-08', '2023-02-08T09:30:00')
    """
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) != (0, 0, 0):
        return value.replace(microsecond=0, tzinfo=None).isoformat()
    day = value.date() if isinstance(value, datetime) else value
    return day.isoformat() if isinstance(day, date) else str(value)
