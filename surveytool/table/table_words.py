"""The words around a table's numbers: headings, base line, source line, notes."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.estimate.result import BaseCount, Breakdown, Estimates, Results
from surveytool.notes import unique
from surveytool.survey import Design, Provenance
from surveytool.table.figure import EXPLAINED, SUPPRESSED, SUPPRESSED_MARK, sign
from surveytool.text import Words

NO_ANSWERS = {"(blank)": "blank", "(unfit)": "unfit"}  # what no respondent said has words of its own
NAMED = ("proportion", "mean", "total", "median", "sd", "min", "max", "iqr", "count", "geometric-mean")
UNWEIGHTED = ("min", "max", "count")  # what weights do not change
DASH = "\u2013"
RANDOM = ("probability", "census", "rds", "time-location")  # intervals rest on how respondents were found


def label(text: str, words: Words) -> str:
    """A level's or group's label; a blank answer has a word of its own."""
    return words.word(NO_ANSWERS[text]) if text in NO_ANSWERS else text


def heading(breakdown: Breakdown) -> str:
    """A breakdown's heading: its variables' labels, names where they have none."""
    pairs = zip(breakdown.labels, breakdown.names, strict=True)
    return " × ".join(title or name for title, name in pairs)


def column(estimates: Estimates, words: Words) -> str:
    """The head of the estimate's column."""
    kind, number = _statistic(estimates.statistic)
    keys = {"proportion": "percent", "total": "count_total"}
    head = words.fill(keys.get(kind, kind), n=number)
    return f"{head} ({estimates.unit})" if estimates.unit and kind != "proportion" else head


def titled(estimates: Estimates, words: Words) -> str:
    """A question's label with the unit of its numbers."""
    title = estimates.label or estimates.request.variable
    told = estimates.unit is None or estimates.unit.casefold() in title.casefold()
    return title if told or estimates.codes else f"{title} ({estimates.unit})"


def between(values: Sequence[str], words: Words, *, percent: bool) -> str:
    """What stands in the brackets of a cell: one figure, or from one to another; a percentage with its sign."""
    if percent and len(values) == 1:
        return words.marks.percent.format(values[0])
    return (f" {words.marks.to} " if any(value.startswith("-") for value in values) else DASH).join(values)


def left_out(estimates: Estimates, words: Words) -> list[str]:
    """Who does not count in a question, where somebody does not."""
    count = estimates.base
    if count.withheld or not (count.excluded or count.included):
        return []
    return [f"{words.fill('base_of', n=count.base, of=count.domain).lstrip(', ')}{''.join(_reasons(count, words))}"]


def sheet_base(estimates: Estimates, words: Words) -> str:
    """Who is behind a sheet of questions; each has its own n."""
    request = estimates.request
    where = words.fill("base_where", where=request.where) if request.where else ""
    return words.fill("base", who=words.word(f"base_{request.base}")) + where


def sheet_subtitle(estimates: Estimates, words: Words, design: Design | None, layout: str) -> str:
    """What the figures of a sheet are."""
    weighted = design is None or design.weighted
    percent = estimates.request.percent
    key = {"row": "_row", "table": "_table"}.get(percent, "")
    parts = [words.word(f"{layout}_figures_{'weighted' if weighted else 'unweighted'}")]
    parts += [words.word(f"percent{key}")] if key else []
    return ", ".join(parts)


def several_subtitle(estimates: Estimates, words: Words, design: Design | None, *, intervals: bool) -> str:
    """What the figures of several statistics are."""
    weighted = design is None or design.weighted
    random = design is None or design.sample in RANDOM
    parts = [words.word("several_weighted" if weighted else "several_unweighted")]
    if intervals:
        key = f"{'interval' if random else 'indicative'}_in_brackets"
        parts.append(words.fill(key, level=words.level(estimates.request.level)))
    parts += [words.word("n_unweighted")] if weighted else []
    name = estimates.request.variable
    return (f"{name} · " if estimates.label and estimates.label != name else "") + ", ".join(parts)


def interval_head(estimates: Estimates, words: Words) -> str:
    """The head of the interval's column: ``95% CI``."""
    return words.fill("ci", level=words.level(estimates.request.level))


