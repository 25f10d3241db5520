"""One row of a sample by recruitment in R: package RDS has its weights and two ways to draw samples anew."""

from __future__ import annotations

from surveytool.aggregate import where_language as conditions
from surveytool.estimate.result import Estimates, Row
from surveytool.replication_code.condition_code import R, answered, holds, written
from surveytool.survey import Codebook, Recruitment

DIALECT = R()
WEIGHTS = {"rds-i": "RDS-I", "rds-ii": "RDS-II", "gile-ss": "Gile's SS", "none": "Arithmetic Mean"}
UNCERTAINTY = {"tree": "Treeboot", "salganik": "Salganik"}
STATA = "* Stata has no command for samples by recruitment\n"


def script(reader: str, settings: Recruitment, estimates: Estimates, row: Row, book: Codebook) -> str:
    """The row's estimate in R, and its standard error where package RDS has the method."""
    if settings.id is None:
        return "# package RDS: make recruiters of coupons first, see ?rid.from.coupons\n"
    if (row.level is None and estimates.statistic != "mean") or estimates.statistic not in ("mean", "proportion"):
        return f"# package RDS has no {estimates.statistic}\n"
    variable = book[row.variable]
    value = holds(variable, row.level, DIALECT) if row.level is not None else DIALECT.name(row.variable)
    parts = [written(conditions.parse(estimates.request.where), book, DIALECT)] if estimates.request.where else []
    parts += [holds(book[name], label, DIALECT) for name, label in row.by.items()]
    parts.append(answered(variable, DIALECT, numbers=row.level is None))
    size = "NULL" if settings.population is None else f"{settings.population:g}"
    degree = f"d${DIALECT.name(settings.degree)}" if settings.degree else "1"
    lines = [
        "library(RDS)",
        f"d <- {reader}",
        f"d$id_ <- as.character(d${DIALECT.name(settings.id)})",
        f"d$recruiter_ <- as.character(d${DIALECT.name(settings.recruiter or '')})",
        'd$recruiter_[!(d$recruiter_ %in% d$id_)] <- "seed"',
        f"d$degree_ <- {degree}",
        f"d$answer_ <- as.character(d${DIALECT.name(row.variable)})",
        'r <- as.rds.data.frame(d, id = "id_", recruiter.id = "recruiter_", network.size = "degree_", '
        f"population.size = {size})",
        f'w <- compute.weights(r, weight.type = "{WEIGHTS[settings.estimator]}", N = {size}, '
        'outcome.variable = "answer_")',
        f"inside <- with(d, {' & '.join(f'({part})' for part in parts)}) %in% TRUE",
        f"estimate <- weighted.mean(with(d, as.numeric({value}))[inside], w[inside])",
        "print(c(estimate = estimate), digits = 12)",
        *_error(settings, row, size),
    ]
    return "\n".join(lines) + "\n"


def _error(settings: Recruitment, row: Row, size: str) -> list[str]:
    """The standard error of a share of the whole sample."""
    way = UNCERTAINTY.get(settings.variance)
    if way is None:
        return ["# the neighbourhood bootstrap is in package Neighboot: neighb(), of RDS-II"]
    if row.level is None or row.by:
        return ["# package RDS draws samples anew for shares of the whole sample only"]
    return [
        f"set.seed({settings.seed})  # other random numbers: the same up to Monte Carlo error",
        f'RDS.bootstrap.intervals(r, outcome.variable = "answer_", weight.type = "{WEIGHTS[settings.estimator]}", '
        f'uncertainty = "{way}", number.of.bootstrap.samples = {settings.replicates}, N = {size})',
    ]
