"""The page about weights: each step, what it did to the sample, targets, costs, and how to use the weights."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from html import escape
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveytool.errors import UsageError
from surveytool.render.inert_text import clean, isolate
from surveytool.text import Words, words
from surveytool.version import VERSION
from surveytool.weight_making.love_plot import love_plot
from surveytool.weight_making.weights_words import (
    code_lines,
    dearest_lines,
    option_line,
    step_name,
    step_values,
    study_settings,
)
from surveytool.weighting.balance import BalanceRow

if TYPE_CHECKING:
    from surveytool.weight_making.weights_account import WeightsAccount

FORMATS = (".html", ".htm", ".json")
STEP_HEADS = ("n", "sum", "low", "high", "ratio", "deff", "effective")


def check_page(path: Path) -> None:
    """Refuse a page of another format. Raises ``UsageError``."""
    if path.suffix.lower() not in FORMATS:
        raise UsageError(
            f"a page about weights is no {path.suffix or 'file without a suffix'}.",
            "--report",
            "Write for example weights.html",
        )


def page_bytes(account: WeightsAccount, path: Path) -> bytes:
    """The page for a file of this name: html, or json."""
    check_page(path)
    if path.suffix.lower() == ".json":
        return (json.dumps(record(account), ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    said = words(account.language)
    style = "".join(
        resources.files("surveytool.render").joinpath(name).read_text(encoding="utf-8")
        for name in ("page.css", "table.css")
    )
    title = _text(said.fill("weights_page_title", title=account.title))
    return (
        f'<!doctype html>\n<html lang="{account.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{title}</title>\n<style>\n{style}</style>\n</head>\n'
        f"<body>\n<h1>{title}</h1>\n{fragment(account)}</body>\n</html>\n"
    ).encode("utf-8", errors="backslashreplace")


def fragment(account: WeightsAccount) -> str:
    """The parts of the page, without its head."""
    said = words(account.language)
    return '<main class="surveytool">\n' + "\n".join(_parts(account, said)) + "\n</main>\n"


def shown_balance(account: WeightsAccount) -> tuple[tuple[BalanceRow, ...], int | None]:
    """The groups that may be shown, and the least count where some are withheld."""
    cell = account.cell
    if cell is None:
        return account.balance, None
    small = {row.variable for row in account.balance if row.level is not None and 0 < row.n < cell}
    kept = tuple(row for row in account.balance if row.variable not in small)
    return kept, cell if small else None


def record(account: WeightsAccount) -> dict[str, Any]:
    """The page for programs."""
    said = words(account.language)
    rows, cell = shown_balance(account)
    return {
        "schema": 1, "surveytool": VERSION, "weights": account.plan.name,
        "replicates": int(account.weighted.replicates.shape[1]),
        "steps": [asdict(step) for step in account.weighted.steps], "balance": [asdict(row) for row in rows],
        "withheld_below": cell, "costs": [{"margin": name, "deff": deff} for name, deff in account.weighted.costs],
        "notes": [said.say(note) for note in account.notes], "settings": study_settings(account.survey.design),
    }  # fmt: skip


def _parts(account: WeightsAccount, said: Words) -> Iterator[str]:
    rows, cell = shown_balance(account)
    heads = [said.word(f"weights_{name}") for name in ("step", *STEP_HEADS)]
    steps = [[step_name(step.kind, said), *step_values(step, said)] for step in account.weighted.steps]
    yield _section(said.word("weights_steps"), _table(heads, steps), dearest_lines(account, said))
    plot = love_plot(rows, said)
    withheld = [said.fill("weights_withheld", cell=cell)] if cell is not None else []
    if rows:
        names = ("variable", "group", "source", "target", "before", "after", "difference_before", "difference_after")
        heads = [said.word(f"weights_{name}") for name in names]
        body = [_balance(row, said) for row in rows]
        figure = f"<figure>{plot}</figure>\n" if plot else ""
        told = [said.word("weights_balance_told"), *withheld]
        yield _section(said.word("weights_balance"), figure + _table(heads, body, left=3), told)
    met = [row for row in rows if row.total is not None]
    if met:
        heads = [said.word(f"weights_{name}") for name in ("variable", "group", "total", "achieved")]
        body = [[row.variable, row.level or "", said.number(row.total, 1), said.number(row.achieved, 1)] for row in met]
        yield _section(said.word("weights_targets"), _table(heads, body, left=2), [])
    r_code, stata_code = code_lines(account)
    code = "".join(
        f'<div class="scroll"><pre><code>{_text(text)}</code></pre></div>\n'
        for text in (
            study_settings(account.survey.design),
            option_line(account.survey.design),
            "\n".join(r_code),
            "\n".join(stata_code),
        )
    )
    yield _section(said.word("weights_use"), code, [said.say(note) for note in account.notes])


def _balance(row: BalanceRow, said: Words) -> list[str]:
    source = said.word(f"weights_from_{row.against or 'nothing'}")
    if row.level is None:
        figures = [said.number(value, 3) if value is not None else "" for value in (row.target, row.before, row.after)]
    else:
        figures = [said.percent(value) if value is not None else "" for value in (row.target, row.before, row.after)]
    before = "" if row.before_difference is None else said.number(row.before_difference, 3)
    return [row.variable, row.level or "", source, *figures, before, said.number(row.after_difference, 3)]


def _section(title: str, body: str, told: Sequence[str]) -> str:
    paragraphs = "".join(f"<p>{_text(text)}</p>\n" for text in told)
    return f"<section>\n<h2>{_text(title)}</h2>\n{body}\n{paragraphs}</section>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    def cells(texts: Sequence[str], tag: str) -> str:
        return "".join(
            f'<{tag} class="{"left" if index < left else "right"}">{_text(text)}</{tag}>'
            for index, text in enumerate(texts)
        )

    body = "\n".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    head = f"<thead><tr>{cells(heads, 'th')}</tr></thead>"
    return f'<div class="scroll"><table>\n{head}\n<tbody>\n{body}\n</tbody>\n</table></div>'


def _text(text: str) -> str:
    return escape(isolate(clean(text))) if "\n" not in text else "\n".join(_text(line) for line in text.split("\n"))
