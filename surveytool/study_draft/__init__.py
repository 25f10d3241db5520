"""A first study file from a data file: what is known is written, what is guessed is proposed as a comment.

Names are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.lazy import lazy_names

if TYPE_CHECKING:
    from surveytool.study_draft.design_guess import Guess, guesses
    from surveytool.study_draft.study_text import draft


__all__ = ["Guess", "draft", "guesses"]


__getattr__ = lazy_names(
    __name__,
    {
        "design_guess": ["Guess", "guesses"],
        "study_text": ["draft"],
    },
)
