"""A first study file from a data file: what is known is written, what is guessed is proposed as a comment.

Names are imported on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surveytool.draft.guess import Guess, guesses
    from surveytool.draft.write import draft

_HOMES = {"Guess": "guess", "guesses": "guess", "draft": "write"}

__all__ = ["Guess", "draft", "guesses"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'surveytool.draft' has no attribute {name!r}")
    return getattr(import_module(f"surveytool.draft.{_HOMES[name]}"), name)
