"""What is asked of ``weight``, from the command line or Python: options over the study's ``[weights]``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.survey import Design
from surveytool.weighting import Margin
from surveytool.weighting.weighting_plan import WeightingStep, WeightsPlan

NAME = "calibrated_weight"
REFERENCE = ("reference_weights", "reference_psu", "reference_strata", "reference_method", "covariance")


@frozen
class WeightRequest:
    """The options of ``weight``; None and empty ones leave the study's settings as they are.

    ``margins`` have targets, ``margin_names`` only a name, for ``margins_from``.
    """

    margins: tuple[Margin, ...] = ()
    margin_names: tuple[str, ...] = ()
    margins_file: Path | None = None
    margins_from: str | None = None
    covariance: str | None = None
    reference_weights: str | None = None
    reference_psu: tuple[str, ...] = ()
    reference_strata: str | None = None
    reference_method: str | None = None
    method: str | None = None
    bounds: tuple[float, float] | None = None
    trim: tuple[float, float] | None = None
    size: float | None = None
    name: str | None = None
    base: str | None = None
    replicates: str | None = None
    seed: int | None = None
    fay_rho: float | None = None
    compare: tuple[str, ...] = ()
    design: Design | None = None

    @property
    def calibrates(self) -> bool:
        """Whether the options say what to calibrate to."""
        return bool(self.margins or self.margin_names or self.margins_file or self.margins_from)

    def plan(self, given: WeightsPlan | None) -> WeightsPlan:
        """The plan of the study with what the options say over it. Raises ``UsageError``."""
        plan = given or WeightsPlan()
        if self.calibrates and plan.steps:
            raise UsageError("the study has [[weights.steps]] already.", "--margin", "Write the margins into a step.")
        if not plan.steps and not self.calibrates:
            raise UsageError(
                "weights need a margin, or steps.", "--margin",
                "Write for example 'sex: Male=0.55, Female=0.45', or [[weights.steps]] in the study file.",
            )  # fmt: skip
        said: dict[str, Any] = {
            name: getattr(self, name) for name in ("name", "base", "replicates", "seed", "fay_rho")
            if getattr(self, name) is not None
        }  # fmt: skip
        if self.compare:
            said["compare"] = self.compare
        if not plan.steps:
            said["steps"] = self._steps()
        return replace(plan, **said)

    def _steps(self) -> tuple[WeightingStep, ...]:
        """One calibration of the options, and trimming where it is asked for."""
        more: dict[str, Any] = {"method": self.method, "bounds": self.bounds, "size": self.size}
        if self.margins_from is not None:
            if not self.margin_names:
                raise UsageError(
                    "which margins to take from it is not said.", "--margins-from", "Add --margin NAME, once for each."
                )
            more |= {"margins": self.margin_names, "margins_from": self.margins_from}
            more |= {name: value for name in REFERENCE if (value := getattr(self, name))}
        elif self.margin_names:
            name = self.margin_names[0]
            raise UsageError(
                f"{name} has no targets.", "--margin", f"Write '{name}: GROUP=SHARE, ...' or add --margins-from."
            )
        elif self.margins_file is not None and not self.margins:
            more |= {"margins_file": str(self.margins_file), "covariance": self.covariance}
        else:
            more |= {"margins": {**_written(self._all_margins())}}
        steps = [WeightingStep(kind="calibrate", **more)]
        if self.trim is not None:
            steps.append(WeightingStep(kind="trim", low=self.trim[0], high=self.trim[1]))
        return tuple(steps)

    def _all_margins(self) -> tuple[Margin, ...]:
        from surveytool.weighting import read_margins

        return (*self.margins, *(read_margins(self.margins_file) if self.margins_file is not None else ()))


def _written(margins: tuple[Margin, ...]) -> Mapping[str, Any]:
    """Margins as the study file writes them."""
    return {margin.variable: margin.targets[0][1] if margin.number else dict(margin.targets) for margin in margins}
