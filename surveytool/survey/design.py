"""How the sample was drawn: column names only, so that it is also a table of a study file.

Terms and meanings follow R's survey package and Stata's svyset. Without any
column the design is simple random sampling with replacement, every respondent
with weight 1.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Literal, get_args

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.survey.recruitment import Recruitment, Rounds
from surveytool.survey.setting import choice, column_name, column_names, number, one_kind

LonelyPsu = Literal["fail", "remove", "certainty", "adjust", "average"]
ReplicateMethod = Literal["brr", "fay", "jk1", "jkn", "bootstrap", "sdr", "other"]
Sample = Literal["probability", "quota", "convenience", "census", "rds", "time-location"]


@frozen
class Replicates:
    """Replicate weights. ``columns`` are column names or one glob (``rw*``).

    ``scale`` and ``rscales`` as in R's ``svrepdesign``: the variance is
    ``scale * sum_r rscales[r] * (theta_r - centre)**2``; the centre is the full
    sample's estimate where ``mse``, else the replicates' mean. ``combined`` says
    that the columns are whole weights, not factors of the main weight.
    """

    columns: tuple[str, ...]
    method: ReplicateMethod
    scale: float | None = None
    rscales: tuple[float, ...] | None = None
    fay_rho: float = 0.0
    mse: bool | None = None
    combined: bool = True
    df: float | None = None

    @staticmethod
    def __settings__(given: dict[str, Any]) -> dict[str, Any]:
        """The settings as they are kept: one text is one name or glob. Raises ``UsageError``."""
        columns = column_names(given["columns"], "columns")
        if not columns:
            raise UsageError("replicate weights need columns.", "columns", 'Write for example columns="rw*"')
        number(given["scale"], "scale", least=0, above=True)
        number(given["fay_rho"], "fay_rho", least=0, most=1)
        number(given["df"], "df", least=0, above=True)
        return {**given, "columns": columns, "method": choice(given["method"], get_args(ReplicateMethod), "method")}


@frozen
class Calibrated:
    """What the weights were made to meet: the totals of ``margins``, groups of categories and sums of numbers.

    The variance is then that of what the margins leave unexplained, by a regression under ``base_weights``, the
    weights before (None: all the same), as R's ``calibrate`` and ``postStratify``. ``raked`` asks for the residuals
    of R's ``rake``, which takes unweighted means, ten times around.
    """

    margins: tuple[str, ...]
    base_weights: str | None = None
    raked: bool = False

    @staticmethod
    def __settings__(given: dict[str, Any]) -> dict[str, Any]:
        """The settings as they are kept: one text is one name. Raises ``UsageError``."""
        margins = column_names(given["margins"], "margins")
        if not margins:
            raise UsageError("calibrated weights need margins.", "margins", 'Write for example margins="sex"')
        return {**given, "margins": margins, "base_weights": column_name(given["base_weights"], "base_weights")}


@frozen
class Design:
    """The sampling design by column names; ``psu`` and ``fpc`` hold one name a stage, one text is one name."""

    weights: str | None = None
    strata: str | None = None
    psu: tuple[str, ...] = ()
    fpc: tuple[str, ...] = ()
    nest: bool = True
    replicates: Replicates | None = None
    lonely_psu: LonelyPsu = "fail"
    sample: Sample = "probability"
    df: float | None = None
    calibrated: Calibrated | None = None
    recruitment: Recruitment | None = None
    rounds: Rounds | None = None
    as_if_random: bool = False

    @staticmethod
    def __settings__(given: dict[str, Any]) -> dict[str, Any]:
        """The settings as they are kept: one text is one name; who is in several rounds is the PSU where none is named.

        Raises ``UsageError``.
        """
        one_kind(given["replicates"], Replicates, "replicates")
        one_kind(given["recruitment"], Recruitment, "recruitment")
        one_kind(given["rounds"], Rounds, "rounds")
        one_kind(given["calibrated"], Calibrated, "calibrated")
        number(given["df"], "df", least=0, above=True)
        choice(given["lonely_psu"], get_args(LonelyPsu), "lonely_psu")
        choice(given["sample"], get_args(Sample), "sample")
        names = {name: column_name(given[name], name) for name in ("weights", "strata")}
        stages = {name: column_names(given[name], name) for name in ("psu", "fpc")}
        recruited(given)
        rounds = given["rounds"]
        if rounds is not None and rounds.unit is not None and not stages["psu"] and given["recruitment"] is None:
            stages["psu"] = (rounds.unit,)
        sample = "rds" if given["recruitment"] is not None and given["sample"] == "probability" else given["sample"]
        return {**given, **names, **stages, "sample": sample}

    def __repr__(self) -> str:
        """What was said of the design; the rest is as usual."""
        usual = {field.name: field.default for field in fields(self)}
        said = {name: getattr(self, name) for name in usual if getattr(self, name) != usual[name]}
        return f"Design({', '.join(f'{name}={value!r}' for name, value in said.items())})"

    def unweighted(self) -> Design:
        """The same sample with everybody counted once: nothing makes weights or variance."""
        return Design(sample=self.sample if self.recruitment is None else "convenience", as_if_random=self.as_if_random)

    @property
    def intervals_hidden(self) -> bool:
        """Whether pages print no interval: chance did not choose the sample, nothing corrects it, and nobody asked."""
        adjusted = self.calibrated is not None or self.replicates is not None
        return self.sample in ("quota", "convenience") and not self.as_if_random and not adjusted

    @property
    def weighted(self) -> bool:
        """Whether respondents count differently."""
        estimated = self.recruitment is not None and self.recruitment.estimator != "none"
        return self.weights is not None or self.replicates is not None or estimated

    @property
    def replicated(self) -> bool:
        """Whether errors come from samples drawn anew: replicate weights, or recruitment."""
        return self.replicates is not None or self.recruitment is not None

    @property
    def units_unknown(self) -> bool:
        """Whether there are rounds and nothing says who may be in several of them."""
        return self.rounds is not None and self.rounds.unit is None and not self.psu and self.recruitment is None

    @property
    def needs_respondents(self) -> bool:
        """Whether every respondent is needed in memory: residuals of margins, who recruited whom, who comes again."""
        return self.calibrated is not None or self.recruitment is not None or self.units_unknown

    def columns(self) -> tuple[str, ...]:
        """Every column that the design names, replicate globs left out, each once."""
        named = [self.weights, self.strata, *self.psu, *self.fpc]
        named += [self.calibrated.base_weights, *self.calibrated.margins] if self.calibrated is not None else []
        named += self.recruitment.columns() if self.recruitment is not None else ()
        named += [self.rounds.round, self.rounds.unit] if self.rounds is not None else []
        return tuple(dict.fromkeys(name for name in named if name is not None))


def recruited(given: dict[str, Any]) -> None:
    """Refuse a design that says how respondents recruited one another and something that does not go with it."""
    if given["recruitment"] is None:
        if given["sample"] == "rds":
            raise UsageError(
                "a sample by recruitment needs to know who recruited whom.", "recruitment",
                "Write [design.recruitment] with id, recruiter and degree, or --respondent, --recruiter and --degree.",
            )  # fmt: skip
        return
    if given["sample"] not in ("rds", "probability"):
        raise UsageError(f"respondents who recruited one another are no {given['sample']} sample.", "sample",
                         'Write sample = "rds".')  # fmt: skip
    if given["weights"] is not None and given["recruitment"].estimator != "none":
        raise UsageError(
            f"weights and the estimator {given['recruitment'].estimator} are two answers to one question.", "weights",
            "Leave the weights out, or take them as they are: --estimator none.",
        )  # fmt: skip
    for name in ("psu", "strata", "fpc", "replicates", "calibrated"):
        if given[name]:
            raise UsageError(f"{name} and recruitment cannot both make the variance.", name, "Leave one of them out.")
