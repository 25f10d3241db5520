"""One row as a script for R's survey package; it prints estimate, se, low and high."""

from __future__ import annotations

import json
from fnmatch import translate

from surveytool.aggregate import where_language as conditions
from surveytool.estimate import quantile_share
from surveytool.estimate.result import Estimates, Results, Row
from surveytool.replication_code.condition_code import R, answered, holds, literal, written
from surveytool.replication_code.exported import exported
from surveytool.survey import Codebook, Design, Variable

READERS = {
    "csv": 'read.csv({path}, check.names = FALSE, na.strings = "", stringsAsFactors = FALSE)',
    "tsv": 'read.delim({path}, check.names = FALSE, na.strings = "", stringsAsFactors = FALSE)',
    "sav": "as.data.frame(haven::zap_labels(haven::read_sav({path}, user_na = TRUE)))",
    "zsav": "as.data.frame(haven::zap_labels(haven::read_sav({path}, user_na = TRUE)))",
    "por": "as.data.frame(haven::zap_labels(haven::read_por({path}, user_na = TRUE)))",
    "dta": "as.data.frame(haven::zap_labels(haven::read_dta({path})))",
    "xpt": "as.data.frame(haven::read_xpt({path}))",
    "sas7bdat": "as.data.frame(haven::read_sas({path}))",
    "xlsx": "as.data.frame(readxl::read_excel({path}))",
    "parquet": "as.data.frame(arrow::read_parquet({path}))",
}
METHODS = {"logit": "logit", "likelihood": "likelihood", "arcsine": "asin", "beta": "beta", "wald": "mean"}
QUANTILES = {"wald": "mean", "logit": "xlogit", "beta": "beta", "arcsine": "asin"}
LONELY = {"fail": "fail", "remove": "remove", "certainty": "certainty", "adjust": "adjust", "average": "average"}
DIALECT = R()


def script(results: Results, estimates: Estimates, row: Row, book: Codebook) -> str:
    """The row's request in R, from reading the file to its four numbers."""
    path, first = exported(results.source.path or "data.csv")
    suffix = path.rpartition(".")[2].lower()
    reader = READERS.get(suffix, READERS["csv"]).format(path=json.dumps(path, ensure_ascii=False))
    lines = [
        *([f"# first: {first}"] if first else []),
        "library(survey)",
        f'options(survey.lonely.psu = "{LONELY[results.design.lonely_psu]}")',
        f"d <- {reader}",
        *_design(results.design, book),
        f"row <- subset(design, ({_domain(estimates, row, book)}) %in% TRUE)",
        f"df <- {_df(results.design)}",
        *_statistic(results, estimates, row, book),
        "print(c(estimate = estimate, se = se, low = low, high = high), digits = 12)",
    ]
    return "\n".join(lines) + "\n"


def _formula(names: tuple[str, ...]) -> str:
    return "~" + " + ".join(DIALECT.name(name) for name in names)


def _df(design: Design) -> str:
    given = design.df
    if design.replicates is not None and design.replicates.df is not None:
        given = design.replicates.df
    if given is not None:
        return f"{given:g}"
    return "degf(design)" if design.replicates is not None else "degf(row)"


def _design(design: Design, book: Codebook) -> list[str]:
    weights = _formula((design.weights,)) if design.weights else "~one"
    lines = [] if design.weights else ["d$one <- 1"]
    if design.replicates is not None:
        return [*lines, _replicates(design, weights)]
    parts = [f"ids = {_formula(design.psu) if design.psu else '~1'}"]
    parts += [f"strata = {_formula((design.strata,))}"] if design.strata else []
    parts += [f"weights = {weights}"]
    parts += [f"fpc = {_formula(design.fpc)}"] if design.fpc else []
    lines = [*lines, f"design <- svydesign({', '.join(parts)}, nest = TRUE, data = d)"]
    return [*lines, *_calibrated(design, book)]


def _calibrated(design: Design, book: Codebook) -> list[str]:
    """The margins of calibrated weights, set as R's calibrate leaves them: the weights themselves are made already."""
    given = design.calibrated
    if given is None:
        return []
    base = f"d${DIALECT.name(given.base_weights)}" if given.base_weights else "rep(1, nrow(d))"
    new = f"d${DIALECT.name(design.weights)}" if design.weights else "rep(1, nrow(d))"
    terms = [DIALECT.name(name) for name in given.margins]
    terms = [
        term if book[name].kind == "number" else f"factor({term})"
        for name, term in zip(given.margins, terms, strict=True)
    ]
    return [
        f"margins <- model.matrix(~{' + '.join(terms)}, d)",
        f"before <- sqrt({base})",
        "design$postStrata <- list(structure(",
        f'  list(qr = qr(margins * before), w = {new} / before, stage = 0, index = NULL), class = "greg_calibration"))',
    ]


def _replicates(design: Design, weights: str) -> str:
    given = design.replicates
    assert given is not None
    pattern = "|".join(
        translate(column).removeprefix("(?s:").replace(r")\Z", "").replace(r")\z", "") for column in given.columns
    )
    names = {"brr": "BRR", "fay": "Fay", "jk1": "JK1", "jkn": "JKn", "bootstrap": "bootstrap",
             "sdr": "successive-difference", "other": "other"}  # fmt: skip
    parts = [f'repweights = "^({pattern})$"', f'type = "{names[given.method]}"']
    parts += [f"rho = {given.fay_rho:g}"] if given.method == "fay" else []
    parts += [f"scale = {given.scale!r}"] if given.scale is not None else []
    if given.rscales is not None:
        parts.append(f"rscales = c({', '.join(repr(rscale) for rscale in given.rscales)})")
    parts.append(f"combined.weights = {'TRUE' if given.combined else 'FALSE'}")
    parts += [f"mse = {'TRUE' if given.mse else 'FALSE'}"] if given.mse is not None else []
    return f"design <- svrepdesign(data = d, weights = {weights}, {', '.join(parts)})"


