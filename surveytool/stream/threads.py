"""Work side by side: the next batch is decoded while the last one is summed, and sums are shared among threads.

Arrow's decoding and numpy's larger loops run without Python's lock, so threads are
enough. Every sum belongs to one thread at a time and blocks come in their order:
the numbers do not depend on how many threads there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")
Act = Callable[[Item], None]
MOST_THREADS = 8
FREED = 24 << 20  # bytes; glibc learns from blocks below 32 MB


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, the next one made by a thread of its own while the last one is used."""
    from concurrent.futures import ThreadPoolExecutor

    end = object()
    with ThreadPoolExecutor(1) as maker:
        coming = maker.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = maker.submit(next, items, end)
            yield item  # type: ignore[misc]


@contextmanager
def crew(threads: int) -> Iterator[Callable[[Act[Item], Iterable[Item]], None]]:
    """A function that does one thing to each of many items, on so many threads, and waits for all of them."""
    if threads < 2:
        yield _one_by_one
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        yield lambda act, items: _one_by_one(_nothing, pool.map(act, items))


def _one_by_one(act: Act[Item], items: Iterable[Item]) -> None:
    for item in items:
        act(item)


def _nothing(_: object) -> None:
    """What is left to do with a thing that is done."""


def keep_freed_memory() -> None:
    """Free one large block, untouched: glibc then keeps up to twice as much for the next arrays.

    Else the arrays of every block are given back and paged in anew, which takes as long as adding them up.
    """
    np.empty(FREED, dtype=np.uint8)


def cores() -> int:
    """The processors that this process may use, at most ``MOST_THREADS``."""
    import os

    try:
        free = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        free = os.cpu_count() or 1
    return min(free, MOST_THREADS)
