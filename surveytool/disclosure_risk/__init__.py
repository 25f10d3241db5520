"""The risk that a data file gives respondents away: who stands out by what others may know of them.

Names are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.lazy import lazy_names

if TYPE_CHECKING:
    from surveytool.disclosure_risk.assessment import assess
    from surveytool.disclosure_risk.risk_measures import Risk


__all__ = ["Risk", "assess"]


__getattr__ = lazy_names(
    __name__,
    {
        "risk_measures": ["Risk"],
        "assessment": ["assess"],
    },
)
