"""Interviews that the platform marks: previews, tests, unfinished, not approved, without consent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from surveytool.checks.finding import Finding, finding
from surveytool.checks.raw_survey import RawSurvey
from surveytool.reading.platforms import Doubtful, doubtful_interviews


def interviews(raw: RawSurvey) -> Iterator[Finding]:
    """One finding for each column that marks some, with the condition that leaves them out."""
    for doubt in doubtful(raw):
        yield finding("warning", "doubtful_interviews", doubt.column, cure="doubtful_interviews", n=doubt.n,
                      why=doubt.why, total=raw.rows, condition=doubt.condition)  # fmt: skip


def doubtful(raw: RawSurvey) -> list[Doubtful]:
    """The interviews that a platform's own columns mark."""

    def counts(name: str) -> Mapping[Any, int] | None:
        if name not in raw.names:
            return None
        keys, values = raw.keys(name)
        return dict(zip(values, np.bincount(keys[keys >= 0], minlength=len(values)).tolist(), strict=True))

    return list(doubtful_interviews(raw.names, raw.rows, counts))
