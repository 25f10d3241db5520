"""Claims against data: one pass for all of them, a second for those that fail.

Whatever does not come out is looked for in other readings; a reading that gives
the published figure explains the claim and never makes it reproduced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from surveytool.estimate.result import Estimates, Results
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.published_figures import readings
from surveytool.published_figures.claim_answers import Cannot, Found, find, found_in
from surveytool.published_figures.claim_comparison import ORDER, compare
from surveytool.published_figures.claim_requests import Answers, Ask, request_of
from surveytool.published_figures.claim_words import computed, published, reading_of
from surveytool.published_figures.claims import Claim, Finding, Outcome, Rounding, Verdict
from surveytool.published_figures.crossed import crossed_label, crossed_request
from surveytool.published_figures.published_rounding import reproduces

__all__ = ["Ask", "Verification", "examine", "verify"]


@frozen
class Verification:
    """A verdict a claim, in their order, and what was computed for them (one entry a pass)."""

    verdicts: tuple[Verdict, ...]
    results: tuple[Results, ...]


def verify(
    claims: Sequence[Claim], ask: Ask, unweighted: Ask | None = None, findings: Iterable[Finding] = ()
) -> list[Verdict]:
    """A verdict a claim, in their order.

    ``ask`` answers many requests in one pass (``tabulate`` for a survey);
    ``unweighted`` does so without weights, for means and totals that do not come
    out. Claims that ``findings`` hold true under one reading only are told so.
    """
    return list(examine(claims, ask, unweighted, findings).verdicts)


def examine(
    claims: Sequence[Claim], ask: Ask, unweighted: Ask | None = None, findings: Iterable[Finding] = ()
) -> Verification:
    """As ``verify``, with the estimates behind the verdicts."""
    answers = Answers(ask)
    asked = [claim for claim in claims if claim.variable is not None]
    crossed = [request for claim in asked if (request := crossed_request(claim)) is not None]
    answers.fetch([*map(request_of, asked), *crossed])
    first = tuple(answers.batches)
    verdicts = [_judge(claim, answers) for claim in claims]
    failed = [verdict.claim for verdict in verdicts if _wanting(verdict)]
    answers.fetch(readings.requests(failed))
    plain = _unweighted(failed, answers, unweighted)
    explained = (_explained(verdict, answers, plain) if _wanting(verdict) else verdict for verdict in verdicts)
    open_to = {name: finding for finding in findings if finding.reading for name in finding.claims}
    return Verification(verdicts=tuple(_qualified(verdict, open_to) for verdict in explained), results=first)


def _wanting(verdict: Verdict) -> bool:
    """Whether a printed figure did not come out."""
    return verdict.claim.published is not None and verdict.verdict in ("consistent", "not reproduced")


def _unweighted(failed: Sequence[Claim], answers: Answers, ask: Ask | None) -> Answers | None:
    """The failed means, totals and ratios once more without weights."""
    means = [claim for claim in failed if not readings.is_share(claim, answers)]
    if ask is None or not means:
        return None
    plain = Answers(ask)
    plain.fetch(request_of(claim) for claim in means)
    return plain


def _judge(claim: Claim, answers: Answers) -> Verdict:
    """One claim as it stands."""
    if claim.variable is None:
        return Verdict(claim=claim, verdict="cannot", explanation=(note("claim_variable_missing"),))
    try:
        answer = _answer_of(claim, answers)
        return _decided(claim, answer, answers)
    except Cannot as cannot:
        return Verdict(claim=claim, verdict="cannot", explanation=(cannot.why,))


def _answer_of(claim: Claim, answers: Answers) -> Found:
    """The claim's number as it is meant: a share of all where it says so."""
    if claim.percent_of == "column" or not claim.by:
        return find(claim, answers)
    value, count = readings.of_all(claim, answers)
    request = crossed_request(claim)
    rows = readings.rows_of(claim, answers)
    answer = answers.of(request) if request is not None and not rows.turned else None
    if not isinstance(answer, Estimates):
        return Found(estimate=value, n=count)
    return found_in(replace(claim, level=crossed_label(rows.own), by={}), answer)


def _decided(claim: Claim, answer: Found, answers: Answers) -> Verdict:
    outcomes: list[tuple[Outcome, tuple[Note, ...]]] = []
    rounding: Rounding | None = None
    if claim.published is not None:
        rounding = reproduces(answer.estimate, claim)
        outcomes.append(_figure(claim, answer, rounding))
    if claim.comparison is not None:
        outcomes.append(compare(claim, answer, answers))
    if not outcomes:
        raise Cannot(note("claim_says_nothing"))
    worst = max((outcome for outcome, _ in outcomes), key=ORDER.index)
    notes = tuple(note for _, said in outcomes for note in said)
    other_base = (note("claim_other_n", published=claim.n, n=answer.n),) if claim.n not in (None, answer.n) else ()
    plain = worst == "reproduced" and claim.comparison is None and not other_base
    return Verdict(
        claim=claim, verdict=worst, estimate=answer.estimate, ci_low=answer.ci_low, ci_high=answer.ci_high, n=answer.n,
        rounding=rounding, explanation=(*notes, *other_base), plain=plain,
    )  # fmt: skip


def _figure(claim: Claim, answer: Found, rounding: Rounding | None) -> tuple[Outcome, tuple[Note, ...]]:
    """A printed figure against its estimate."""
    assert claim.published is not None
    values = {"value": computed(answer.estimate, claim), "published": published(claim)}
    if rounding is not None:
        return "reproduced", (note("claim_reproduced", **values),)
    low, high = answer.ci_low, answer.ci_high
    if low is not None and high is not None and low - 1e-9 <= claim.published <= high + 1e-9:
        return "consistent", (note("claim_consistent", **values),)
    return "not reproduced", (note("claim_differs", **values),)


def _explained(verdict: Verdict, answers: Answers, unweighted: Answers | None) -> Verdict:
    """The verdict with the readings that give the published figure."""
    claim = verdict.claim
    if verdict.estimate is None or reproduces(verdict.estimate, claim):
        return verdict
    more = readings.explain(claim, verdict.estimate, answers, unweighted)
    return replace(verdict, explanation=(*verdict.explanation, *more))


def _qualified(verdict: Verdict, open_to: dict[str, Finding]) -> Verdict:
    """A claim that holds under one reading only says under which: never a bare pass."""
    claim = verdict.claim
    doubtful = claim.ambiguous or claim.id in open_to
    if not doubtful or verdict.verdict not in ("reproduced", "consistent"):
        return verdict
    said = note("claim_only_under", reading=reading_of(claim))
    return replace(verdict, explanation=(said, *verdict.explanation), plain=False)
