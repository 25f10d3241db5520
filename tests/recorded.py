"""Outputs that a person has read once: a test fails where they change, and the difference is read before it is kept.

RECORD=1 python -m pytest tests/ROOM/test_recorded.py     # writes what is printed today; then read git diff
"""

from __future__ import annotations

import dataclasses
import math
import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from surveytool.text import LANGUAGES, words

LEFT = ("estimates", "request", "results")  # what a value was made from is recorded where it is made
TESTS = Path(__file__).resolve().parent
SLOW = tuple(  # said where a machine takes long
    f"note: {words(name).fill('protecting', n=1)[:20]}" for name in LANGUAGES
)


def same(room: str, name: str, text: str) -> None:
    """Hold a text against tests/ROOM/recorded/NAME."""
    path = TESTS / room / "recorded" / name
    text = text if text.endswith("\n") else f"{text}\n"
    if os.environ.get("RECORD"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    told = f"tests/{room}/recorded/{name} is not what comes out today. If that is meant: RECORD=1 pytest tests/{room}"
    assert text.splitlines() == kept.splitlines(), told


def plain(value: Any, digits: int = 9) -> Any:
    """Any value as short text: numbers to so many digits, values of ours by their fields that are not empty."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, (int, str)):
        return str(value)
    if hasattr(value, "dtype") or isinstance(value, float):
        return number(value, digits)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
        kept = {
            name: held for name, held in fields.items() if held not in (None, "", (), {}, False) and name not in LEFT
        }
        return f"{type(value).__name__}({', '.join(f'{name}={plain(held, digits)}' for name, held in kept.items())})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{plain(key)}: {plain(held, digits)}" for key, held in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(plain(each, digits) for each in value) + "]"
    return str(value)


def number(value: Any, digits: int) -> str:
    """A number, or an array of them, to so many digits; what is nothing but noise is 0."""
    if getattr(value, "shape", ()):
        return "[" + " ".join(number(each, digits) for each in value) + "]"
    value = value.item() if hasattr(value, "item") else value
    if not isinstance(value, float) or math.isnan(value):
        return str(value)
    return "0" if abs(value) < 1e-12 else f"{value:.{digits}g}"


def rows_text(estimates: Any) -> str:
    """The rows of tables, one a line."""
    lines = []
    for each in estimates:
        lines.append(f"## {each.id} {each.statistic} {each.ci_method} {plain(each.base)} {plain(each.notes)}")
        for row in each.rows:
            by = ",".join(f"{name}={group}" for name, group in row.by.items())
            figures = (row.estimate, row.se, row.ci_low, row.ci_high, row.df, row.deff, row.cv, row.n_weighted)
            shown = " ".join("-" if value is None else number(float(value), 8) for value in figures)
            lines.append(f"{by} | {row.level} | {shown} | {row.count} {row.n} {row.flag} {row.ci_method} {row.trips}")
    return "\n".join(lines)


def ran_text(ran: Any, *places: Path) -> str:
    """What a command did, without the folders of this machine."""
    said = "".join(line for line in ran.err.splitlines(keepends=True) if not line.startswith(SLOW))
    stderr = "--- stderr\n" if said else ""
    text = f"status {ran.status}\n{ran.out}{stderr}{said}"
    for place in places:
        text = text.replace(str(place), "FOLDER")
    return text.replace(str(TESTS.parent), "PROJECT")


def console(room: str, name: str, run: Any, **places: Path) -> None:
    """Run the lines of a recorded file that begin with "$ ", and hold what they print against the file.

    ``{name}`` in a line is one of the places. To record another command, write its line there and RECORD=1.
    """
    recorded = (TESTS / room / "recorded" / name).read_text(encoding="utf-8")
    told = []
    for line in (each for each in recorded.splitlines() if each.startswith("$ ")):
        words = [word.format(**places) for word in shlex.split(line[2:])]
        told.append(f"{line}\n{hidden(ran_text(run(*words)), places)}")
    same(room, name, "\n".join(told))


def hidden(text: str, places: Mapping[str, Path]) -> str:
    """A text with the folders of this machine by their names."""
    for key, place in sorted(places.items(), key=lambda item: -len(str(item[1]))):
        text = text.replace(str(place), key.upper())
    return text
