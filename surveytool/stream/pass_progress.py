"""How far a long pass has come, told to whoever listens; without a listener nothing happens."""

from __future__ import annotations

from collections.abc import Callable

Listener = Callable[[str, int, int], None]
_listeners: list[Listener] = []


def listen(listener: Listener | None) -> None:
    """Who is told from now on: (what, rows done, rows in all, 0 where unknown); None for nobody."""
    _listeners[:] = [] if listener is None else [listener]


def tell(what: str, done: int, rows: int) -> None:
    """Tell the listener, if there is one."""
    for listener in _listeners:
        listener(what, done, rows)
