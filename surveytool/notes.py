"""Caveats that travel with numbers.

A ``Note`` is a code and the values that its sentence needs. It rides from the
reader or the cells to the footnote under the table, and becomes words there,
in the reader's language (``surveytool.text``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ADVICE = frozenset(
    {"weights_hint", "labelled_non_answers", "labels_make_categories", "day_first", "month_first", "leading_zeros"}
)  # for the analyst: on stderr, never under a table


@dataclass(frozen=True, slots=True)
class Note:
    """A caveat: ``code`` names its sentence, ``values`` fill the sentence."""

    code: str
    values: tuple[tuple[str, object], ...] = ()


def note(code: str, **values: object) -> Note:
    """Make a note; values keep the order given, and a list becomes a tuple, so that notes can be told apart.

    >>> note("zero_weights", n=3)
    Note(code='zero_weights', values=(('n', 3),))
    """
    frozen = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return Note(code, tuple(frozen.items()))


def unique(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes in order, each once."""
    return tuple(dict.fromkeys(notes))
