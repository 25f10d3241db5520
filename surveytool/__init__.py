"""surveytool: weighted survey tables with design-based inference.

The names below are the Python interface; each is imported when it is first used,
so that ``import surveytool`` costs nothing.

    >>> import surveytool
    >>> surveytool.__version__
    '0.1.0'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.lazy import lazy_names
from surveytool.version import VERSION

if TYPE_CHECKING:
    from surveytool.adjustment import adjust
    from surveytool.api import Summary, doubt, proofread, rds, summarize
    from surveytool.disclosure_control import Protection, guard
    from surveytool.errors import SurveytoolError
    from surveytool.field_quality import field_quality
    from surveytool.indicator_library import indicators
    from surveytool.reading import read
    from surveytool.recoding.corridor import Corridor, Rule
    from surveytool.recoding.route import add_route
    from surveytool.recoding.route_definition import Route
    from surveytool.rosters import roster
    from surveytool.study import Study, load_study, open_study, recode
    from surveytool.study_draft.first_study import new
    from surveytool.survey import (
        Calibrated,
        Codebook,
        Design,
        Level,
        Recruitment,
        Replicates,
        Request,
        Rounds,
        Survey,
        Variable,
    )
    from surveytool.weight_making import weight, weight_places
    from surveytool.writing.cleaned_file import Cleaned, clean

__version__ = VERSION
__all__ = [
    "Calibrated", "Cleaned", "Codebook", "Corridor", "Design", "Level", "Protection", "Recruitment", "Replicates",
    "Request", "Rounds", "Route", "Rule", "Study", "Summary", "Survey", "SurveytoolError", "Variable", "add_route",
    "adjust", "clean", "doubt", "field_quality", "guard", "indicators", "load_study", "new", "open_study",
    "proofread", "rds", "read", "recode", "roster", "summarize", "weight", "weight_places",
]  # fmt: skip

__getattr__ = lazy_names(
    __name__,
    {
        "adjustment": ["adjust"],
        "api": ["Summary", "doubt", "proofread", "rds", "summarize"],
        "disclosure_control": ["Protection", "guard"],
        "errors": ["SurveytoolError"],
        "field_quality": ["field_quality"],
        "indicator_library": ["indicators"],
        "reading": ["read"],
        "recoding.corridor": ["Corridor", "Rule"],
        "recoding.route": ["add_route"],
        "recoding.route_definition": ["Route"],
        "rosters": ["roster"],
        "study": ["Study", "load_study", "open_study", "recode"],
        "study_draft.first_study": ["new"],
        "survey": [
            "Calibrated",
            "Codebook",
            "Design",
            "Level",
            "Recruitment",
            "Replicates",
            "Request",
            "Rounds",
            "Survey",
            "Variable",
        ],
        "writing.cleaned_file": ["Cleaned", "clean"],
        "weight_making": ["weight", "weight_places"],
    },
)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
