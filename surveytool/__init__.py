"""surveytool: weighted survey tables with design-based inference.

The names below are the Python interface; each is imported when it is first used,
so that ``import surveytool`` costs nothing.

    >>> import surveytool
    >>> surveytool.__version__
    '0.1.0'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surveytool.api import Summary, summarize
    from surveytool.disclosure_control import Protection, guard
    from surveytool.errors import SurveytoolError
    from surveytool.reading import read
    from surveytool.recoding.corridor import Corridor, Rule
    from surveytool.recoding.route import add_route
    from surveytool.recoding.route_definition import Route
    from surveytool.study import Study, load_study, open_study
    from surveytool.survey import Calibrated, Codebook, Design, Level, Replicates, Request, Survey, Variable

__version__ = "0.1.0"
__all__ = [
    "Calibrated", "Codebook", "Corridor", "Design", "Level", "Protection", "Replicates", "Request", "Route", "Rule",
    "Study", "Summary", "Survey", "SurveytoolError", "Variable", "add_route", "guard", "load_study", "open_study",
    "read", "summarize",
]  # fmt: skip

_HOMES = {
    "read": "surveytool.reading",
    "summarize": "surveytool.api",
    "Summary": "surveytool.api",
    "SurveytoolError": "surveytool.errors",
    **dict.fromkeys(("Protection", "guard"), "surveytool.disclosure_control"),
    **dict.fromkeys(("Corridor", "Rule"), "surveytool.recoding.corridor"),
    "Route": "surveytool.recoding.route_definition",
    "add_route": "surveytool.recoding.route",
    **dict.fromkeys(("Study", "load_study", "open_study"), "surveytool.study"),
    **dict.fromkeys(
        ("Calibrated", "Codebook", "Design", "Level", "Replicates", "Request", "Survey", "Variable"),
        "surveytool.survey",
    ),
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'surveytool' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
