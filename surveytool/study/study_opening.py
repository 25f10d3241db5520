"""A study opened where it is named: the study itself, or its file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from surveytool.study import study_survey
from surveytool.study.load import load_study
from surveytool.study.study_file import Study
from surveytool.study.study_survey import Reading
from surveytool.survey import Survey


def open_study(
    study: Study | str | Path, *, language: str | None = None, columns: Iterable[str] | None = None,
    reading: Reading | None = None, gate: bool = True, stream: bool = False,
) -> Survey:  # fmt: skip
    """The survey of a study, or of its file, with labels in a language and the gate that protects.

    Settings and errors are those of ``study_survey.open_study``; ``UsageError`` where there is no such file.
    """
    opened = load_study(study) if isinstance(study, str | Path) else study
    return study_survey.open_study(
        opened, language=language, columns=columns, reading=reading, gate=gate, stream=stream
    )
