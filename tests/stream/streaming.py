"""Small data go by as large ones, and outputs are held against those of rows in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from surveytool import reading
from surveytool.aggregate import collect
from surveytool.reading.profile import replicate_names
from surveytool.stream import Stream, TableSource
from surveytool.stream import stream as stream_module


class Forced:
    """The switch: ``on`` makes every file that may be a stream one; ``streams`` are those that were made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch, self.streams = monkeypatch, []  # type: pytest.MonkeyPatch, list[Stream]
        self.plain: Callable[..., Any] = reading.read

    def on(self, *, block: int = 100, keep: int | None = None) -> None:
        """Blocks of a few rows; ``keep`` is how many bytes of codes may stay in memory."""

        def read(source: Any, *, stream: bool = False, **options: Any) -> Any:
            survey = self.plain(source, stream=stream, **options)
            if not stream or isinstance(survey.frame, Stream) or survey.design.calibrated is not None:
                return survey
            names = list(survey.frame.column_names)
            given = replicate_names(names, survey.design)
            made = Stream(
                TableSource(survey.frame), names, survey.design, given, **({} if keep is None else {"keep": keep})
            )
            self.streams.append(made)
            return replace(survey, frame=made)

        self.monkeypatch.setattr(stream_module, "BLOCK", block)
        self.monkeypatch.setattr(reading, "read", read)
        self.monkeypatch.setattr(collect, "LARGE", 0)


def apart(mine: Any, theirs: Any, place: str = "") -> list[str]:
    """Where two JSON documents differ; numbers may in their last digits, as the order of sums does."""
    if isinstance(mine, dict) and isinstance(theirs, dict) and list(mine) == list(theirs):
        return [each for key in mine for each in apart(mine[key], theirs[key], f"{place}/{key}")]
    if isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
        return [
            each for at, pair in enumerate(zip(mine, theirs, strict=True)) for each in apart(*pair, f"{place}/{at}")
        ]
    numbers = isinstance(mine, float) and isinstance(theirs, float)
    same = abs(mine - theirs) <= 1e-9 * abs(theirs) + 1e-12 if numbers else mine == theirs
    return [] if same else [f"{place}: {mine} {theirs}"]
