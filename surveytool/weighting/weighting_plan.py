"""How a study's weights are made: ``[weights]`` with a base, its ``[[weights.steps]]`` in order, and replicates.

[weights]
base = "w0"
replicates = "bootstrap:200"
[[weights.steps]]
kind = "nonresponse"
respondent = "result == 'completed'"
cells = ["region", "sex"]
[[weights.steps]]
kind = "calibrate"
margins = {sex = {Male = 0.49, Female = 0.51}, age_group = {18-29 = 0.4, 30+ = 0.6}}
[[weights.steps]]
kind = "trim"
high = 4
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Literal, get_args

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.survey.setting import choice, column_name, column_names, number
from surveytool.weighting.margins import Margin, margin_of
from surveytool.weighting.new_weights import METHODS
from surveytool.weighting.replicate_factors import ReplicatePlan, replicate_plan
from surveytool.weighting.trimming import TrimmingRule

Kind = Literal["eligibility", "nonresponse", "calibrate", "trim"]
TakenUp = Literal["fuller", "opsomer"]
OWN = {
    "eligibility": ("where",),
    "nonresponse": ("respondent", "cells", "propensity", "classes"),
    "calibrate": (
        "margins", "margins_file", "covariance", "margins_from", "reference_weights", "reference_psu",
        "reference_strata", "reference_method", "method", "bounds", "size",
    ),
    "trim": ("low", "high", "of", "iqr"),
}  # fmt: skip


@frozen
class WeightingStep:
    """``[[weights.steps]]``: one step of the weights, by its ``kind``; the other settings belong to one kind each.

    ``eligibility``: ``where`` says who is of the population. ``nonresponse``: ``respondent`` says who answered, by
    ``cells`` or a ``propensity`` model (in ``classes``, if given). ``calibrate``: ``margins`` (or ``margins_file``
    with ``covariance``, or names of them with ``margins_from``), ``method``, ``bounds``, ``size``. ``trim``: ``low``
    and ``high`` times the ``mean`` or ``median``, or ``iqr``; margins met before are met again within the limits.
    """

    kind: Kind
    where: str | None = None
    respondent: str | None = None
    cells: tuple[str, ...] = ()
    propensity: tuple[str, ...] = ()
    classes: int | None = None
    margins: Mapping[str, Mapping[str, float | str] | float] | tuple[str, ...] | None = None
    margins_file: str | None = None
    covariance: str | None = None
    margins_from: str | None = None
    reference_weights: str | None = None
    reference_psu: tuple[str, ...] = ()
    reference_strata: str | None = None
    reference_method: TakenUp = "fuller"
    method: str | None = None
    bounds: tuple[float, ...] | None = None
    size: float | None = None
    low: float | None = None
    high: float | None = None
    of: Literal["mean", "median"] = "mean"
    iqr: float | None = None

    @staticmethod
    def __settings__(given: dict[str, Any]) -> dict[str, Any]:
        """The settings as they are kept, those of another kind refused. Raises ``UsageError``."""
        kind = choice(given["kind"], get_args(Kind), "kind")
        usual = {field.name: field.default for field in fields(WeightingStep) if field.name != "kind"}
        for name, value in given.items():
            if name != "kind" and name not in OWN[kind] and value != usual[name]:
                owner = next(each for each, names in OWN.items() if name in names)
                raise UsageError(f"belongs to a step of the kind {owner}, not {kind}.", name, "Take it out.")
        listed = {name: column_names(given[name], name) for name in ("cells", "propensity", "reference_psu")}
        made = {**given, **listed, "reference_weights": column_name(given["reference_weights"], "reference_weights")}
        CHECKED[kind](made)
        return made

    def rule(self) -> TrimmingRule:
        """The limits of a trimming step."""
        return TrimmingRule(low=self.low, high=self.high, of=self.of, iqr=self.iqr)

    def margin_names(self) -> tuple[str, ...]:
        """The variables of the margins that stand in the study file."""
        return tuple(self.margins or ())

    def written(self) -> tuple[Margin, ...]:
        """The margins that stand in the study file with their targets. Raises ``UsageError``."""
        if not isinstance(self.margins, Mapping):
            return ()
        return tuple(written_in_file(name, value) for name, value in self.margins.items())


def written_in_file(name: str, value: Any) -> Margin:
    """A margin as a study file has it: groups with their targets, or a number's total. Raises ``UsageError``."""
    groups: dict[str | None, object] = {**value} if isinstance(value, Mapping) else {None: value}
    return margin_of(name, groups, "margins")


