"""Frozen values against the frozen dataclasses that they stand for."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from typing import Any

import pytest

from surveytool.frozen import frozen


@frozen
class Ours:
    """A place."""

    name: str
    people: int = 0
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    source: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """A place."""

    name: str
    people: int = 0
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    source: str = field(default="", compare=False, repr=False)


KINDS = pytest.mark.parametrize("kind", [Ours, Theirs])


@KINDS
def test_fields_are_given_by_name_else_their_defaults(kind: Any) -> None:
    made = kind(name="Tapachula", people=3)
    assert (made.name, made.people, made.labels, made.source) == ("Tapachula", 3, {}, "")
    assert made.labels is not kind(name="").labels
    assert is_dataclass(kind) and [each.name for each in fields(kind)] == ["name", "people", "labels", "source"]


@KINDS
@pytest.mark.parametrize("given", [{}, {"people": 3}, {"name": "a", "place": 1}, {"people": 1, "place": 1}])
def test_a_missing_or_unknown_name_is_refused(kind: Any, given: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="name" if "place" not in given else "place|name"):
        kind(**given)
    with pytest.raises(TypeError):
        kind("Tapachula")


@KINDS
def test_nothing_can_be_changed_or_added(kind: Any) -> None:
    made = kind(name="a")
    for name, refused in (("name", FrozenInstanceError), ("other", (FrozenInstanceError, TypeError))):
        with pytest.raises(refused):
            setattr(made, name, 1)
    with pytest.raises(FrozenInstanceError, match="name"):
        del made.name
    assert not hasattr(made, "__dict__")


@KINDS
def test_equal_values_are_equal_and_hash_alike(kind: Any) -> None:
    first, second = kind(name="a", labels={"es": "b"}, source="x"), kind(name="a", labels={"es": "b"}, source="y")
    assert first == second and hash(first) == hash(second)
    assert first != kind(name="a") and hash(first) == hash(kind(name="a"))
    assert first != kind(name="b", labels={"es": "b"}) and first != "a"
    with pytest.raises(TypeError):
        hash(kind(name=["a"]))


def test_another_class_with_the_same_fields_is_not_equal() -> None:
    assert Ours(name="a") != Theirs(name="a")


@KINDS
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each)), replace])
def test_copies_are_equal(kind: Any, again: Any) -> None:
    made = kind(name="a", people=2, labels={"es": "b"}, source="x")
    copied = again(made)
    assert copied == made and copied.source == "x" and copied is not made
    assert replace(made, people=5).people == 5 and made.people == 2


def test_values_are_shown_and_signed_as_dataclasses_are() -> None:
    given = {"name": "a", "people": 2}
    assert repr(Ours(**given)).replace("Ours", "Theirs") == repr(Theirs(**given))
    ours, theirs = (inspect.signature(each).parameters for each in (Ours, Theirs))
    assert [(each.name, each.kind, each.annotation) for each in ours.values()] == [
        (each.name, each.kind, each.annotation) for each in theirs.values()
    ]
    assert Ours.__doc__ == "A place." and Ours.__match_args__ == Theirs.__match_args__


@pytest.mark.parametrize("maker", [frozen, dataclass(frozen=True, slots=True, kw_only=True)])
def test_a_class_may_show_itself_in_its_own_way(maker: Any) -> None:
    """A survey shows no respondent, and an address no password."""

    @maker
    class Secret:
        word: str

        def __repr__(self) -> str:
            return "Secret(...)"

    assert repr(Secret(word="canary")) == "Secret(...)"
    assert Secret(word="a") == Secret(word="a") != Secret(word="b")
    assert hash(Secret(word="a")) == hash(Secret(word="a"))
