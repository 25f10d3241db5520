"""What a copy of this process read, handed over to this process.

It is pickled through a pipe, except its long parts, the columns: they are written
once, into memory that both processes see, and used where they lie. That memory
is no file, and is gone with the last process that holds it.
"""

from __future__ import annotations

import mmap
import os
import pickle
from collections.abc import Sequence
from typing import IO, Any

LONG = 1 << 16  # bytes, from which on a part does not go through the pipe
STEP = 64  # bytes; Arrow likes a column to start at a multiple

Place = tuple[int, int]  # start and length in bytes


def shared_memory() -> int | None:
    """A descriptor of memory for a copy to fill; None where the system or this Python has none."""
    try:
        return os.memfd_create("columns")
    except (AttributeError, OSError):
        return None


def hand_over(answer: object, pipe: IO[bytes], shared: int | None) -> None:
    """Send ``answer`` from the copy."""
    if shared is None:
        pickle.dump(answer, pipe, protocol=5)
        return
    parts: list[memoryview] = []

    def in_pipe(part: pickle.PickleBuffer) -> bool:
        """Whether a part goes with the rest; long ones go into shared memory."""
        raw = part.raw()
        if raw.nbytes >= LONG:
            parts.append(raw)
        return raw.nbytes < LONG

    stream = pickle.dumps(answer, protocol=5, buffer_callback=in_pipe)
    pickle.dump((_written(parts, shared), stream), pipe, protocol=5)


def _written(parts: Sequence[memoryview], shared: int) -> list[Place]:
    """Where each part lies after it was written."""
    places: list[Place] = []
    start = 0
    for part in parts:
        done = 0
        while done < part.nbytes:  # the system may write less than it is given
            done += os.pwrite(shared, part[done:], start + done)
        places.append((start, done))
        start += -(-done // STEP) * STEP
    return places


def take(pipe: IO[bytes], shared: int | None) -> Any:
    """What the copy sent; raises ``EOFError`` or ``UnpicklingError`` where it sent nothing whole."""
    found = pickle.load(pipe)
    if shared is None:
        return found
    places, stream = found
    if not places:
        return pickle.loads(stream)
    memory = memoryview(mmap.mmap(shared, 0, access=mmap.ACCESS_READ))
    return pickle.loads(stream, buffers=[memory[start : start + length] for start, length in places])
