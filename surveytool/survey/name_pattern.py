"""Names of columns by a pattern, as the shell writes them: ``rw*``, ``rw?``, ``rw[0-9]``."""

from __future__ import annotations

SIGNS = "*?["


def is_pattern(name: str) -> bool:
    """Whether a text may mean several names; a column of that very name goes before its pattern.

    >>> [is_pattern(name) for name in ("rw*", "rw?", "rw[0-9]", "rw1")]
    [True, True, True, False]
    """
    return any(sign in name for sign in SIGNS)
