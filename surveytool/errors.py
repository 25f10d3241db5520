"""The error tree: one line of what went wrong, where, and the cure.

The command line catches ``SurveytoolError`` and nothing else. Each branch
carries the exit status that scripts rely on: 2 usage or study file, 3 data
unreadable, 4 design unusable. Messages name files, columns and options; they
never quote a respondent's answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

MOST_NAMES = 15


class SurveytoolError(Exception):
    """Something a person can mend: the message, where it happened, the cure."""

    exit_status = 1

    def __init__(self, message: str, where: str = "", cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.cure = cure

    def lines(self) -> Sequence[str]:
        """What a person reads: one line, unless there are several things to mend."""
        return (str(self),)

    def __str__(self) -> str:
        prefix = f"{self.where}: " if self.where else ""
        cure = f" {self.cure}" if self.cure else ""
        return " ".join(f"{prefix}{self.message}{cure}".split())

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[SurveytoolError], arguments: tuple[Any, ...], state: dict[str, Any]) -> SurveytoolError:
    """An error from another process, as it was there."""
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    error.__dict__.update(state)
    return error


class UsageError(SurveytoolError):
    """A command, an option or a study file that cannot be meant."""

    exit_status = 2


class UnknownVariable(UsageError):
    """A name that the data do not have, with its nearest neighbours."""

    def __init__(self, name: str, columns: Iterable[str], where: str = "") -> None:
        names = list(columns)
        self.name = name
        self.near = near_names(name, names)
        super().__init__(
            f"no variable named {name!r}.", where, several_names(name, names) or _instead(self.near, names)
        )


def several_names(name: str, columns: Iterable[str]) -> str:
    """The cure for names with commas between them; empty where they are none.

    >>> several_names("sex,age", ["sex", "age"])
    'For two breakdowns write --by sex --by age; crossed: --by sex:age'
    """
    parts, names = [part.strip() for part in name.split(",")], set(columns)
    if len(parts) < 2 or not all(part in names for piece in parts for part in piece.split(":")):
        return ""
    return f"For two breakdowns write {' '.join(f'--by {part}' for part in parts)}; crossed: --by {':'.join(parts)}"


def _instead(near: list[str], names: list[str]) -> str:
    """Near names, else some that there are, and where all of them stand."""
    if near or not names:
        return did_you_mean(near)
    shown, rest = names[:MOST_NAMES], len(names) - MOST_NAMES
    more = f" and {rest} more. See them with: surveytool codebook FILE" if rest > 0 else "."
    return f"It has: {', '.join(shown)}{more}"


class UnreadableData(SurveytoolError):
    """A data file that is missing, broken, or not what its name says."""

    exit_status = 3


class UnusableDesign(SurveytoolError):
    """A sampling design that cannot give an honest variance."""

    exit_status = 4


def near_names(name: str, names: Iterable[str], count: int = 3) -> list[str]:
    """The names closest to ``name``, nearest first; case is forgiven.

    >>> near_names("wieght", ["weight", "sex", "Weighting"])
    ['weight', 'Weighting']
    """
    from difflib import get_close_matches

    lower: dict[str, str] = {}
    for candidate in names:
        lower.setdefault(candidate.lower(), candidate)
    close = get_close_matches(name.lower(), list(lower), n=count, cutoff=0.6)
    starts = [low for low in lower if low.startswith(name.lower()) and low not in close]
    return [lower[low] for low in (close + starts)[:count]]


def nearest(name: str, names_known: Iterable[str], other: str = "") -> str:
    """The cure for a name that is not known: the nearest ones, else ``other``, else all that may be written.

    >>> nearest("menas", ["mean", "total"]), nearest("x", ["mean", "total"])
    ("Did you mean 'mean'?", 'Write one of: mean, total')
    """
    names = list(names_known)
    near = near_names(name, names)
    return did_you_mean(near) if near else other or f"Write one of: {', '.join(names)}"


def unknown(what: str, name: str, names: Iterable[str], where: str = "", cure: str = "") -> UsageError:
    """The error for a name that nothing has; ``cure`` is for names that resemble none."""
    return UsageError(f"no {what} is called {name!r}.", where, nearest(name, names, cure))


def no_answer(variable: str, text: str, labels: Iterable[str], where: str = "", what: str = "answer") -> UsageError:
    """The error for an answer (a group, an option) that a question does not have."""
    labels_known = list(labels)
    has = f"It has {', '.join(map(repr, labels_known[:8]))}." if labels_known else "It has none."
    return UsageError(f"{variable} has no {what} {text!r}.", where, nearest(text, labels_known, has))


def did_you_mean(near: list[str]) -> str:
    """A cure from near names: ``Did you mean 'sex' or 'age'?``"""
    if not near:
        return "See the names with: surveytool codebook FILE"
    return f"Did you mean {' or '.join(repr(name) for name in near)}?"
