"""TOML as text: keys, values and comments in which no text from the data can become anything else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

_BARE = re.compile(r"[A-Za-z0-9_-]+")
LONGEST = 160


def text(value: str) -> str:
    """A text in quotes.

    >>> text('He said "no"')
    '"He said \\\\"no\\\\""'
    """
    whole = value.encode("utf-8", errors="replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def key(name: str) -> str:
    """A key, in quotes where it has to be.

    >>> key("sex"), key("water/tap")
    ('sex', '"water/tap"')
    """
    return name if _BARE.fullmatch(name) else text(name)


def value(given: object) -> str:
    """A text, a number, a list or a mapping of them, on one line. Raises ``TypeError``."""
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, str):
        return text(given)
    if isinstance(given, float) and given.is_integer() and abs(given) < 2**53:
        return str(int(given))
    if isinstance(given, int | float):
        return repr(given)
    if isinstance(given, Mapping):
        return "{" + ", ".join(f"{key(str(name))} = {value(each)}" for name, each in given.items()) + "}"
    if isinstance(given, Sequence):
        return "[" + ", ".join(value(each) for each in given) + "]"
    raise TypeError(type(given).__name__)


def comment(said: str) -> str:
    """A comment of one line: line ends and signs that steer a terminal are spaces, long ones are cut."""
    plain = " ".join("".join(each if each.isprintable() else " " for each in said).split())
    return f"# {plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + '…'}"


def setting(name: str, given: object) -> str:
    """``name = value``."""
    return f"{key(name)} = {value(given)}"


def proposed(line: str) -> str:
    """A line that is only proposed."""
    return f"# {line}"
