"""What an attack came to."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(slots=True)
class Outcome:
    """What the attack came to; ``open`` are counts that it had no time to finish."""

    attacked: int = 0
    pinned: int = 0
    narrowest: float = math.inf
    open: int = 0
    zeros: int = 0
    reads: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    stopped: bool = False
