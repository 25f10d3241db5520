"""The study file: one TOML file for a whole study, read strictly, with every problem at once.

Names are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.lazy import lazy_names

if TYPE_CHECKING:
    from surveytool.study.load import load_study
    from surveytool.study.problem import Problem, StudyError
    from surveytool.study.study_file import Study
    from surveytool.study.study_opening import open_study
    from surveytool.study.survey_recodes import recode

__all__ = ["Problem", "Study", "StudyError", "load_study", "open_study", "recode"]


__getattr__ = lazy_names(
    __name__,
    {
        "problem": ["Problem", "StudyError"],
        "study_file": ["Study"],
        "load": ["load_study"],
        "study_opening": ["open_study"],
        "survey_recodes": ["recode"],
    },
)
