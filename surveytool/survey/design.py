"""How the sample was drawn: column names only, so that it is also a table of a study file.

Terms and meanings follow R's survey package and Stata's svyset. Without any
column the design is simple random sampling with replacement, every respondent
with weight 1.
"""

from __future__ import annotations

from typing import Literal

from surveytool.frozen import frozen

LonelyPsu = Literal["fail", "remove", "certainty", "adjust", "average"]
ReplicateMethod = Literal["brr", "fay", "jk1", "jkn", "bootstrap", "sdr", "other"]
Sample = Literal["probability", "quota", "convenience", "census"]


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


@frozen
class Design:
    """The sampling design by column names; ``psu`` and ``fpc`` hold one name a stage."""

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

    def columns(self) -> tuple[str, ...]:
        """Every column that the design names, replicate globs left out, each once."""
        named = [self.weights, self.strata, *self.psu, *self.fpc]
        named += [self.calibrated.base_weights, *self.calibrated.margins] if self.calibrated is not None else []
        return tuple(dict.fromkeys(name for name in named if name is not None))
