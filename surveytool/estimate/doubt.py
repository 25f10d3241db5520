"""What simulation says of a row's interval: how often intervals made in the same way hold the truth."""

from __future__ import annotations

from surveytool.estimate.result import Results, Row
from surveytool.frozen import frozen


@frozen
class Doubt:
    """A row, and the shares of simulated intervals that hold its figure, lie below it, and lie above it.

    ``samples`` had an interval. The shares are None where nothing can be said: of a row that is withheld or
    undefined, and of nobody or everybody.
    """

    row: Row
    covered: float | None = None
    below: float | None = None
    above: float | None = None
    samples: int = 0


@frozen
class Doubts:
    """The results that are doubted, row by row, and the simulation: samples drawn and the seed."""

    results: Results
    rows: tuple[Doubt, ...]
    draws: int
    seed: int
    units: int
