"""Answers made ready before they are counted: labels, missing kinds, bands, groups, yes and no, routes.

A recode is a declaration (``recode.model``); here it becomes a column and a
question of the codebook, with its levels, counts and missing kinds. To add a
kind, write its dataclass in ``model``, its module, and one line in ``RECODES``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.lazy import lazy_names

if TYPE_CHECKING:
    from surveytool.recoding.apply import faults, recode
    from surveytool.recoding.base import asked, asked_by
    from surveytool.recoding.corridor import Corridor, Rule
    from surveytool.recoding.declared import declare
    from surveytool.recoding.language import speak
    from surveytool.recoding.recode_types import Recode
    from surveytool.recoding.route import add_route
    from surveytool.recoding.route_definition import Route, columns_to_read

# type of recode -> the module with ``faults(recode)``, ``sources(recode)`` and ``make(columns, recode)``
RECODES: dict[str, str] = {
    "bands": "bands",
    "collapse": "collapse",
    "multiple": "multiple",
    "missing": "missing",
    "derived": "derived",
    "score": "score",
    "expansion": "expansion",
}

__all__ = [
    "RECODES", "Corridor", "Recode", "Route", "Rule", "add_route", "asked", "asked_by", "columns_to_read", "declare",
    "faults", "recode", "speak",
]  # fmt: skip


__getattr__ = lazy_names(
    __name__,
    {
        "corridor": ["Corridor", "Rule"],
        "recode_types": ["Recode"],
        "route_definition": ["Route", "columns_to_read"],
        "route": ["add_route"],
        "base": ["asked", "asked_by"],
        "declared": ["declare"],
        "apply": ["faults", "recode"],
        "language": ["speak"],
    },
)
