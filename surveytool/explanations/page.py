"""A page: what is asked for, of what kind it is, and its text."""

from __future__ import annotations

from surveytool.frozen import frozen


@frozen
class Page:
    """``kind`` is term, note, error, setting or method; ``lines`` are whole sentences or ``word: text``."""

    name: str
    kind: str
    lines: tuple[str, ...]
