"""What is wrong with a study file: every problem at once, a line each, with its cure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from surveytool.errors import UsageError
from surveytool.frozen import frozen

MOST_SHOWN = 40


@frozen
class Problem:
    """One thing that is wrong, where, and what to do. ``setting`` is its name in the file: ``tables 2, by``."""

    message: str
    cure: str = ""
    line: int | None = None
    setting: str = ""

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line is not None else ""
        setting = f"{self.setting}: " if self.setting else ""
        return " ".join(f"{place}{setting}{self.message} {self.cure}".split())


class StudyError(UsageError):
    """A study file that cannot be meant; ``problems`` are all that is wrong with it."""

    def __init__(self, where: str, problems: Iterable[Problem]) -> None:
        found = dict.fromkeys(problems)
        self.problems = tuple(sorted(found, key=lambda each: each.line or 0))
        first = self.problems[0]
        super().__init__(first.message, where, first.cure)

    def lines(self) -> Sequence[str]:
        """A line a problem, each with the file's name."""
        shown = [f"{self.where}, {problem}" for problem in self.problems[:MOST_SHOWN]]
        left = len(self.problems) - len(shown)
        return [*shown, f"{self.where}: and {left} more problems."] if left else shown

    def __str__(self) -> str:
        return " · ".join(self.lines())
