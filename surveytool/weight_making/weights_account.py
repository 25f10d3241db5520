"""Everything that is told of weights that were made: a value that the page and its words read."""

from __future__ import annotations

from surveytool.frozen import frozen
from surveytool.notes import Note
from surveytool.survey import Survey
from surveytool.weighting.balance import BalanceRow
from surveytool.weighting.weighting_plan import WeightsPlan
from surveytool.weighting.workflow import Weighted


@frozen
class WeightsAccount:
    """The survey with its new columns, the plan, the arrays and each step, what weighting did to each group, notes.

    ``cell`` is the least count of respondents that may be shown; None where nothing is protected.
    """

    survey: Survey
    plan: WeightsPlan
    weighted: Weighted
    balance: tuple[BalanceRow, ...]
    notes: tuple[Note, ...] = ()
    language: str = "en"
    title: str = ""
    cell: int | None = None
