"""Row and table percentages in R: the groups among those who gave an answer, an answer and a group among all."""

from __future__ import annotations

from surveytool.aggregate import where_language as conditions
from surveytool.estimate.result import Row
from surveytool.replication_code.condition_code import R, answered, holds, written
from surveytool.survey import Codebook, Request

DIALECT = R()


def is_crossed(request: Request, row: Row) -> bool:
    """Whether a row's share is not one of its own group."""
    return request.percent != "column" and bool(row.by) and row.level is not None


def domain(request: Request, row: Row, book: Codebook, answer: str) -> str:
    """Who is asked: all who answered the question and the breakdowns; for row percentages those with the answer."""
    parts = [written(conditions.parse(request.where), book, DIALECT)] if request.where else []
    parts += [answered(book[name], DIALECT) for name in row.by]
    parts.append(answer if request.percent == "row" else answered(book[row.variable], DIALECT))
    return " & ".join(f"({part})" for part in parts)


def share(request: Request, row: Row, book: Codebook, answer: str) -> str:
    """What the share is of: the answer, the group, or both."""
    if not is_crossed(request, row):
        return answer
    groups = [holds(book[name], label, DIALECT) for name, label in row.by.items()]
    parts = groups if request.percent == "row" else [answer, *groups]
    return "(" + " & ".join(f"({part})" for part in parts) + ")"
