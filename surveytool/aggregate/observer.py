"""Who looks at each question while its answers are at hand: the gate that protects respondents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from surveytool.aggregate.grouping import Grouping
from surveytool.aggregate.question import Asked, Question
from surveytool.aggregate.respondent_classes import View
from surveytool.survey import Design, Survey

if TYPE_CHECKING:
    from surveytool.arrays import Floats


class Observer(Protocol):
    """Who looks at each question while its answers are at hand; ``columns`` it needs beside the questions' own."""

    @property
    def columns(self) -> Sequence[str]: ...

    def see(self, run: Grouping, asked: Asked) -> None:
        """One question of rows in memory."""

    def watch(self, survey: Survey) -> Design:
        """The design whose units it looks at, where a stream is to be watched."""

    def number(self, rows: int, first: int, count: int) -> Floats:
        """Numbers [count] of the rows from ``first`` on, of ``rows`` in all."""

    def seen(self, question: Question, views: Sequence[View]) -> None:
        """One question of a stream, from classes of respondents."""
