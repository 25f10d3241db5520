"""Everything wrong or suspicious in a survey before anything is computed.

A check looks at one thing and yields findings: how serious, where, what, and the
cure. To add one, write a function ``(RawSurvey) -> Iterator[Finding]`` and name it
in ``CHECKS``; a finding's sentence stands in ``text/<language>/check.toml``. No
finding holds an answer of a respondent: names of columns, labels of declared
levels and counts are all that is ever said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.lazy import lazy_names

if TYPE_CHECKING:
    from surveytool.checks.finding import CheckReport, Finding, Severity
    from surveytool.checks.run_checks import check

CHECKS: dict[str, str] = {
    "weights": "weights:weights",
    "unnamed_weights": "weights:unnamed",
    "swapped": "weights:swapped",
    "units": "sampling_units:units",
    "unnamed_units": "sampling_units:unnamed",
    "design": "sampling_units:unusable",
    "groups": "groups:groups",
    "levels": "levels:levels",
    "missing_codes": "codes:codes",
    "kinds": "kinds:kinds",
    "identifiers": "duplicate_rows:identifiers",
    "duplicates": "duplicate_rows:duplicates",
    "blanks": "duplicate_rows:blanks",
    "dates": "dates:dates",
    "ages": "dates:ages",
    "multiple": "several_answers:multiple",
    "interviews": "interviews:interviews",
    "skips": "skips:skips",
    "people": "personal_data:people",
    "cleaning_log": "cleaning_log:cleaning_log",
    "form": "form_answers:form_answers",
}

__all__ = ["CHECKS", "CheckReport", "Finding", "Severity", "check"]


__getattr__ = lazy_names(
    __name__,
    {
        "finding": ["CheckReport", "Finding", "Severity"],
        "run_checks": ["check"],
    },
)
