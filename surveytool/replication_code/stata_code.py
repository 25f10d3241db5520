"""One row as a Stata do-file; Stata itself is not run by the tests."""

from __future__ import annotations

from surveytool.aggregate import where_language as conditions
from surveytool.estimate import quantile_share
from surveytool.estimate.result import Estimates, Results, Row
from surveytool.replication_code import recruitment_code
from surveytool.replication_code.condition_code import Stata, answered, holds, written
from surveytool.replication_code.exported import exported
from surveytool.survey import Codebook, Design, Replicates

DIALECT = Stata()
SINGLE = {"fail": "missing", "remove": "certainty", "certainty": "certainty", "adjust": "centered", "average": "scaled"}
VCE = {"brrweight": "brr", "bsrweight": "bootstrap", "sdrweight": "sdr", "jkrweight": "jackknife"}
LINES = {"logit": "logit", "wilson": "wilson", "beta": "exact", "nchs": "exact", "wald": "wald", "auto": "logit"}


def script(results: Results, estimates: Estimates, row: Row, book: Codebook) -> str:
    """The row's request in Stata."""
    if results.design.recruitment is not None:
        return recruitment_code.STATA
    path, first = exported((results.source.path or "data.csv").replace('"', ""))
    reader = f'use "{path}", clear' if path.endswith(".dta") else f'import delimited "{path}", clear case(preserve)'
    if path.endswith((".sav", ".zsav")):
        reader = f'import spss using "{path}", clear'
    parts = [written(conditions.parse(estimates.request.where), book, DIALECT)] if estimates.request.where else []
    parts += [holds(book[name], label, DIALECT) for name, label in row.by.items()]
    if estimates.request.base == "answered" and book[row.variable].kind != "multiple":
        parts.append(answered(book[row.variable], DIALECT, numbers=row.level is None))
    inside = " & ".join(f"({part})" for part in parts) or "1"
    fixed = "* the margins of the weights are not in this script: its standard errors take the weights as fixed"
    tied = results.design.calibrated is not None and results.design.replicates is None
    lines = [
        *([f"* first: {first}"] if first else []),
        reader,
        *([fixed] if tied else []),
        *_design(results.design, row.df),
        f"generate byte inside = {inside}",
        *_shares(estimates, book),
        *_statistic(estimates, row, book),
    ]
    return "\n".join(lines) + "\n"


def _design(design: Design, df: float | None) -> list[str]:
    weight = f" [pweight = {DIALECT.name(design.weights)}]" if design.weights else ""
    options = f"singleunit({SINGLE[design.lonely_psu]})"
    if design.replicates is not None:
        given = design.replicates
        kind = {"brr": "brrweight", "fay": "brrweight", "bootstrap": "bsrweight", "sdr": "sdrweight"}
        named = kind.get(given.method, "jkrweight")
        fay = f" fay({given.fay_rho:g})" if given.method == "fay" else ""
        replicate_weights = f"{named}({' '.join(given.columns)}{_multiplier(given)}){fay} vce({VCE[named]})"
        centred = given.method == "sdr" if given.mse is None else given.mse
        freedom = f" dof({df:g})" if df is not None and df > 0 else ""
        listed = ["* Stata knows * and ? in names: write the replicate weights of [...] one by one"]
        told = listed if any("[" in column for column in given.columns) else []
        return [*told, *_apart(given), f"svyset{weight}, {replicate_weights}{' mse' if centred else ''}{freedom}"]
    stages = []
    for index, name in enumerate(design.psu or ("_n",)):
        stage_options = [f"strata({DIALECT.name(design.strata)})"] if design.strata and not index else []
        stage_options += [f"fpc({DIALECT.name(design.fpc[index])})"] if index < len(design.fpc) else []
        stage_options += [options] if not index else []
        unit = name if name == "_n" else DIALECT.name(name)
        stages.append(f"{unit}{weight if not index else ''}{', ' if stage_options else ''}{' '.join(stage_options)}")
    return ["svyset " + " || ".join(stages)]


def _multiplier(given: Replicates) -> str:
    """The jackknife's multipliers, where they are given; Stata's own is (R - 1)/R."""
    if given.method not in ("jk1", "jkn", "other") or (given.scale is None and given.rscales is None):
        return ""
    scale = 1.0 if given.scale is None else given.scale
    return f", multiplier({' '.join(f'{scale * rscale:.12g}' for rscale in given.rscales or (1.0,))})"


def _apart(given: Replicates) -> list[str]:
    """Where Stata's variance of replicates is not the one that was asked for."""
    if given.method == "jkn" and given.rscales is None:
        return ["* every stratum has its own multiplier of the jackknife: give them with multiplier()"]
    if given.method not in ("jk1", "jkn", "other") and (given.scale is not None or given.rscales is not None):
        return ["* the scale of these replicates is not in this script: its standard errors differ"]
    return []


def _shares(estimates: Estimates, book: Codebook) -> list[str]:
    """The groups that figures are standardised to, and their shares."""
    standard = estimates.request.standard
    if standard is None:
        return []
    whole = sum(share for _, share in standard.shares)
    lines = ["generate int standard_group = .", "generate double standard_share = ."]
    for number, (label, share) in enumerate(standard.named(), start=1):
        there = holds(book[standard.variable], label, DIALECT)
        lines.append(f"replace standard_group = {number} if {there}")
        lines.append(f"replace standard_share = {share / whole!r} if {there}")
    return [*lines, "replace inside = 0 if missing(standard_group)"]


def _statistic(estimates: Estimates, row: Row, book: Codebook) -> list[str]:
    level = f"{estimates.request.level * 100:g}"
    standard = "stdize(standard_group) stdweight(standard_share)" if estimates.request.standard is not None else ""
    asked = f", {standard}" if standard else ""
    name = DIALECT.name(row.variable)
    if quantile_share(estimates.statistic) is not None:
        return ["* Stata has no survey quantiles of its own; see the R code."]
    if estimates.statistic == "proportion" and row.level is not None and book[row.variable].kind != "multiple":
        kind = LINES.get(row.ci_method or "logit", "logit")
        other = "* the interval allows for clusters, which Stata's does not: see the R code"
        return [
            *([other] if (row.ci_method or "").startswith("clustered") else []),
            f"generate byte answer = {holds(book[row.variable], row.level, DIALECT)}",
            f"svy, subpop(inside) level({level}): proportion answer, citype({kind}) {standard}".rstrip(),
        ]
    if estimates.statistic == "total" and row.level is not None:
        return [
            f"generate byte answer = {holds(book[row.variable], row.level, DIALECT)}",
            f"svy, subpop(inside) level({level}): total answer",
        ]
    if estimates.statistic.startswith("ratio"):
        return [
            f"svy, subpop(inside) level({level}): ratio {name} / "
            f"{DIALECT.name(estimates.statistic.partition(':')[2])}{asked}"
        ]
    if estimates.statistic not in ("mean", "total", "proportion"):
        return [f"* No Stata code is known for {estimates.statistic}."]
    kind = "total" if estimates.statistic == "total" else "mean"
    return [f"svy, subpop(inside) level({level}): {kind} {name}{asked}"]
