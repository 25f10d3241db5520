"""The command line of a benchmark that writes a page: how many draws, which seed, where to."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path


def print_page(description: str | None, draws: int, lines: Callable[[int, int], Iterable[str]]) -> None:
    """Print the lines of a page for the draws and the seed that are asked for; write it where ``--write`` says."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--draws", type=int, default=draws)
    parser.add_argument("--seed", type=int, default=531)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    text = "\n".join(lines(given.draws, given.seed)) + "\n"
    if given.write:
        given.write.write_text(text, encoding="utf-8")
    print(text)
