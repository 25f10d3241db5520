"""A study's claims ready to be checked: in the survey's language, disputed sets apart.

A claim names answers and groups by code or by a label in any language; the data
know them by the label that is spoken. A disputed set is never asked of the data:
its figures are held against each other only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from surveytool.estimate.result import Results
from surveytool.notes import Note, note
from surveytool.published_figures import Claim, ClaimReport, check
from surveytool.published_figures.claim_answers import NOT
from surveytool.published_figures.claim_table import without_data
from surveytool.published_figures.judge import Ask, examine
from surveytool.study.study_file import Study
from surveytool.survey import Codebook, find_level, printed_names
from surveytool.survey.label import said


def spoken(claim: Claim, book: Codebook) -> Claim:
    """The claim with answers and groups by the labels that they have in the codebook now."""
    told = claim.comparison
    if told is not None:
        own = {"": claim.variable} if claim.variable else {}
        groups = {"more_than": told.more_than, "less_than": told.less_than}
        named = {key: _groups(value, book, own) for key, value in groups.items() if value is not None}
        told = replace(told, **named)  # type: ignore[arg-type]
    level = _label(claim.variable, claim.level, book) if claim.level is not None else None
    return replace(claim, level=level, by=_groups(claim.by, book, {}), comparison=told)


def _groups(groups: Mapping[str, str], book: Codebook, own: Mapping[str, str]) -> dict[str, str]:
    return {name: _label(own.get(name, name), text, book) for name, text in groups.items()}


def _label(name: str | None, text: str, book: Codebook) -> str:
    """The label of the answer that a text means; the text itself where it means none."""
    if name is None or name not in book:
        return text
    levels = book[name].valid_levels()
    place = find_level(levels, text)
    if place is not None:
        return printed_names(levels)[place]
    if text.lower().startswith(NOT):
        inner = _label(name, text[len(NOT) :], book)
        return f"{text[: len(NOT)]}{inner}" if inner != text[len(NOT) :] else text
    return text


def disputed_of(study: Study, claims: Sequence[Claim]) -> frozenset[str]:
    """The ids of claims whose set is disputed."""
    sets = {name for name, each in study.sets.items() if each.disputed}
    return frozenset(claim.id for claim in claims if claim.set in sets)


def judge(
    study: Study, claims: Sequence[Claim], *, weighted: bool, language: str, book: Codebook | None = None,
    ask: Ask | None = None, unweighted: Ask | None = None,
) -> ClaimReport:  # fmt: skip
    """A verdict a claim and what they say of each other; without ``ask`` only the latter."""
    apart = disputed_of(study, claims)
    claims = [spoken(claim, book) if book is not None else claim for claim in claims]
    own = [claim for claim in claims if claim.id not in apart]
    kept = [claim for claim in claims if claim.id in apart]
    findings = check(own, weighted=weighted, book=book)
    told = check(kept, weighted=weighted)
    plain = {verdict.claim.id: verdict for verdict in without_data(kept, told).verdicts}
    results: tuple[Results, ...] = ()
    if ask is None:
        plain |= {verdict.claim.id: verdict for verdict in without_data(own, findings).verdicts}
    else:
        found = examine(own, ask, unweighted, findings)
        plain |= {verdict.claim.id: verdict for verdict in found.verdicts}
        results = found.results
    return ClaimReport(
        verdicts=tuple(plain[claim.id] for claim in claims), findings=(*findings, *told), results=results,
        disputed=apart, remarks=_remarks(study, kept, language),
    )  # fmt: skip


def _remarks(study: Study, kept: Sequence[Claim], language: str) -> tuple[Note, ...]:
    """Which sets are disputed, and what that means."""
    names = dict.fromkeys(claim.set for claim in kept if claim.set is not None)
    return tuple(note("claims_disputed", set=said(study.sets[name].title, language) or name) for name in names)
