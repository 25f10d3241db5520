"""The options of the gate, and the survey with its gate set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic
from typing import Annotated, Any

import typer

from surveytool.cli import screen
from surveytool.disclosure_control import Protection
from surveytool.errors import UsageError
from surveytool.survey import Survey
from surveytool.survey.setting import choice

PROTECTION = "Protection"
PATIENCE = 3.0
METHODS = ("suppression", "rounding")

Protect = Annotated[
    bool | None,
    typer.Option("--protect/--no-protect", rich_help_panel=PROTECTION, show_default=False,
                 help="Withhold what could give a respondent away, also by subtraction. "
                 "Default: on where a study says that respondents are migrants."),
]  # fmt: skip
MinCell = Annotated[
    int | None,
    typer.Option("--min-cell", min=1, rich_help_panel=PROTECTION, show_default="5",
                 help="Smallest number of respondents shown with an answer."),
]  # fmt: skip
MinBase = Annotated[
    int | None,
    typer.Option("--min-base", min=1, rich_help_panel=PROTECTION, show_default="10",
                 help="Smallest number of respondents behind a figure."),
]  # fmt: skip
Dominance = Annotated[
    float | None,
    typer.Option("--dominance", min=0.0, max=1.0, rich_help_panel=PROTECTION, show_default="0.9",
                 help="Largest share of a figure's respondents or weight in one PSU or site; 1 for no limit."),
]  # fmt: skip
Site = Annotated[
    str | None,
    typer.Option("--site", metavar="COLUMN", rich_help_panel=PROTECTION, show_default=False,
                 help="Where respondents were interviewed, for --dominance."),
]  # fmt: skip
MethodOption = Annotated[
    str | None,
    typer.Option("--protect-method", metavar="METHOD", rich_help_panel=PROTECTION, show_default="suppression",
                 help="suppression (figures are withheld) or rounding (counts are rounded so that they add up)."),
]  # fmt: skip
Audit = Annotated[
    bool, typer.Option("--audit", rich_help_panel=PROTECTION, help="Attack the output and say what comes out.")
]
LedgerFile = Annotated[
    str | None,
    typer.Option("--ledger", metavar="FILE", rich_help_panel=PROTECTION, show_default=False,
                 help="What earlier runs have published of the same data; this run joins it."),
]  # fmt: skip
Quality = Annotated[
    str | None,
    typer.Option("--quality", metavar="SCHEME", rich_help_panel=PROTECTION, show_default="none",
                 help="Mark or withhold unreliable figures: nchs, nchs-counts, cepal-2020, cepal-2023, ine-chile, "
                 "statcan, min-n (min-n:50)."),
]  # fmt: skip

GATE: Mapping[str, tuple[Any, Any]] = {
    "protect": (Protect, None),
    "min_cell": (MinCell, None),
    "min_base": (MinBase, None),
    "dominance": (Dominance, None),
    "site": (Site, None),
    "protect_method": (MethodOption, None),
    "audit": (Audit, False),
    "publication_ledger": (LedgerFile, None),
    "quality": (Quality, None),
}
COUNTS_GATE = {name: GATE[name] for name in ("protect", "min_cell", "min_base")}  # for counts only
FIELDS = {
    "protect": "active", "min_cell": "cell", "min_base": "base", "dominance": "dominance", "site": "site",
    "protect_method": "method", "quality": "quality", "publication_ledger": "ledger",
}  # fmt: skip


def protection_of(given: Mapping[str, Any], study: Protection | None = None) -> Protection:
    """The rules that the options describe; what was typed wins over the study's ``[protect]``."""
    if given.get("protect_method") is not None:
        choice(given["protect_method"], METHODS, "--protect-method")
    typed = {field: given[name] for name, field in FIELDS.items() if given.get(name) is not None}
    made = replace(study or Protection(), **typed)
    about = ("min_cell", "min_base", "dominance", "site", "protect_method", "publication_ledger")
    if (
        study is None
        and made.active is None
        and (given.get("audit") or any(given.get(name) is not None for name in about))
    ):
        made = replace(made, active=True)
    if given.get("publication_ledger") is not None and made.active is None:
        made = replace(made, active=True)
    if made.ledger is not None and made.method == "rounding":
        raise UsageError(
            "keeps withheld figures apart; rounded ones need none.", "--ledger", "Leave out --protect-method rounding."
        )
    if made.base < made.cell:
        raise UsageError("is below the smallest count.", "--min-base", f"Write {made.cell} or more.")
    return replace(made, audit=made.audit or bool(given.get("audit")))


def guarded(
    survey: Survey, given: Mapping[str, Any], study: Protection | None = None, *, migrants: bool = False
) -> Survey:
    """The survey with its gate; unchanged where nothing is to be protected or judged."""
    rules = protection_of(given, study)
    active = migrants if rules.active is None else rules.active
    if not active and rules.quality == "none":
        return survey
    from surveytool.disclosure_control import guard

    language = str(given.get("lang", "en"))
    return guard(survey, rules, migrants=migrants, tell=_progress(language), language=language)


def _progress(language: str) -> Callable[[int], None]:
    """Says on stderr that a search goes on, once it takes more than a moment."""
    from surveytool.text import words

    said, last = words(language), monotonic()

    def tell(turn: int) -> None:
        nonlocal last
        if monotonic() - last > PATIENCE:
            screen.remark(said.fill("protecting", n=turn))
            last = monotonic()

    return tell


def site_of(given: Mapping[str, Any], study: Protection | None = None) -> list[str]:
    """The column that the gate needs beside those of the tables."""
    site = given.get("site") or (study.site if study is not None else None)
    ledger = given.get("publication_ledger") or (study.ledger if study is not None else None)
    if not ledger:
        return [site] if site else []
    from surveytool.disclosure_control.publication_ledger import Ledger

    return [*([site] if site else []), *Ledger(ledger).columns()]
