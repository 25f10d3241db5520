"""The methods paragraph, written from the design: sample, weights, variance, intervals, bases, software."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surveytool.estimate.result import Estimates, Results
from surveytool.notes import Note
from surveytool.survey import Design
from surveytool.tabulation import random_notes
from surveytool.text import Words
from surveytool.version import VERSION

CLUSTERED = "clustered"
NOT_RANDOM = ("sample_nonprobability", "sample_indicative")
KNOWN = ("auto", "logit", "wilson", "beta", "nchs", "likelihood", "arcsine", "wald")


def methods(results: Results, words: Words, shown: Sequence[Estimates]) -> tuple[str, ...]:
    """Sentences on how the figures of the tables shown were made."""
    design = results.design
    said = [
        words.fill("method_rows", n=results.source.rows),
        words.word(f"method_sample_{design.sample}"),
        *_weights(design, words),
        *_variance(design, words),
        *_intervals(shown, words),
        words.word("method_groups"),
        words.word("method_bases"),
    ]
    said += [words.say(each) for each in random_notes(design) if each.code in NOT_RANDOM]
    said.append(words.fill("method_software", version=VERSION))
    return tuple(said)


def told_by_methods(given: Note) -> bool:
    """Whether the methods paragraph says already what a note says."""
    return given.code in (*NOT_RANDOM, "no_weights", "replicate_method", "study_source")


def _weights(design: Design, words: Words) -> Iterator[str]:
    if design.weights is not None:
        yield words.fill("method_weights", name=design.weights)
    elif not design.weighted:
        yield words.word("method_no_weights")


def _variance(design: Design, words: Words) -> Iterator[str]:
    if design.recruitment is not None:  # a note tells how
        return
    if design.replicates is not None:
        names = words.join(list(design.replicates.columns), most=6)
        yield words.fill("method_replicates", names=names, method=design.replicates.method)
        return
    units = words.fill("explain_psu", names=", ".join(design.psu)) if design.psu else words.word("explain_element")
    strata = words.fill("explain_strata", name=design.strata) if design.strata else words.word("explain_no_strata")
    parts = [units, strata, *([words.fill("explain_fpc", names=", ".join(design.fpc))] if design.fpc else [])]
    yield words.fill("method_taylor", parts=", ".join(parts))


def _intervals(shown: Sequence[Estimates], words: Words) -> Iterator[str]:
    """One sentence a level; how percentages got their intervals."""
    for level in dict.fromkeys(estimates.request.level for estimates in shown):
        yield words.fill("method_level", level=words.level(level))
    tables = [estimates for estimates in shown if estimates.statistic == "proportion"]
    named = [words.word(f"method_ci_{kind}") for kind in dict.fromkeys(map(_kind, tables)) if kind]
    if named:
        yield words.fill("method_shares", method=words.join(named))


def _kind(estimates: Estimates) -> str:
    """The interval of a table as its words are called, "" for one without words."""
    if any((row.ci_method or "").startswith(CLUSTERED) for row in estimates.rows):
        return CLUSTERED
    return estimates.ci_method if estimates.ci_method in KNOWN else ""
