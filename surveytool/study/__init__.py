"""The study file: one TOML file for a whole study, read strictly, with every problem at once.

Names are imported on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surveytool.study.load import load_study
    from surveytool.study.model import Study
    from surveytool.study.open import open_study
    from surveytool.study.problem import Problem, StudyError

__all__ = ["Problem", "Study", "StudyError", "load_study", "open_study"]

_HOMES = {
    "Problem": "problem", "Study": "model", "StudyError": "problem", "load_study": "load", "open_study": "open",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'surveytool.study' has no attribute {name!r}")
    return getattr(import_module(f"surveytool.study.{_HOMES[name]}"), name)
