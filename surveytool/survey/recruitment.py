"""How respondents were found where nobody had a list: by one another, at places, or again in later rounds.

Column names and choices only, so that they are also tables of a study file.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.survey.setting import choice, column_name, column_names, number

Estimator = Literal["rds-i", "rds-ii", "gile-ss", "none"]
RecruitmentVariance = Literal["tree", "neighbourhood", "salganik"]
MissingDegree = Literal["fail", "leave-out", "mean", "largest"]
Orphans = Literal["fail", "seed"]


@frozen
class Recruitment:
    """Respondents who recruited one another: by identifiers (``id`` and ``recruiter``), or by coupons: the one that
    was brought (``coupon``) and those that were handed out (``coupons``).

    ``degree`` is how many people of the population each one knows; ``missing_degree`` what is done where nobody says
    or says 0. ``population`` is its size, for gile-ss and for totals. ``variance`` is how samples are drawn anew,
    ``replicates`` how many, from the random numbers of ``seed``. ``orphans`` are those whose recruiter is not in the
    file.
    """

    id: str | None = None
    recruiter: str | None = None
    coupon: str | None = None
    coupons: tuple[str, ...] = ()
    degree: str | None = None
    population: float | None = None
    estimator: Estimator = "rds-ii"
    variance: RecruitmentVariance = "tree"
    replicates: int = 500
    seed: int = 1
    missing_degree: MissingDegree = "fail"
    orphans: Orphans = "fail"

    @staticmethod
    def __settings__(given: dict[str, Any]) -> dict[str, Any]:
        """The settings as they are kept: one text is one name. Raises ``UsageError``."""
        names = {name: column_name(given[name], name) for name in ("id", "recruiter", "coupon", "degree")}
        coupons = column_names(given["coupons"], "coupons")
        if names["recruiter"] is None and names["coupon"] is None:
            raise UsageError(
                "recruitment needs to know who recruited whom.", "recruiter",
                "Name the columns of the identifier and of the recruiter's: --respondent id --recruiter recruiter; "
                "or of coupons: --coupon brought --coupons given_1 --coupons given_2",
            )  # fmt: skip
        if names["recruiter"] is not None and names["id"] is None:
            raise UsageError(
                "a recruiter needs the respondents' identifiers.", "id", "Write for example --respondent id"
            )
        if names["coupon"] is not None and not coupons:
            raise UsageError("coupons that were brought need those handed out.", "coupons", "Write --coupons NAME")
        choices = {"estimator": Estimator, "variance": RecruitmentVariance,
                   "missing_degree": MissingDegree, "orphans": Orphans}  # fmt: skip
        for name, kind in choices.items():
            choice(given[name], get_args(kind), name)
        number(given["population"], "population", least=0, above=True)
        number(given["replicates"], "replicates", least=20, most=100_000)
        number(given["seed"], "seed", least=0)
        for name in ("replicates", "seed"):
            if int(given[name]) != given[name]:
                raise UsageError("must be a whole number.", name)
        if given["estimator"] == "gile-ss" and given["population"] is None:
            raise UsageError(
                "gile-ss needs the size of the population.", "population",
                "Write for example --population 1000, or use --estimator rds-ii, which needs none.",
            )  # fmt: skip
        if given["estimator"] != "none" and names["degree"] is None:
            raise UsageError(
                f"{given['estimator']} needs to know how many people of the population each respondent knows.",
                "degree", "Name the column: --degree NAME, or use --estimator none.",
            )  # fmt: skip
        if given["estimator"] == "rds-i" and given["variance"] == "neighbourhood":
            raise UsageError("the neighbourhood bootstrap has no transitions for rds-i.", "variance",
                             "Use --recruitment-variance tree or salganik.")  # fmt: skip
        if given["variance"] == "salganik" and names["degree"] is None:
            raise UsageError("salganik draws respondents by their degree.", "degree", "Name the column: --degree NAME")
        return {**given, **names, "coupons": coupons}

    def columns(self) -> tuple[str, ...]:
        """Every column that is named."""
        single = (self.id, self.recruiter, self.coupon, *self.coupons, self.degree)
        return tuple(dict.fromkeys(name for name in single if name is not None))

    @property
    def by_question(self) -> bool:
        """Whether weights or samples depend on the question that is asked."""
        return self.estimator == "rds-i" or self.variance == "salganik"


@frozen
class Rounds:
    """A survey that comes again: ``round`` is the column of the round, ``unit`` of the person (or household) who may
    be in several of them. ``change`` sets each round against another in tables by the round: previous, first, or how
    many rounds before."""

    round: str
    unit: str | None = None
    change: str | None = None

    @staticmethod
    def __settings__(given: dict[str, Any]) -> dict[str, Any]:
        """The settings as they are kept. Raises ``UsageError``."""
        if column_name(given["round"], "round") is None:
            raise UsageError("rounds need the column that names them.", "round", 'Write for example round = "wave"')
        change = None if given["change"] is None else str(given["change"])
        if change not in (None, "previous", "first") and not (change.isdigit() and int(change) > 0):
            raise UsageError(
                f"no change is called {change!r}.", "change", "Write previous, first, or a number of rounds."
            )
        return {**given, "unit": column_name(given["unit"], "unit"), "change": change}