def subtitle(estimates: Estimates, words: Words, design: Design | None, *, beside: bool) -> str:
    """What the figures are: variable, statistic, interval, and how respondents count."""
    weighted = design is None or design.weighted
    kind, number = _statistic(estimates.statistic)
    key = "percent" if kind == "proportion" else kind
    if kind == "proportion" and estimates.request.percent != "column":
        key = f"percent_{estimates.request.percent}"
    prefix = "unweighted" if kind in UNWEIGHTED or not weighted else "weighted"
    statistic = words.fill(f"{prefix}_{key}", n=number, denominator=number)
    random = design is None or design.sample in RANDOM
    position = "beside" if beside else "in_brackets"
    level = words.level(estimates.request.level)
    interval = words.fill(f"{'interval' if random else 'indicative'}_{position}", level=level)
    parts = [statistic, *([interval] if estimates.ci_method != "none" else [])]
    if weighted:
        parts.append(words.word("n_unweighted"))
    name = estimates.request.variable
    named = f"{name} · " if estimates.label and estimates.label != name else ""
    return named + ", ".join(parts)


def _statistic(name: str) -> tuple[str, str]:
    """A statistic's word and what fills it: ``p90`` is the percentile 90."""
    stem, _, rest = name.partition(":")
    if stem in NAMED or stem == "ratio":
        return stem, rest
    return ("percentile", stem[1:]) if stem[:1] == "p" and stem[1:].replace(".", "", 1).isdigit() else (stem, rest)


def base(estimates: Estimates, words: Words) -> str:
    """Who is behind the table, unweighted: ``Base: respondents with an answer, n = 520 of 531``."""
    request, count = estimates.request, estimates.base
    parts = [words.fill("base", who=words.word(f"base_{request.base}"))]
    if request.where:
        parts.append(words.fill("base_where", where=request.where))
    if count.withheld:
        return "".join(parts)
    key = "base_n" if count.base == count.domain else "base_of"
    parts.append(words.fill(key, n=count.base, of=count.domain))
    parts += _reasons(count, words)
    return "".join(parts)


def _reasons(count: BaseCount, words: Words) -> list[str]:
    out = []
    for key, reasons in (("base_excluded", count.excluded), ("base_included", count.included)):
        listed = [f"{label(text, words)} {words.number(number)}" for text, number in reasons if number]
        if listed:
            out.append(words.fill(key, reasons=", ".join(listed)))
    return out


def notes(estimates: Estimates, words: Words) -> tuple[str, ...]:
    """The table's notes as sentences, then the words for its marks."""
    flags = dict.fromkeys(row.flag for row in estimates.rows if row.flag)
    legend = [words.fill("mark_suppressed", mark=SUPPRESSED_MARK)] if SUPPRESSED in flags else []
    legend += [
        words.fill("mark_flag", mark=sign(flag, words), flag=words.terms.get(f"flag_{flag}", flag))
        for flag in flags if flag not in EXPLAINED
    ]  # fmt: skip
    return (*(words.say(note) for note in estimates.notes), *legend)


def file(given: Provenance, words: Words) -> str:
    """The file and its respondents: ``Source: transit.sav, 531 respondents``."""
    rows = words.fill("source_row_one" if given.rows == 1 else "source_rows", n=given.rows)
    return f"{words.fill('source', path=given.shown or words.word('unnamed_source'))}, {rows}"


SOURCE = "study_source"  # the note of a study's own words; they are the source line


def source(results: Results, words: Words) -> str:
    """Where the figures come from: in the study's own words, else the file and the columns of the design."""
    design = results.design
    told = [words.say(note).rstrip(". ") for note in unique(results.notes) if note.code == SOURCE]
    if told:
        rows = words.fill("source_row_one" if results.source.rows == 1 else "source_rows", n=results.source.rows)
        weighted = words.word("source_weighted" if design.weights else "source_unweighted")
        return f"{words.fill('source', path='. '.join(told))}. {rows}, {weighted}."
    columns: dict[str, Sequence[str]] = {
        "weights": (design.weights,) if design.weights else (),
        "strata": (design.strata,) if design.strata else (),
        "psu": design.psu,
        "fpc": design.fpc,
        "replicates": design.replicates.columns if design.replicates is not None else (),
    }
    named = [words.fill(f"source_{key}", name=words.join(names)) for key, names in columns.items() if names]
    return "; ".join([file(results.source, words), *named]) + "."
