"""Caveats are values: equal where they say the same, in the order they arose, each once."""

from __future__ import annotations

import dataclasses

import pytest

from surveytool.notes import Note, note, unique


def test_a_note_keeps_its_values_in_order() -> None:
    assert note("few", n=3, of=10) == Note("few", (("n", 3), ("of", 10)))
    assert note("few", n=3, of=10) != note("few", of=10, n=3)


def test_a_note_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        note("few").code = "many"  # type: ignore[misc]


def test_each_note_is_told_once_where_it_first_came() -> None:
    assert unique([note("b"), note("a", n=1), note("b"), note("a", n=2), note("a", n=1)]) == (
        note("b"), note("a", n=1), note("a", n=2),
    )  # fmt: skip


def test_a_note_of_a_list_can_be_told_apart() -> None:
    made = note("score_never", answers=["7", "8"])
    assert unique([made, note("score_never", answers=("7", "8"))]) == (made,)
    assert dict(made.values)["answers"] == ("7", "8")
