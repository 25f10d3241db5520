"""A form as a value: its questions in order, its lists of choices, its languages.

A question knows the groups that it stands in, so that its path in an export and everybody who was asked it
(its own ``relevant`` and those of all groups above) can be told. Labels are by language, ``""`` where the form
has none; ``row`` is the line of the sheet, for messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Literal

from surveytool.frozen import frozen

Labels = Mapping[str, str]
Use = Literal["single", "multiple", "number", "date", "text", "calculated", "none"]
OTHER = "other"  # the code that or_other adds to a list, and the end of the name of what people wrote

PERSONAL = frozenset(
    {
        "geopoint", "geotrace", "geoshape", "start-geopoint", "image", "audio", "video", "file", "background-audio",
        "barcode", "phonenumber", "deviceid", "subscriberid", "simserial", "username", "email", "audit",
    }
)  # fmt: skip
METADATA = frozenset(
    {
        "start",
        "end",
        "today",
        "audit",
        "deviceid",
        "subscriberid",
        "simserial",
        "phonenumber",
        "username",
        "email",
        "start-geopoint",
        "background-audio",
    }
)  # what the device adds; exports may leave it out


@frozen
class Choice:
    """An answer of a list."""

    code: str
    labels: Labels = field(default_factory=dict)
    row: int = 0


@frozen
class Group:
    """A group or a repeat with its own condition; ``repeat`` has a sheet of its own in an export."""

    name: str
    labels: Labels = field(default_factory=dict)
    relevant: str = ""
    repeat: bool = False
    row: int = 0


@frozen
class FormQuestion:
    """One line of the sheet ``survey`` that can hold an answer.

    ``choices`` are those of its list in their order, with ``other`` where the form adds it; ``open_list`` says that
    they are not all known (a list in a file). ``use`` is what the answers are.
    """

    name: str
    type: str
    use: Use
    groups: tuple[Group, ...] = ()
    labels: Labels = field(default_factory=dict)
    list_name: str = ""
    choices: tuple[Choice, ...] = ()
    open_list: bool = False
    or_other: bool = False
    relevant: str = ""
    constraint: str = ""
    calculation: str = ""
    required: bool = False
    row: int = 0

    @property
    def path(self) -> tuple[str, ...]:
        """The names of its groups and its own."""
        return (*(group.name for group in self.groups if group.name), self.name)

    @property
    def is_asked(self) -> bool:
        """Whether people answer it: no notice, no calculation, nothing that the device adds."""
        return self.use not in ("none", "calculated") and self.type not in METADATA

    @property
    def repeat(self) -> str:
        """The innermost repeat that it stands in, "" for a question of the interview itself."""
        return next((group.name for group in reversed(self.groups) if group.repeat), "")

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions under which it was asked: all of them have to hold."""
        return tuple(text for text in (*(group.relevant for group in self.groups), self.relevant) if text)

    def conditions_below(self, repeat: str) -> tuple[str, ...]:
        """The conditions inside a repeat ("" for the interview): that it has a row says that those above hold."""
        start = next((index + 1 for index, group in enumerate(self.groups) if group.repeat and group.name == repeat), 0)
        own = (*(group.relevant for group in self.groups[start:]), self.relevant)
        return tuple(text for text in own if text)

    @property
    def personal(self) -> bool | None:
        """Whether its type alone says that it tells who people are; None where only name and label can."""
        if self.type in PERSONAL:
            return True
        return False if self.use in ("single", "multiple") else None


@frozen
class Doubt:
    """Something of the form that was read all the same: a key of words, where, and its values."""

    key: str
    sheet: str
    row: int
    name: str = ""


@frozen
class Form:
    """A form. ``questions`` are in the order of the sheet, by a name that is theirs alone (``key_of``)."""

    path: str
    questions: tuple[FormQuestion, ...]
    languages: tuple[str, ...] = ()
    default_language: str = ""
    title: str = ""
    version: str = ""
    doubts: tuple[Doubt, ...] = ()

    def keys(self) -> dict[str, FormQuestion]:
        """The questions by the name that a study calls them: their own, or their path where several share it."""
        seen: dict[str, int] = {}
        for question in self.questions:
            seen[question.name] = seen.get(question.name, 0) + 1
        return {
            (question.name if seen[question.name] == 1 else "/".join(question.path)): question
            for question in self.questions
        }

    def in_repeat(self, name: str) -> Iterator[FormQuestion]:
        """The questions of one repeat, or of the interview itself for ""."""
        return (question for question in self.questions if question.repeat == name)
