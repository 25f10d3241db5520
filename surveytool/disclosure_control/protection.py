"""What is to be protected, and how: the ``[protect]`` table of a study, the ``--protect`` options of a command.

The defaults are those of statistical offices for tables of persons: no count
under 5 (NCHS Research Data Center), no statement about fewer than 10 people
(UK Data Service SDC handbook, threshold rule), nothing that is in truth about
one place (the (1, k) dominance rule of the ESSnet SDC handbook).
"""

from __future__ import annotations

from math import inf
from typing import Any, Literal, get_args

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.survey.setting import choice, column_name, number

Method = Literal["suppression", "rounding"]


@frozen
class Protection:
    """Rules of the one gate between estimates and tables.

    ``active`` None means on where the respondents are migrants (``migrants = true``).
    ``cell`` is the smallest unweighted count shown (0 always may be), and the width
    that the range of every withheld count keeps; ``base`` the smallest number of
    respondents behind a figure; ``dominance`` the largest share of a count or of its
    weight in one primary sampling unit or one ``site`` (a column), 1 for no limit.
    ``rounding`` is the base of controlled rounding, at least ``cell`` + 1 (``multiple``). ``quality`` names a scheme of
    reliability flags, such as ``nchs`` or ``min-n:50``. ``seconds`` limits the
    optimiser; ``audit`` prints what an attack on the output finds. ``ledger`` is the file of
    what earlier runs have published of the same data.
    """

    active: bool | None = None
    method: Method = "suppression"
    cell: int = 5
    base: int = 10
    dominance: float = 0.9
    site: str | None = None
    rounding: int = 5
    quality: str = "none"
    seconds: float = 20.0
    audit: bool = False
    ledger: str | None = None

    @property
    def multiple(self) -> int:
        """What counts are multiples of: more than ``cell`` at least, or a printed 0 would tell too much."""
        return max(self.rounding, self.cell + 1)

    @staticmethod
    def __settings__(given: dict[str, Any]) -> dict[str, Any]:
        """The settings, where they can be meant. Raises ``UsageError``."""
        choice(given["method"], get_args(Method), "method")
        return {**given, "site": column_name(given["site"], "site")}


def usable(protection: Protection) -> None:
    """Raise ``UsageError`` for numbers that cannot be meant."""
    for name, least, most in (("cell", 1, inf), ("base", 1, inf), ("dominance", 0, 1), ("rounding", 1, inf)):
        number(getattr(protection, name), name, least=least, most=most)
    if protection.base < protection.cell:
        raise UsageError("is below the smallest count.", "base", f"Write {protection.cell} or more.")
