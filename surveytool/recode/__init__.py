"""Answers made ready before they are counted: labels, missing kinds, bands, groups, yes and no, routes.

A recode is a declaration (``recode.model``); here it becomes a column and a
question of the codebook, with its levels, counts and missing kinds. To add a
kind, write its dataclass in ``model``, its module, and one line in ``RECODES``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surveytool.recode.apply import faults, recode
    from surveytool.recode.base import asked
    from surveytool.recode.corridor import Corridor, Rule
    from surveytool.recode.declared import declare
    from surveytool.recode.language import speak
    from surveytool.recode.model import Recode
    from surveytool.recode.route import add_route
    from surveytool.recode.route_model import Route, columns_to_read

# type of recode -> the module with ``faults(recode)``, ``sources(recode)`` and ``make(columns, recode)``
RECODES: dict[str, str] = {
    "bands": "bands",
    "collapse": "collapse",
    "multiple": "multiple",
    "missing": "missing",
    "derived": "derived",
}
_HOMES = {
    "Corridor": "corridor", "Recode": "model", "Route": "route_model", "Rule": "corridor", "add_route": "route",
    "asked": "base", "columns_to_read": "route_model", "declare": "declared", "faults": "apply", "recode": "apply",
    "speak": "language",
}  # fmt: skip

__all__ = [
    "RECODES", "Corridor", "Recode", "Route", "Rule", "add_route", "asked", "columns_to_read", "declare", "faults",
    "recode", "speak",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'surveytool.recode' has no attribute {name!r}")
    return getattr(import_module(f"surveytool.recode.{_HOMES[name]}"), name)
