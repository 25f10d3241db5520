"""Everything wrong or suspicious in a survey before anything is computed.

A check looks at one thing and yields findings: how serious, where, what, and the
cure. To add one, write a function ``(Ground) -> Iterator[Finding]`` and name it
in ``CHECKS``; a finding's sentence stands in ``text/<language>/check.toml``. No
finding holds an answer of a respondent: names of columns, labels of declared
levels and counts are all that is ever said.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surveytool.check.model import CheckReport, Finding, Severity
    from surveytool.check.run import check

CHECKS: dict[str, str] = {
    "weights": "weights:weights",
    "unnamed_weights": "weights:unnamed",
    "swapped": "weights:swapped",
    "units": "units:units",
    "unnamed_units": "units:unnamed",
    "design": "units:unusable",
    "groups": "groups:groups",
    "levels": "levels:levels",
    "missing_codes": "codes:codes",
    "kinds": "kinds:kinds",
    "identifiers": "rows:identifiers",
    "duplicates": "rows:duplicates",
    "blanks": "rows:blanks",
    "dates": "dates:dates",
    "ages": "dates:ages",
    "multiple": "multiple:multiple",
    "skips": "skips:skips",
    "people": "people:people",
}
_HOMES = {"CheckReport": "model", "Finding": "model", "Severity": "model", "check": "run"}

__all__ = ["CHECKS", "CheckReport", "Finding", "Severity", "check"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'surveytool.check' has no attribute {name!r}")
    return getattr(import_module(f"surveytool.check.{_HOMES[name]}"), name)