def _eligibility(given: Mapping[str, Any]) -> None:
    if given["where"] is None:
        raise UsageError(
            "an eligibility step says who is of the population.", "where", "Write where = \"status == 'eligible'\""
        )


def _nonresponse(given: Mapping[str, Any]) -> None:
    if given["respondent"] is None:
        raise UsageError(
            "a nonresponse step says who answered.", "respondent", "Write respondent = \"result == 'completed'\""
        )
    if bool(given["cells"]) == bool(given["propensity"]):
        raise UsageError(
            "a nonresponse step has cells, or a propensity.",
            "cells",
            'Write cells = ["region"] or propensity = ["age"]',
        )
    number(given["classes"], "classes", least=2, most=100)
    if given["classes"] is not None and not given["propensity"]:
        raise UsageError("classes are of a propensity.", "classes", "Take it out.")


def _calibrate(given: Mapping[str, Any]) -> None:
    sources = [name for name in ("margins_file", "margins_from") if given[name] is not None]
    named = isinstance(given["margins"], tuple)
    if isinstance(given["margins"], Mapping):
        sources.append("margins")
    if len(sources) != 1:
        raise UsageError(
            "a calibrate step has its margins from one place.",
            "margins",
            "Write margins, margins_file or margins_from.",
        )
    if named != (given["margins_from"] is not None):
        raise UsageError(
            "names of margins go with margins_from.",
            "margins",
            'Write margins = ["sex"] and margins_from = "other.csv"',
        )
    if given["method"] is not None:
        choice(given["method"], METHODS, "method")
    if given["bounds"] is not None and len(given["bounds"]) != 2:
        raise UsageError("needs two numbers, below and above 1.", "bounds", "Write bounds = [0.3, 3]")
    number(given["size"], "size", least=0, above=True)
    choice(given["reference_method"], get_args(TakenUp), "reference_method")
    if isinstance(given["margins"], Mapping):
        for name, value in given["margins"].items():
            written_in_file(name, value)


def _trim(given: Mapping[str, Any]) -> None:
    if given["high"] is None and given["low"] is None and given["iqr"] is None:
        raise UsageError("a trim step needs a limit.", "high", "Write high = 4, low = 0.2 or iqr = 6.")
    number(given["low"], "low", least=0, most=1)
    number(given["high"], "high", least=1, above=True)
    number(given["iqr"], "iqr", least=0, above=True)
    choice(given["of"], ("mean", "median"), "of")


CHECKED = {"eligibility": _eligibility, "nonresponse": _nonresponse, "calibrate": _calibrate, "trim": _trim}


@frozen
class WeightsPlan:
    """``[weights]``: weights to be made. ``base`` is the column before (none: all the same), ``name`` the new one.

    ``replicates`` is a method and a count (``bootstrap:200``, ``jkn``); ``compare`` names variables beside the
    margins whose balance the report shows.
    """

    base: str | None = None
    name: str = "calibrated_weight"
    replicates: str | None = None
    seed: int = 1
    fay_rho: float = 0.5
    compare: tuple[str, ...] = ()
    steps: tuple[WeightingStep, ...] = ()

    @staticmethod
    def __settings__(given: dict[str, Any]) -> dict[str, Any]:
        """The settings as they are kept. Raises ``UsageError``."""
        if given["replicates"] is not None:
            replicate_plan(given["replicates"])
        number(given["fay_rho"], "fay_rho", least=0, most=1)
        return {
            **given, "base": column_name(given["base"], "base"), "compare": column_names(given["compare"], "compare"),
            "steps": tuple(given["steps"]),
        }  # fmt: skip

    def replicated(self) -> ReplicatePlan | None:
        """How replicates are made; None where none are asked for."""
        return None if self.replicates is None else replicate_plan(self.replicates, self.seed, self.fay_rho)

    def conditions(self) -> Iterator[tuple[int, str, str]]:
        """Every condition of the steps: the step's number from 0, the setting, the text."""
        for index, step in enumerate(self.steps):
            for name in ("where", "respondent"):
                text = getattr(step, name)
                if text is not None:
                    yield index, name, text
