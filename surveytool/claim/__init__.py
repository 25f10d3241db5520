"""Published figures: checked against the data, and against each other without data.

Names are imported on first use: the study file needs the dataclasses, not the arithmetic.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surveytool.claim.arithmetic import check
    from surveytool.claim.crossed import asker
    from surveytool.claim.judge import Ask, verify
    from surveytool.claim.load import load_claims
    from surveytool.claim.model import Claim, Comparison, Finding, Verdict
    from surveytool.claim.report import ClaimReport

__all__ = ["Ask", "Claim", "ClaimReport", "Comparison", "Finding", "Verdict", "asker", "check", "load_claims", "verify"]

_HOMES = {
    "Ask": "judge", "Claim": "model", "ClaimReport": "report", "Comparison": "model", "Finding": "model",
    "Verdict": "model", "asker": "crossed", "check": "arithmetic", "load_claims": "load", "verify": "judge",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'surveytool.claim' has no attribute {name!r}")
    return getattr(import_module(f"surveytool.claim.{_HOMES[name]}"), name)
