"""Where results go: outside of the folder, over other things, into what cannot be written."""

from __future__ import annotations

import os
from pathlib import Path

from hostile.case import TABLE, Case

ASK = ("summarize", "{file}", "sex")


def to(name: str, *options: str, status: int = 2, says: tuple[str, ...] = (), **more: object) -> Case:
    """A case that writes a small table somewhere."""
    return Case(name=name, file="small.csv", command=(*ASK, *options), status=status, says=says, **more)  # type: ignore[arg-type]


def _folder(path: Path) -> None:
    (path / "taken.csv").mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path / "pipe.csv")


def _loop(path: Path) -> None:
    (path / "loop.csv").symlink_to("loop.csv")


def _dangling(path: Path) -> None:
    (path / "away.csv").symlink_to(path / "nowhere" / "x.csv")


def _to_data(path: Path) -> None:
    (path / "other.csv").symlink_to("small.csv")


def _hard_link(path: Path) -> None:
    os.link(path / "small.csv", path / "other.csv")


def _existing(path: Path) -> None:
    (path / "out.csv").write_text("kept\n")


def _data_link(path: Path) -> None:
    (path / "link.csv").symlink_to("small.csv")


def _data_loop(path: Path) -> None:
    (path / "link.csv").symlink_to("link.csv")


def _closed_data(path: Path) -> None:
    (path / "note.csv.note").mkdir()


CASES = [
    to("a plain file", "-o", "out.csv", status=0, makes=("out.csv",)),
    to("a file that is there", "-o", "out.csv", before=_existing, makes=("out.csv",), says=("--overwrite",)),
    to(
        "a file that is there, overwritten",
        "-o",
        "out.csv",
        "--overwrite",
        before=_existing,
        makes=("out.csv",),
        status=0,
    ),
    to("the data file itself", "-o", "small.csv", "--overwrite", says=("data file",)),
    to("the data file by another way", "-o", "../box/small.csv", "--overwrite", says=("data file",)),
    to(
        "a link to the data file",
        "-o",
        "other.csv",
        "--overwrite",
        before=_to_data,
        makes=("other.csv",),
        says=("data file",),
    ),
    to(
        "another name of the data file",
        "-o",
        "other.csv",
        "--overwrite",
        before=_hard_link,
        makes=("other.csv",),
        says=("data file",),
    ),
    to("a folder", "-o", "taken.csv", before=_folder, makes=("taken.csv",), says=("folder",)),
    to("a link to itself", "-o", "loop.csv", "--overwrite", before=_loop, makes=("loop.csv",), status=0),
    to("a link to nowhere", "-o", "away.csv", before=_dangling, makes=("away.csv",), says=("--overwrite",)),
    to("a folder that is not there", "-o", "gone/out.csv", says=("does not exist",)),
    to("a folder above that is not there", "-o", "../gone/out.csv", says=("does not exist",)),
    to("a file as a folder", "-o", "small.csv/out.csv", says=("does not exist",)),
    to("a name of 300 letters", "-o", "x" * 300 + ".csv", says=("cannot be written",)),
    to("a name of 250 letters", "-o", "x" * 246 + ".csv", status=0, makes=("x" * 246 + ".csv",)),
    to("a name with a line break", "-o", "a\nb.csv", status=0, makes=("a\nb.csv",)),
    to("no name", "-o", ""),
    to("only a suffix", "-o", ".csv"),
    to("a pipe", "-o", "pipe.csv", before=_pipe, makes=("pipe.csv",), says=("no regular file",)),
    to(
        "a pipe, overwritten",
        "-o",
        "pipe.csv",
        "--overwrite",
        before=_pipe,
        makes=("pipe.csv",),
        says=("no regular file",),
    ),
    to("the root", "-o", "/", "--format", "csv", says=("folder",)),
    to("an unknown suffix", "-o", "out.exe", says=(".exe",)),
    to("an unknown format", "--format", "exe", says=("--format",)),
    to("an unknown language", "--lang", "../../en", says=("en, es",)),
    Case(
        name="data through a link",
        file="small.csv",
        command=("codebook", "link.csv"),
        before=_data_link,
        status=0,
        makes=("link.csv",),
    ),
    Case(
        name="data through a link to itself",
        file="small.csv",
        command=("codebook", "link.csv"),
        before=_data_loop,
        makes=("link.csv",),
    ),
    Case(name="data by two dots", file="small.csv", command=("codebook", "../box/./small.csv"), status=0),
    Case(
        name="a note beside that is a folder", file="note.csv", before=_closed_data, makes=("note.csv.note",), status=0
    ),
    Case(name="twenty columns wide", file="small.csv", command=ASK, status=0, environment={"COLUMNS": "20"}),
    Case(name="one column wide", file="small.csv", command=ASK, status=0, environment={"COLUMNS": "1"}),
    Case(name="a width that is no number", file="small.csv", command=ASK, status=0, environment={"COLUMNS": "wide"}),
    Case(name="a chart of nothing", file="small.csv", command=("chart", "{file}", "nope", "-o", "x.svg"), status=2),
    Case(name="a chart outside", file="small.csv", command=("chart", "{file}", "sex", "-o", "../gone/x.svg"), status=2),
    Case(
        name="a chart of an unknown kind",
        file="small.csv",
        status=2,
        command=("chart", "{file}", "sex", "-o", "x.svg", "--kind-of-chart", "pie"),
    ),
    Case(name="new over the data", file="small.csv", command=("new", "{file}", "-o", "{file}"), status=2),
    Case(name="new outside", file="small.csv", command=("new", "{file}", "-o", "../gone/s.toml"), status=2),
]
assert TABLE
