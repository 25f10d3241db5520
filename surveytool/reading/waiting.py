"""Waiting for a call that may never return, so that Ctrl-C is answered all the same."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")
NAP, PATIENCE = 0.1, 1.0


def interruptible(call: Callable[[], T], stop: Callable[[], object]) -> T:
    """What ``call`` returns or raises, from a thread of its own: a library that waits for a server hears no signal.

    On Ctrl-C ``stop`` is called; a call that does not end within a second is left to end with the process.
    """
    if threading.current_thread() is not threading.main_thread():
        return call()
    done, answer = threading.Event(), list[Any]()

    def work() -> None:
        try:
            answer.append((call(), None))
        except BaseException as error:  # raised again below, in the thread that waits
            answer.append((None, error))
        finally:
            done.set()

    threading.Thread(target=work, daemon=True, name="surveytool-wait").start()
    try:
        while not done.wait(NAP):
            pass
    except KeyboardInterrupt:
        with suppress(Exception):
            stop()
        done.wait(PATIENCE)
        raise
    made, error = answer.pop()
    if error is not None:
        raise error
    return made  # type: ignore[no-any-return]
