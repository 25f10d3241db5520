"""Published figures: checked against the data, and against each other without data.

Names are imported on first use: the study file needs the dataclasses, not the arithmetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.lazy import lazy_names

if TYPE_CHECKING:
    from surveytool.published_figures.arithmetic import check
    from surveytool.published_figures.claim_table import ClaimReport
    from surveytool.published_figures.claims import Claim, Comparison, Finding, Verdict
    from surveytool.published_figures.claims_file import load_claims
    from surveytool.published_figures.crossed import asker
    from surveytool.published_figures.judge import Ask, verify

__all__ = ["Ask", "Claim", "ClaimReport", "Comparison", "Finding", "Verdict", "asker", "check", "load_claims", "verify"]


__getattr__ = lazy_names(
    __name__,
    {
        "judge": ["Ask", "verify"],
        "claims": ["Claim", "Comparison", "Finding", "Verdict"],
        "claim_table": ["ClaimReport"],
        "crossed": ["asker"],
        "arithmetic": ["check"],
        "claims_file": ["load_claims"],
    },
)