def _domain(estimates: Estimates, row: Row, book: Codebook) -> str:
    """Who is in the row: the condition, the groups, and an answer where the base asks for one."""
    request = estimates.request
    parts = [written(conditions.parse(request.where), book, DIALECT)] if request.where else []
    parts += [holds(book[name], label, DIALECT) for name, label in row.by.items()]
    if request.base == "answered":
        parts.append(answered(book[request.variable], DIALECT))
    stem, _, denominator = (request.statistic or "").partition(":")
    if stem == "ratio":
        parts.append(answered(book[denominator], DIALECT))
    return " & ".join(f"({part})" for part in parts) or "TRUE"


def _statistic(results: Results, estimates: Estimates, row: Row, book: Codebook) -> list[str]:
    variable = book[row.variable]
    level = estimates.request.level
    name = DIALECT.name(row.variable)
    share = quantile_share(estimates.statistic)
    if share is not None:
        kind = QUANTILES[estimates.ci_method]
        return [
            f'q <- svyquantile(~{name}, row, {share:g}, alpha = {1 - level:.12g}, interval.type = "{kind}", '
            f'qrule = "{estimates.request.quantile_rule}", df = df)[[1]]',
            "estimate <- q[1, 1]; se <- q[1, 4]; low <- q[1, 2]; high <- q[1, 3]",
        ]
    if estimates.statistic == "proportion":
        replicated = results.design.replicates is not None
        return _proportion(_answer(variable, row), row, level, "logit" if replicated else "xlogit")
    if estimates.statistic.startswith("ratio"):
        below = DIALECT.name(estimates.statistic.partition(":")[2])
        made = f"m <- svyratio(~{name}, ~{below}, row)"
    elif estimates.statistic == "total":
        what = f"as.numeric({_answer(variable, row)})" if row.level is not None else name
        made = f"m <- svytotal(~I({what}), row)"
    else:
        made = f"m <- svymean(~{name}, row)"
    ends = f"ends <- confint(m, level = {level:g}, df = df)"
    return [made, ends, "estimate <- as.numeric(coef(m)); se <- as.numeric(SE(m)); low <- ends[1]; high <- ends[2]"]


def _answer(variable: Variable, row: Row) -> str:
    """The condition that a respondent gave the row's answer."""
    assert row.level is not None
    if variable.kind != "multiple":
        return holds(variable, row.level_code or row.level, DIALECT)
    options = variable.valid_levels()
    if variable.counted is not None:
        places = [index for index, each in enumerate(options) if row.level in (each.label, str(each.code))]
        column = DIALECT.name(variable.columns[places[0]])
        return f"({column} %in% {literal(variable.counted)})"
    code = literal(next(option.code for option in options if option.label == row.level))
    return "(" + " | ".join(f"{DIALECT.name(column)} %in% {code}" for column in variable.columns) + ")"


def _proportion(answer: str, row: Row, level: float, logit: str) -> list[str]:
    """The proportion with the row's own interval; those that R lacks are written out.

    ``xlogit`` is R's logit interval without a fitted model, which stops a few digits early.
    """
    made = [
        f"m <- svymean(~as.numeric({answer}), row)",
        f"estimate <- as.numeric(coef(m)); se <- as.numeric(SE(m)); n <- nrow(row); alpha <- {1 - level:.12g}",
    ]
    if row.estimate in (0.0, 1.0):
        return [*made, *_extreme(row)]
    named = {**METHODS, "logit": logit}
    if row.ci_method in named:
        call = f'svyciprop(~I({answer}), row, method = "{named[row.ci_method]}", level = {level:g}, df = df)'
        return [*made, f'ends <- attr({call}, "ci")', "low <- ends[[1]]; high <- ends[[2]]"]
    if row.ci_method == "wilson":
        return [
            *made,
            "pull <- qt(1 - alpha / 2, df)^2 * se^2 / (estimate * (1 - estimate))",
            "middle <- (estimate + pull / 2) / (1 + pull)",
            "half <- sqrt(pull * (estimate * (1 - estimate) + pull / 4)) / (1 + pull)",
            "low <- middle - half; high <- middle + half",
        ]
    return [
        *made,
        "n_eff <- min(n, estimate * (1 - estimate) / se^2 * (qt(alpha / 2, n - 1) / qt(alpha / 2, df))^2)",
        "low <- qbeta(alpha / 2, n_eff * estimate, n_eff * (1 - estimate) + 1)",
        "high <- qbeta(1 - alpha / 2, n_eff * estimate + 1, n_eff * (1 - estimate))",
    ]


def _extreme(row: Row) -> list[str]:
    """Nobody or everybody: Korn and Graubard with Kish's effective n."""
    end = "low <- 0; high <- reach" if row.estimate == 0 else "low <- 1 - reach; high <- 1"
    return [
        'w <- weights(row, "sampling"); kish <- sum(w)^2 / sum(w^2)',
        "n_eff <- min(n, kish) * min(1, (qt(alpha / 2, n - 1) / qt(alpha / 2, df))^2)",
        f"reach <- 1 - (alpha / 2)^(1 / n_eff); {end}",
    ]
