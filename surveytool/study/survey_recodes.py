"""Recodes and indicators of a survey in Python, written as in a study file; labels and missing kinds stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any

from surveytool.errors import UsageError
from surveytool.indicator_library.indicator_use import IndicatorUse
from surveytool.recoding.recode_types import Recode
from surveytool.survey import Survey

EXAMPLE = 'Write for example st.recode(survey, name="age_group", type="bands", source="age", bands=["18-29", "30+"])'


def recode(survey: Survey, /, *recodes: Recode | IndicatorUse | Mapping[str, Any], **settings: Any) -> Survey:
    """The survey with a question more for every recode, in their order; its frame is not changed.

    Parameters: ``recodes`` are entries of ``[[recodes]]`` or ``[[indicators]]`` of a study file as mappings, or their
    dataclasses; ``settings`` are one entry as keywords, where ``source`` stands for ``from``. Labels, order of answers
    and missing kinds go along, so that the new questions are used as any other.

    Raises ``UsageError`` with the setting that is wrong, ``UnknownVariable`` for a name that there is not.

    >>> import surveytool as st
    >>> import pyarrow as pa
    >>> people = st.read(pa.table({"age": [18.5, 25, 31, 40.5, 64, 72, 19, 55, 48, 33, 27.5, 60]}))
    >>> [level.label for level in st.recode(people, name="old", type="bands", source="age", bands=["0-59", "60+"])
    ...  .codebook["old"].levels]
    ['0-59', '60+']
    """
    from surveytool.recoding import recode as recoded

    entries = [*recodes, *([settings] if settings else [])]
    if not isinstance(survey, Survey):
        raise UsageError(
            f"must be a Survey, and is a {type(survey).__name__}.", "recode", "Use st.read or st.open_study."
        )
    if not entries:
        raise UsageError("names no recode.", "recode", EXAMPLE)
    for entry in entries:
        survey = recoded(survey, _entry(entry))
    return survey


def _entry(entry: Any) -> tuple[Recode, ...]:
    """An entry as the recodes that it means."""
    if is_dataclass(entry):
        return _indicator(entry) if isinstance(entry, IndicatorUse) else (entry,)  # type: ignore[return-value]
    if not isinstance(entry, Mapping):
        raise UsageError(f"a recode must be a table of settings, and is a {type(entry).__name__}.", "recode", EXAMPLE)
    values = {"from" if key == "source" else key: value for key, value in entry.items()}
    if "use" in values:
        return _indicator(_fitted(IndicatorUse, values))
    return (_fitted(Recode, values),)


def _indicator(use: IndicatorUse) -> tuple[Recode, ...]:
    """The recodes of an indicator. Raises its first fault."""
    from surveytool.indicator_library.indicator_use import faults
    from surveytool.study.study_file import indicator_recodes

    for fault in faults(use):
        raise fault
    return indicator_recodes(use)


def _fitted(hint: Any, values: Mapping[str, Any]) -> Any:
    """Settings as a dataclass. Raises ``UsageError`` for the first that does not fit."""
    from surveytool.study.problem_words import problems
    from surveytool.study.schema import fit

    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
    fitted, faults = fit(hint, plain)
    for problem in problems(hint, plain, faults, ("recode",), {}):
        raise UsageError(problem.message, "recode", problem.cure)
    return fitted
