"""The risk that a data file gives respondents away: who stands out by what others may know of them.

Names are imported on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surveytool.risk.model import Risk
    from surveytool.risk.whole import assess

_HOMES = {"Risk": "model", "assess": "whole"}

__all__ = ["Risk", "assess"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'surveytool.risk' has no attribute {name!r}")
    return getattr(import_module(f"surveytool.risk.{_HOMES[name]}"), name)
