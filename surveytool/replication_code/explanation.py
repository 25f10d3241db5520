"""An explanation is lines of words about one row, and two scripts that anyone can run to check it."""

from __future__ import annotations

from surveytool.estimate import quantile_share
from surveytool.estimate.result import Estimates, Results, Row
from surveytool.frozen import frozen
from surveytool.replication_code import r_code, stata_code
from surveytool.survey import Codebook, Design
from surveytool.text import Words

WITHOUT = ("min", "max", "iqr", "count")  # statistics that have no interval
LOGARITHMIC = ("sd", "geometric-mean")


@frozen
class Explanation:
    """What was done for one row, in words, and the same in R and in Stata."""

    table: str
    row: Row
    lines: tuple[str, ...]
    r: str
    stata: str


def explain(results: Results, book: Codebook, words: Words) -> tuple[Explanation, ...]:
    """One row a table: the first that has a standard error, of a group where there are groups."""
    explanations = []
    for estimates in results.estimates:
        row = _chosen(estimates)
        if row is not None:
            explanations.append(
                Explanation(
                    table=estimates.id, row=row, lines=tuple(_lines(results, estimates, row, words)),
                    r=r_code.script(results, estimates, row, book),
                    stata=stata_code.script(results, estimates, row, book),
                )
            )  # fmt: skip
    return tuple(explanations)


def _chosen(estimates: Estimates) -> Row | None:
    with_interval = [row for row in estimates.rows if row.ci_low is not None]
    if not with_interval and estimates.statistic in WITHOUT:
        with_interval = [row for row in estimates.rows if row.estimate is not None]
    return next((row for row in with_interval if row.by), with_interval[0] if with_interval else None)


def _lines(results: Results, estimates: Estimates, row: Row, words: Words) -> list[str]:
    about = [f"{row.variable} = {row.level}"] if row.level is not None else [row.variable]
    about += [f"{name} = {label}" for name, label in row.by.items()]
    lines = [words.fill("explain_row", row="; ".join(about), n=row.n), _sampled(results.design, words)]
    if row.df is not None:  # a protected figure does not tell
        lines.append(words.fill(_df_key(results.design), df=row.df))
    if row.deff is not None and row.deff > 0:
        lines.append(words.fill("explain_deff", deff=words.number(row.deff, 3), n=words.number(row.n / row.deff, 1)))
    replicated = results.design.replicates is not None or results.design.recruitment is not None
    if estimates.statistic not in WITHOUT:
        lines.append(words.word("explain_variance_replicates" if replicated else "explain_variance"))
    if results.design.calibrated is not None and results.design.replicates is None:
        lines.append(words.fill("explain_calibrated", names=results.design.calibrated.margins))
    if estimates.request.standard is not None:
        shares = tuple(f"{label} {share:g}" for label, share in estimates.request.standard.named())
        lines.append(words.fill("explain_standardised", name=estimates.request.standard.variable, shares=shares))
    return [*lines, words.word(f"explain_ci_{_method(estimates, row)}")]


def _method(estimates: Estimates, row: Row) -> str:
    if estimates.statistic in WITHOUT:
        return "none"
    if quantile_share(estimates.statistic) is not None:
        return "quantile"
    if estimates.statistic in LOGARITHMIC:
        return "log_figure"
    if estimates.statistic != "proportion":
        return "log" if row.ci_method == "log" else "t"
    if (row.ci_method or "").startswith("clustered"):
        return str(row.ci_method).replace("-", "_")
    return "bounds" if row.estimate in (0.0, 1.0) else row.ci_method or "logit"


def _df_key(design: Design) -> str:
    if design.df is not None or (design.replicates is not None and design.replicates.df is not None):
        return "explain_df_given"
    if design.recruitment is not None:
        return "explain_df_recruitment"
    return "explain_df_rank" if design.replicates is not None else "explain_df"


def _sampled(design: Design, words: Words) -> str:
    """The design as it was understood."""
    if design.recruitment is not None:
        given = design.recruitment
        return words.fill("explain_design_recruitment", estimator=given.estimator, variance=given.variance,
                          n=given.replicates, seed=given.seed)  # fmt: skip
    if design.replicates is not None:
        return words.fill("explain_design_replicates", names=design.replicates.columns, method=design.replicates.method)
    parts = [words.fill("explain_psu", names=design.psu) if design.psu else words.word("explain_element")]
    parts.append(words.fill("explain_strata", name=design.strata) if design.strata else words.word("explain_no_strata"))
    parts.append(
        words.fill("source_weights", name=design.weights) if design.weights else words.word("explain_no_weights")
    )
    parts += [words.fill("explain_fpc", names=design.fpc)] if design.fpc else []
    return words.fill("explain_design", parts=", ".join(parts))
