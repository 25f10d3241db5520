"""``[adjust]``: what a sample that chose itself is adjusted to, by which variables, and how."""

from __future__ import annotations

from typing import Any, Literal, get_args

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.survey.setting import choice, column_name, column_names, number

AdjustMethod = Literal["ipw", "impute", "dr"]
Participation = Literal["ml", "calibrated"]
LinkName = Literal["logit", "probit", "cloglog"]
Family = Literal["linear", "logistic", "poisson"]
VarianceName = Literal["nonprobsvy", "linearised"]
METHODS: tuple[str, ...] = get_args(AdjustMethod)


@frozen
class AdjustPlan:
    """``[adjust]``: ``reference`` is a survey (a file or a study) that knows the population, or ``totals`` its totals.

    ``by`` names the variables that both have; ``outcome`` what is estimated, in ``group`` too. ``method`` is ipw,
    impute or dr (all where none is named). ``participation`` says how chances to take part are estimated (ml or
    calibrated), under ``link``; ``family`` is the outcome's model. ``own_size`` divides weighted sums by their own
    weights. ``variance`` is as R's nonprobsvy prints it, where it has a formula for it, or linearised.
    """

    reference: str | None = None
    totals: str | None = None
    reference_weights: str | None = None
    reference_psu: tuple[str, ...] = ()
    reference_strata: str | None = None
    by: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    method: AdjustMethod | None = None
    participation: Participation | None = None
    link: LinkName = "logit"
    family: Family | None = None
    own_size: bool = False
    variance: VarianceName = "nonprobsvy"
    level: float = 0.95

    @staticmethod
    def __settings__(given: dict[str, Any]) -> dict[str, Any]:
        """The settings as they are kept. Raises ``UsageError``."""
        for name, kind in (("link", LinkName), ("variance", VarianceName)):
            choice(given[name], get_args(kind), name)
        for name, kind in (("method", AdjustMethod), ("participation", Participation), ("family", Family)):
            if given[name] is not None:
                choice(given[name], get_args(kind), name)
        number(given["level"], "level", least=0.5, most=0.9999)
        names = {name: column_names(given[name], name) for name in ("by", "outcome", "group", "reference_psu")}
        single = {name: column_name(given[name], name) for name in ("reference_weights", "reference_strata")}
        return {**given, **names, **single}

    def methods(self) -> tuple[str, ...]:
        """The methods that are asked for."""
        return METHODS if self.method is None else (self.method,)

    def check(self) -> None:
        """Whether it says enough to begin. Raises ``UsageError``."""
        if (self.reference is None) == (self.totals is None):
            cure = "Name one of --reference and --totals."
            raise UsageError("adjusting needs a reference survey, or totals.", "--reference", cure)
        if not self.by:
            cure = "Write --by NAME, once for each."
            raise UsageError("adjusting needs variables that both surveys have.", "--by", cure)
        if not self.outcome:
            raise UsageError("adjusting needs an outcome.", "--outcome", "Write --outcome NAME, once for each.")
        twice = [name for name in self.outcome if name in self.by]
        if twice:
            raise UsageError(f"{twice[0]} cannot adjust itself.", "--by", "Take it out.")
        if self.totals is not None and self.participation == "ml":
            raise UsageError("maximum likelihood needs a reference survey.", "--participation", "Write calibrated.")
        if self.group and self.totals is not None:
            raise UsageError("groups need a reference survey.", "--group", "Name --reference.")
