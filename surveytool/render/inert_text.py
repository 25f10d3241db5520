"""Labels come from files that others made: nothing in them may steer a terminal or a page."""

from __future__ import annotations

import re

# Terminal sequences: CSI, then OSC and its kin up to their end, then two-character escapes.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
_SPACES = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029 ]+")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")

_RIGHT = r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]+"
_RIGHT_TO_LEFT = re.compile(rf"{_RIGHT}(?:[^A-Za-z0-9\n:;(]*?{_RIGHT})*")


def clean(text: str) -> str:
    """Text on one line without control characters, terminal escapes and direction overrides.

    >>> clean("a\\x1b[31mb\\tc\\u202e")
    'ab c'
    """
    if text.isprintable() and "  " not in text:  # the usual case: no such character
        return text.strip(" ")
    text = _SPACES.sub(" ", _ESCAPES.sub("", text))
    return _SURROGATES.sub("\ufffd", _UNSEEN.sub("", text)).strip(" ")


def isolate(text: str) -> str:
    """Runs of right-to-left script between Unicode isolates (FSI, PDI), so that figures stay in place."""
    return _RIGHT_TO_LEFT.sub(lambda run: f"\u2068{run[0]}\u2069", text)


def isolate_label(text: str) -> str:
    """A label with right-to-left script as one isolate, its own figures inside."""
    return f"\u2068{text}\u2069" if _RIGHT_TO_LEFT.search(text) else text
