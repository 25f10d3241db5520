"""The requests behind a study's tables and charts, with what was typed over them, and their titles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from surveytool.estimate.result import Results
from surveytool.run import breakdown, standard, table_ids
from surveytool.study.model import ChartEntry, TableEntry
from surveytool.survey import Request, Survey, find_level
from surveytool.survey.label import said


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request and the entry that it comes from."""

    request: Request
    entry: TableEntry


def asked(
    survey: Survey, entries: Sequence[TableEntry], changes: Mapping[str, Any], by: Sequence[str] | None = None,
    standardize: str | None = None,
) -> tuple[Asked, ...]:  # fmt: skip
    """A request a variable of every entry, each with an id of its own.

    ``changes`` are fields of the request that win over the entries', so do breakdowns
    (``by``) and a standard where they are given.
    """
    found: list[Asked] = []
    for entry in entries:
        texts = entry.by if by is None else by
        share = standard(survey, entry.standard if standardize is None else standardize)
        shared = {"by": tuple(breakdown(survey, text) for text in texts), **changes}
        found += [Asked(request=replace(each, **shared), entry=entry) for each in entry.requests(share)]
    names = table_ids([each.request for each in found])
    return tuple(
        replace(each, request=replace(each.request, id=name)) for each, name in zip(found, names, strict=True)
    )  # fmt: skip


def answers_of(survey: Survey, variable: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Answers by the labels that are spoken."""
    levels = survey.codebook[variable].valid_levels()
    places = [find_level(levels, text) for text in texts]
    return tuple(text if at is None else levels[at].label for text, at in zip(texts, places, strict=True))


def titled(results: Results, asked: Sequence[Asked], language: str) -> Results:
    """The results with the titles that the study gives to its tables, in their order.

    A chart keeps its question: its title is a headline above it.
    """
    estimates = []
    for each, own in zip(results.estimates, asked, strict=True):
        title = said(own.entry.title, language) if not isinstance(own.entry, ChartEntry) else ""
        estimates.append(replace(each, label=title) if title else each)
    return replace(results, estimates=tuple(estimates))
