"""Settings checked when they are given, from Python as from the command line: names of columns, one word of several."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

from surveytool.errors import UsageError, nearest


def choice(value: Any, choices: Sequence[str], setting: str) -> str:
    """The value, if it is one of those known; else ``UsageError`` with near names."""
    if isinstance(value, str) and value in choices:
        return value
    wrong = f"{value!r} is not known." if isinstance(value, str) else "must be a text."
    raise UsageError(wrong, setting, nearest(value if isinstance(value, str) else "", choices))


def column_name(value: Any, setting: str) -> str | None:
    """The name of a column, or None.

    Raises ``UsageError``.

    >>> column_name(["w"], "weights")
    Traceback (most recent call last):
        ...
    surveytool.errors.UsageError: weights: must be the name of a column, and is a list. Write for example weights="w"
    """
    if value is None or isinstance(value, str):
        return value
    cure = f'Write for example {setting}="w"'
    raise UsageError(f"must be the name of a column, and is a {type(value).__name__}.", setting, cure)


def column_names(value: Any, setting: str) -> tuple[str, ...]:
    """Names of columns; one text is one name.

    Raises ``UsageError``.

    >>> column_names("site", "psu"), column_names(["area", "site"], "psu")
    (('site',), ('area', 'site'))
    """
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    listed = isinstance(value, (tuple, list))
    names = tuple(value) if listed else ()
    if not listed or not all(isinstance(name, str) for name in names):
        cure = f'Write for example {setting}=("area", "site")'
        raise UsageError(f"must be names of columns, and is a {type(value).__name__}.", setting, cure)
    return names


def number(value: Any, setting: str, *, least: float, most: float = inf, above: bool = False) -> Any:
    """A number within its bounds, or None; ``above`` leaves the least one out. Raises ``UsageError``."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UsageError(f"must be a number, and is a {type(value).__name__}.", setting)
    if not (least < value if above else least <= value) or not value <= most:
        bounds = f"{'above' if above else 'at least'} {least:g}" + (f" and at most {most:g}" if most < inf else "")
        raise UsageError(f"must be {bounds}, and is {value:g}.", setting)
    return value


def one_kind(value: Any, kind: type, setting: str) -> Any:
    """A value of a class, or None. Raises ``UsageError``."""
    if value is None or isinstance(value, kind):
        return value
    cure = f"Write for example {setting}=st.{kind.__name__}(...)"
    raise UsageError(f"must be a {kind.__name__}, and is a {type(value).__name__}.", setting, cure)
