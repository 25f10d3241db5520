"""Caveats that travel with numbers.

A ``Note`` is a code and the values that its sentence needs. It rides from the
reader or the cells to the footnote under the table, and becomes words there,
in the reader's language (``surveytool.text``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ADVICE = frozenset(
    {
        "weights_hint",
        "svyset_hint",
        "label_file",
        "labelled_non_answers",
        "labels_make_categories",
        "day_first",
        "month_first",
        "leading_zeros",
        "nearly_numbers",
        "loa_made",
        "loa_refused",
        "log_applied",
        "log_no_question",
        "log_no_interview",
        "log_no_roster_row",
        "log_old_differs",
        "log_codes_without_column",
        "log_overwritten",
        "log_codes_outside",
    }
)  # for the analyst: on stderr, never under a table

# that answers may not be what they seem: told too where a condition or a recode is made of them
DOUBTS = frozenset(
    {
        "blocks", "excel_dates", "list_differs", "list_in_cell", "no_days", "no_numbers", "number_doubt",
        "number_unclear", "one_answer", "option_base", "portable_missing",
    }
)  # fmt: skip


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
