"""The one gate between estimates and tables: reliability flags, and nothing that gives a respondent away.

Names are imported on first use: commands declare the options without loading the gate.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from surveytool.protect.protection import Method, Protection

if TYPE_CHECKING:
    from surveytool.protect.gate import Gate, guard
    from surveytool.protect.scheme import SCHEMES

__all__ = ["SCHEMES", "Gate", "Method", "Protection", "guard"]

_HOMES = {"Gate": "gate", "guard": "gate", "SCHEMES": "scheme"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'surveytool.protect' has no attribute {name!r}")
    return getattr(import_module(f"surveytool.protect.{_HOMES[name]}"), name)
