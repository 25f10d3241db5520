"""The library of indicators arranged for a reader: a list of all, or one with its items and cut points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surveytool.estimate.result import Results
from surveytool.indicator_library import Indicator
from surveytool.survey import Design, Provenance
from surveytool.table.table_parts import Cell, Column, Report, Table, TableRow
from surveytool.text import Words


def arrange_indicators(indicators: Sequence[Indicator], words: Words) -> Report:
    """One table: a line an indicator; of a single one its questions, thresholds and classes."""
    table = _one(indicators[0], words) if len(indicators) == 1 else _list(indicators, words)
    empty = Results(estimates=(), source=Provenance(path=""), design=Design())
    source = words.fill("indicator_source", source=indicators[0].source) if len(indicators) == 1 else ""
    return Report(tables=(table,), results=empty, source=source)


def record(indicator: Indicator) -> dict[str, object]:
    """An indicator as programs read it."""
    return {
        "id": indicator.id, "version": indicator.version, "source": indicator.source, "licence": indicator.licence,
        "title": dict(indicator.title), "formula": indicator.formula,
        "items": [item.name for item in indicator.items],
        "questions": {item.name: {"label": dict(item.label), "codes": item.codes, "usual": list(item.usual)}
                      for item in indicator.items},
        "thresholds": {name: dict(cuts) for name, cuts in indicator.thresholds.items()},
        "codes": dict(indicator.codes), "makes": list(indicator.makes),
    }  # fmt: skip


def _list(indicators: Sequence[Indicator], words: Words) -> Table:
    columns = (
        Column(key="title", label=words.word("indicator_title"), align="left", role="text"),
        Column(key="makes", label=words.word("indicator_makes"), align="left", role="text"),
    )
    rows = tuple(
        TableRow(
            label=indicator.id,
            cells=(Cell(value=_said(indicator.title, words)), Cell(value=", ".join(_variables(indicator)))),
        )
        for indicator in indicators
    )
    return Table(
        id="indicators", title=words.word("indicators"), subtitle=words.word("indicators_subtitle"), columns=columns,
        stub_head=words.word("indicator_id"), rows=rows,
    )  # fmt: skip


def _variables(indicator: Indicator) -> tuple[str, ...]:
    """The variables that readers ask for: the indicator and its classes."""
    return tuple(name for name in indicator.makes if name in (indicator.stem, f"{indicator.stem}_group"))


def _one(indicator: Indicator, words: Words) -> Table:
    columns = (
        Column(key="label", label=words.word("indicator_question"), align="left", role="text"),
        Column(key="codes", label=words.word("indicator_codes"), align="left", role="text"),
    )
    rows = tuple(
        TableRow(label=_names(item.name, item.usual, many=item.many),
                 cells=(Cell(value=_said(item.label, words)), Cell(value=item.codes)))
        for item in indicator.items
    )  # fmt: skip
    return Table(
        id=indicator.id, title=f"{indicator.id}: {_said(indicator.title, words)}", subtitle=indicator.formula,
        stub_head=words.word("indicator_item"), columns=columns, rows=rows, notes=tuple(_notes(indicator, words)),
    )  # fmt: skip


def _names(name: str, usual: Sequence[str], *, many: bool) -> str:
    return f"{name} ({', '.join(usual)})" if many and usual else name


def _notes(indicator: Indicator, words: Words) -> Iterator[str]:
    yield words.fill("indicator_makes_note", names=", ".join(indicator.makes))
    if indicator.thresholds:
        cuts = "; ".join(
            f"{name}: " + ", ".join(f"{word} {words.number(value)}" for word, value in limits.items())
            for name, limits in indicator.thresholds.items()
        )
        yield words.fill("indicator_thresholds", cuts=cuts)
    for recode in indicator.recodes:
        labels = [_said(case["label"], words) for case in recode.get("case", ()) if "label" in case]
        if labels and str(recode["name"]).endswith("_group"):
            yield words.fill("indicator_classes", labels="; ".join(labels))
    if indicator.codes:
        codes = ", ".join(f"{name} = {value}" for name, value in indicator.codes.items())
        yield words.fill("indicator_code_note", codes=codes)
    yield words.fill("indicator_version", version=indicator.version, licence=indicator.licence)


def _said(label: object, words: Words) -> str:
    """A label in the reader's language, else in English."""
    from surveytool.survey.label import said

    return said(label, words.language)  # type: ignore[arg-type]
