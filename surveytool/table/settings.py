"""Every setting of a run as pairs of a name and a value, for the pages that tell how a table was made."""

from __future__ import annotations

from collections.abc import Iterator

from surveytool.estimate import quantile_share
from surveytool.estimate.result import Estimates, Results
from surveytool.survey import Design, Provenance
from surveytool.survey.ledger import sentences
from surveytool.table import table_words
from surveytool.text import Words
from surveytool.version import VERSION

Pair = tuple[str, str]


def run_settings(results: Results, words: Words) -> list[Pair]:
    """Software, data file and design; what was not named is left out."""
    ledger = [("ledger", words.say(line)) for line in sentences(results.source.ledger)]
    settings = [*source_settings(results.source), *ledger, *_design(results.design, words)]
    return [(words.word(f"set_{key}"), value) for key, value in settings if value]


def source_settings(source: Provenance) -> Iterator[Pair]:
    """The program and the file: keys of ``set_...`` words and values."""
    yield "software", f"surveytool {VERSION}"
    yield "file", source.shown or ""
    yield "sha256", source.sha256 or ""
    yield "rows", str(source.rows)


def _design(design: Design, words: Words) -> Iterator[Pair]:
    yield "sample", words.word(f"chart_sample_{design.sample}").rstrip(".")
    yield "weights", design.weights or words.word("set_none")
    yield "strata", design.strata or words.word("set_none")
    yield "psu", ", ".join(design.psu) or words.word("set_respondents")
    yield "fpc", ", ".join(design.fpc)
    if design.psu and design.strata:
        yield "nest", words.word("set_yes" if design.nest else "set_no")
    if design.replicates is not None:
        yield "replicates", f"{', '.join(design.replicates.columns)} ({design.replicates.method})"
    elif design.recruitment is not None:
        given = design.recruitment
        yield "recruitment", f"{given.estimator}, {given.variance} ({given.replicates}, {given.seed})"
    else:
        yield "lonely_psu", design.lonely_psu
    if design.rounds is not None:
        yield "rounds", ", ".join(name for name in (design.rounds.round, design.rounds.unit) if name)
    yield "df", words.number(design.df, 1) if design.df is not None else ""


def table_settings(estimates: Estimates, words: Words) -> list[Pair]:
    """What one table asked for: question, breakdowns, statistic, base, domain, interval."""
    request = estimates.request
    breakdowns = "; ".join(table_words.heading(breakdown) for breakdown in estimates.breakdowns)
    standard = request.standard
    shares = ", ".join(f"{label} {words.number(share, 3)}" for label, share in standard.named()) if standard else ""
    settings = [
        ("variable", request.variable),
        ("by", breakdowns),
        ("statistic", estimates.statistic),
        ("base", table_words.base(estimates, words)),
        ("where", request.where or ""),
        ("interval", f"{estimates.ci_method}, {words.level(request.level)}"),
        ("rule", request.quantile_rule if quantile_share(estimates.statistic) is not None else ""),
        ("standard", f"{standard.variable}: {shares}" if standard else ""),
    ]
    return [(words.word(f"set_{key}"), value) for key, value in settings if value]
