"""What the cleaning log and the list of analysis of a study did, and which of their lines came to nothing."""

from __future__ import annotations

from collections.abc import Iterator

from surveytool.checks.finding import Finding
from surveytool.checks.raw_survey import RawSurvey
from surveytool.notes import note

DONE = ("log_applied", "log_overwritten", "loa_made")
CURES = {"log_": "cure_cleaning_log", "loa_": "cure_analysis_list"}


def cleaning_log(survey: RawSurvey) -> Iterator[Finding]:
    """A finding for each thing that the log is told of: a note of what was done, a warning of what was not."""
    for told in survey.survey.notes:
        cure = CURES.get(told.code[:4])
        if cure is None:
            continue
        n = dict(told.values).get("n")
        done = told.code in DONE
        yield Finding(
            severity="note" if done else "warning", kind=told.code, what=told,
            cure=None if done else note(cure), n=n if isinstance(n, int) else None,
        )  # fmt: skip
