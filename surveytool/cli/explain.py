"""``surveytool explain``: the page of a term, an option, a setting, a note or a kind of error."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from surveytool.cli import options as o
from surveytool.cli import screen
from surveytool.errors import UsageError, did_you_mean, near_names

if TYPE_CHECKING:
    from surveytool.explanations import Page

Name = Annotated[
    str | None,
    typer.Argument(metavar="[ID]", help="A term, an option, a setting, the code of a note; all are listed without one.",
                   show_default=False),
]  # fmt: skip
WIDEST = 100


def explain(name: Name = None, lang: o.Lang = "en") -> None:
    """What a term, an option, a setting of a study, a note or an error means.

    surveytool explain deff
    surveytool explain lonely-psu
    """
    from surveytool.explanations import page_names, pages
    from surveytool.explanations.pages import plain
    from surveytool.text import words

    said = words(lang)
    if name is None:
        names = sorted({*page_names(said), *(page.name for page in _options())})
        _print([textwrap.fill(", ".join(names), _width(), break_on_hyphens=False)])
        return
    found = [*(page for page in _options() if plain(page.name) == plain(name)), *pages(name, said)]
    if not found:
        names = [*page_names(said), *(page.name for page in _options())]
        near = near_names(name, names)
        raise UsageError("has no page.", name, did_you_mean(near) if near else "All of them: surveytool explain")
    blocks = dict.fromkeys("\n".join([f"{page.name} ({page.kind})", *_lines(page)]) for page in found)
    _print(["\n\n".join(blocks)])


def _lines(page: Page) -> Iterator[str]:
    for line in page.lines:
        yield textwrap.fill(line, _width(), initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _width() -> int:
    return max(30, min(screen.width(), WIDEST))


def _print(texts: list[str]) -> None:
    screen.out("".join(f"{text}\n" for text in texts).encode("utf-8"))


def _options() -> Iterator[Page]:
    """Options with their help, and the commands that have them."""
    import typer.main

    from surveytool.cli.app import application
    from surveytool.explanations import Page

    commands = typer.main.get_command(application([])).commands  # type: ignore[attr-defined]
    told: dict[tuple[str, str], list[str]] = {}
    for command, shape in commands.items():
        for parameter in shape.params:
            text = " ".join((getattr(parameter, "help", None) or "").split())
            for option in [*parameter.opts, *parameter.secondary_opts] if text else ():
                if option.startswith("--"):
                    told.setdefault((option, text), []).append(command)
    for (option, text), names in told.items():
        yield Page(name=option, kind=", ".join(dict.fromkeys(names)), lines=(text,))
