"""``surveytool example``: the shipped example where an installed user has it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surveytool.cli import options as o
from surveytool.cli import screen

Folder = Annotated[
    Path,
    typer.Argument(metavar="DIR", help="The folder to write to; it is made where there is none.", show_default=False),
]


def example(folder: Folder, overwrite: o.Overwrite = False, lang: o.Lang = "en") -> None:
    """The example in a folder of yours: data, its study, a template of a study file, and its schema.

    surveytool example try_it
    """
    from surveytool.output_files import check_folder, check_target, ready_folder, write
    from surveytool.shipped import example_files
    from surveytool.text import words

    said, files = words(lang), example_files()
    check_folder(folder)
    for name in files if folder.is_dir() else ():
        check_target(folder / name, overwrite=overwrite)
    ready_folder(folder)
    for name, content in files.items():
        write(folder / name, content, overwrite=overwrite)
    screen.remark(said.fill("example_wrote", folder=folder, names=said.join(list(files))))
    screen.remark(said.fill("example_next", study=folder / "iom_2023.toml"))
