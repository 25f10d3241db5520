"""One row as a script for R's survey package; it prints estimate, se, low and high."""

from __future__ import annotations

import json
from fnmatch import translate

from surveytool.aggregate import where_language as conditions
from surveytool.estimate import quantile_share
from surveytool.estimate.result import Estimates, Results, Row
from surveytool.replication_code import clustered_code, percent_code, recruitment_code, spread_code
from surveytool.replication_code.condition_code import R, answered, holds, literal, option, written
from surveytool.replication_code.exported import exported
from surveytool.survey import Codebook, Design, Replicates, Variable

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
R_METHODS = {"brr": "BRR", "fay": "Fay", "jk1": "JK1", "jkn": "JKn", "bootstrap": "bootstrap",
             "sdr": "successive-difference", "other": "other"}  # fmt: skip
INTERPOLATING = ("hf4", "hf5", "hf6", "hf7", "hf8", "hf9")
EXACT = "(qt(alpha / 2, n - 1) / qt(alpha / 2, df))^2"
BETA = ["low <- qbeta(alpha / 2, n_eff * estimate, n_eff * (1 - estimate) + 1)",
        "high <- qbeta(1 - alpha / 2, n_eff * estimate + 1, n_eff * (1 - estimate))"]  # fmt: skip
WRITTEN = {  # the intervals of svyciprop, which itself stops where a column is called g
    "logit": ["low <- plogis(qlogis(estimate) - qt(1 - alpha / 2, df) * spread)",
              "high <- plogis(qlogis(estimate) + qt(1 - alpha / 2, df) * spread)"],
    "wald": ["low <- max(0, estimate - qt(1 - alpha / 2, df) * se)",
             "high <- min(1, estimate + qt(1 - alpha / 2, df) * se)"],
    "arcsine": ["half <- qt(1 - alpha / 2, df) * se / (2 * sqrt(estimate * (1 - estimate)))",
                "low <- sin(max(0, asin(sqrt(estimate)) - half))^2",
                "high <- sin(min(pi / 2, asin(sqrt(estimate)) + half))^2"],
    "wilson": ["pull <- qt(1 - alpha / 2, df)^2 * se^2 / (estimate * (1 - estimate))",
               "middle <- (estimate + pull / 2) / (1 + pull)",
               "half <- sqrt(pull * (estimate * (1 - estimate) + pull / 4)) / (1 + pull)",
               "low <- middle - half; high <- middle + half"],
    "beta": [f"n_eff <- estimate * (1 - estimate) / se^2 * {EXACT}", *BETA],
    "nchs": [f"n_eff <- min(n, estimate * (1 - estimate) / se^2 * {EXACT})", *BETA],
}  # fmt: skip
QUANTILES = {"wald": "mean", "logit": "xlogit", "beta": "beta", "arcsine": "asin"}
LONELY = {"fail": "fail", "remove": "remove", "certainty": "certainty", "adjust": "adjust", "average": "average"}
DIALECT = R()


def script(results: Results, estimates: Estimates, row: Row, book: Codebook) -> str:
    """The row's request in R, from reading the file to its four numbers."""
    path, first = exported(results.source.path or "data.csv")
    suffix = path.rpartition(".")[2].lower()
    reader = READERS.get(suffix, READERS["csv"]).format(path=json.dumps(path, ensure_ascii=False))
    if results.design.recruitment is not None:
        return recruitment_code.script(reader, results.design.recruitment, estimates, row, book)
    lines = [
        *([f"# first: {first}"] if first else []),
        "library(survey)",
        f'options(survey.lonely.psu = "{LONELY[results.design.lonely_psu]}")',
        f"d <- {reader}",
        *_sorted(estimates, results.design),
        *_standard_groups(estimates, book),
        *_design(results.design, book),
        f"row <- subset(design, ({_domain(estimates, row, book)}) %in% TRUE)",
        f"df <- {_df(results.design)}",
        *_standardised(estimates, results.design),
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
    return "degf(row)"


def _sorted(estimates: Estimates, design: Design) -> list[str]:
    """Rules that interpolate go by the file's order among equal values: here by their weights, the smallest first."""
    if quantile_share(estimates.statistic) is None or estimates.request.quantile_rule not in INTERPOLATING:
        return []
    names = [estimates.request.variable, *([design.weights] if design.weights else [])]
    return [f"d <- d[order({', '.join(f'd${DIALECT.name(name)}' for name in names)}), ]"]


def _standard_groups(estimates: Estimates, book: Codebook) -> list[str]:
    """The groups that figures are standardised to, as a column of their numbers."""
    standard = estimates.request.standard
    if standard is None:
        return []
    lines = ["standard <- rep(NA, nrow(d))"]
    for number, (label, _) in enumerate(standard.named(), start=1):
        lines.append(f"standard[with(d, {holds(book[standard.variable], label, DIALECT)}) %in% TRUE] <- {number}")
    whole = sum(share for _, share in standard.shares)
    shares = ", ".join(repr(share / whole) for _, share in standard.shares)
    return [*lines, f"d$standard_ <- factor(standard, 1:{len(standard.shares)})", f"shares <- c({shares})"]


def _reweighted(estimates: Estimates, design: Design) -> bool:
    """Whether R's svystandardize gives the figure: not under replicates or calibrated weights, nor of a ratio.

    Standardised ratios are sums of the groups' ratios (as in Stata), not ratios of standardised totals.
    """
    return design.replicates is None and design.calibrated is None and not estimates.statistic.startswith("ratio")


def _standardised(estimates: Estimates, design: Design) -> list[str]:
    if estimates.request.standard is None:
        return []
    kept = ["row <- subset(row, !is.na(standard_))", "plain <- row"]
    return [
        *kept,
        *(["row <- svystandardize(row, ~standard_, population = shares)"] if _reweighted(estimates, design) else []),
    ]


def _standard_mean(what: str, below: str | None, estimates: Estimates, row: Row, book: Codebook) -> list[str]:
    """The standardised figure under calibrated weights: its linearised values as a total of the whole design."""
    return [
        f"inside <- with(d, {_domain(estimates, row, book)}) %in% TRUE & !is.na(d$standard_)",
        f'g <- as.integer(d$standard_); w <- weights(design, "sampling"); v <- with(d, as.numeric({what}))',
        f"u <- {'rep(1, nrow(d))' if below is None else f'with(d, {below})'}",
        "sums <- function(x) as.numeric(tapply((w * x)[inside], d$standard_[inside], sum)); r <- sums(v) / sums(u)",
        "z <- ifelse(inside, (shares / sums(u))[g] * (v - r[g] * u), 0)",
        "total <- svytotal(~z, update(design, z = z))",
        'm <- structure(c(figure = sum(shares * r)), var = vcov(total), class = "svystat")',
    ]


def _mean_of(what: str, estimates: Estimates, design: Design, row: Row, book: Codebook) -> list[str]:
    """R's mean of a term in the row; standardised by the groups' means where svystandardize does not give it."""
    if estimates.request.standard is None or _reweighted(estimates, design):
        return [f"m <- svymean(~{what}, row)"]
    if design.replicates is None:
        return _standard_mean(what, None, estimates, row, book)
    return [f"m <- svycontrast(svyby(~{what}, ~standard_, row, svymean, covmat = TRUE), shares)"]


def _design(design: Design, book: Codebook) -> list[str]:
    weights = _formula((design.weights,)) if design.weights else "~one"
    lines = [] if design.weights else ["d$one <- 1"]
    if design.replicates is not None:
        return [*lines, *_replicates(design, weights)]
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


def _replicates(design: Design, weights: str) -> list[str]:
    given = design.replicates
    assert given is not None
    pattern = "|".join(
        translate(column).removeprefix("(?s:").replace(r")\Z", "").replace(r")\z", "") for column in given.columns
    )
    kind, scaled = R_METHODS[given.method], []
    if given.scale is not None or given.rscales is not None or given.method in ("jk1", "jkn", "other"):
        kind = kind if given.method in ("jk1", "jkn") else "other"  # R keeps its own scale for the other methods
        scaled = [f"scale = {_scale(given)}", f"rscales = {_rscales(given, design.weights)}"]
    mse = given.method == "sdr" if given.mse is None else given.mse
    parts = [f'repweights = "^({pattern})$"', f'type = "{kind}"']
    parts += [f"rho = {given.fay_rho:g}"] if kind == "Fay" else []
    parts += [*scaled, f"combined.weights = {_logical(given.combined)}", f"mse = {_logical(mse)}"]
    line = f"design <- svrepdesign(data = d, weights = {weights}, {', '.join(parts)})"
    return [f'k <- grep("^({pattern})$", names(d))', line] if scaled else [line]


def _logical(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def _scale(given: Replicates) -> str:
    """The scale of the squares: given, or the method's own."""
    scales = {"brr": "1 / length(k)", "fay": f"1 / (length(k) * (1 - {given.fay_rho:g})^2)", "sdr": "4 / length(k)",
           "jk1": "(length(k) - 1) / length(k)", "bootstrap": "1 / (length(k) - 1)"}  # fmt: skip
    return repr(given.scale) if given.scale is not None else scales.get(given.method, "1")


def _rscales(given: Replicates, weights: str | None) -> str:
    """The coefficients of the squares: given, or read from the weights of a stratified jackknife."""
    if given.rscales is not None:
        listed = ", ".join(repr(rscale) for rscale in given.rscales)
        return f"rep(c({listed}), length.out = length(k))"
    if given.method != "jkn":
        return "rep(1, length(k))"
    main = f"d${DIALECT.name(weights)}" if weights else "rep(1, nrow(d))"
    ratio = f"(r / {main})[{main} > 0]" if given.combined else f"r[{main} > 0]"
    return f"1 / sapply(d[k], function(r) max({ratio}))"


def _domain(estimates: Estimates, row: Row, book: Codebook) -> str:
    """Who is in the row: the condition, the groups, and an answer where the base asks for one."""
    request = estimates.request
    if percent_code.is_crossed(request, row):
        return percent_code.domain(request, row, book, _answer(book[row.variable], row))
    parts = [written(conditions.parse(request.where), book, DIALECT)] if request.where else []
    parts += [answered(book[request.standard.variable], DIALECT)] if request.standard is not None else []
    parts += [holds(book[name], label, DIALECT) for name, label in row.by.items()]
    if request.base == "answered":
        parts.append(answered(book[request.variable], DIALECT, numbers=row.level is None))
    stem, _, denominator = (request.statistic or "").partition(":")
    if stem == "ratio":
        parts.append(answered(book[denominator], DIALECT, numbers=True))
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
        answer = percent_code.share(estimates.request, row, book, _answer(variable, row))
        contrast = _mean_of(f"as.numeric({answer})", estimates, results.design, row, book)
        return [*contrast, *_proportion(answer, row, estimates, results.design)]
    if estimates.statistic.startswith("ratio"):
        below = DIALECT.name(estimates.statistic.partition(":")[2])
        contrast = [f"m <- svyratio(~{name}, ~{below}, row)"]
        if estimates.request.standard is not None and not _reweighted(estimates, results.design):
            contrast = _ratio_contrast(name, below, estimates, results.design, row, book)
    elif estimates.statistic == "total":
        what = f"as.numeric({_answer(variable, row)})" if row.level is not None else name
        contrast = [f"m <- svytotal(~I({what}), row)"]
    elif estimates.statistic == "count":
        return spread_code.counted(
            answered(variable, DIALECT, numbers=True) if row.level is None else _answer(variable, row)
        )
    elif estimates.statistic != "mean":
        more = spread_code.lines(
            estimates.statistic, name, level=level, rule=estimates.request.quantile_rule,
            replicated=results.design.replicates is not None,
        )  # fmt: skip
        return more or [f'stop("no R code is known for {estimates.statistic}")']
    else:
        contrast = _mean_of(name, estimates, results.design, row, book)
    if row.ci_method == "log":
        return [*contrast, *_counted(row, level)]
    ends = f"ends <- confint(m, level = {level:g}, df = df)"
    return [
        *contrast,
        ends,
        "estimate <- as.numeric(coef(m)); se <- as.numeric(SE(m)); low <- ends[1]; high <- ends[2]",
    ]


def _counted(row: Row, level: float) -> list[str]:
    """The interval of log(total), as svycontrast(log) has it; not below the count where the row's is cut there."""
    lines = [
        "estimate <- as.numeric(coef(m)); se <- as.numeric(SE(m))",
        f"reach <- exp(qt({(1 + level) / 2:.12g}, df) * se / estimate)",
        "low <- estimate / reach; high <- estimate * reach",
    ]
    cut = row.ci_low is not None and row.count is not None and row.ci_low == row.count
    return [*lines, f"low <- {row.count}  # as many were counted"] if cut else lines


def _answer(variable: Variable, row: Row) -> str:
    """The condition that a respondent gave the row's answer."""
    assert row.level is not None
    if variable.kind != "multiple":
        return holds(variable, row.level, DIALECT)
    options = variable.valid_levels()
    index = option(variable, row.level)
    if variable.counted is not None:
        return f"({DIALECT.name(variable.columns[index])} %in% {literal(variable.counted, DIALECT)})"
    code = literal(options[index].code, DIALECT)
    return "(" + " | ".join(f"{DIALECT.name(column)} %in% {code}" for column in variable.columns) + ")"


def _ratio_contrast(
    name: str, below: str, estimates: Estimates, design: Design, row: Row, book: Codebook
) -> list[str]:  # fmt: skip
    """The ratio of each group that figures are standardised to, and their contrast."""
    if design.replicates is None:
        return _standard_mean(name, below, estimates, row, book)
    asked = f"denominator = ~{below}, design = row, FUN = svyratio, covmat = TRUE"
    return [f"m <- svycontrast(svyby(~{name}, ~standard_, {asked}), shares)"]


def _proportion(answer: str, row: Row, estimates: Estimates, design: Design) -> list[str]:
    """The proportion with the row's own interval; those that R lacks are written out."""
    level = estimates.request.level
    lines = [
        f"estimate <- as.numeric(coef(m)); se <- as.numeric(SE(m)); n <- nrow(row); alpha <- {1 - level:.12g}",
    ]
    if (row.ci_method or "").startswith("clustered"):
        told = {"replicated": design.replicates is not None, "standardised": estimates.request.standard is not None}
        return [*lines, *clustered_code.lines(row, answer, **told)]
    if row.estimate in (0.0, 1.0):
        return [*lines, *_extreme(row, "row" if estimates.request.standard is None else "plain")]
    if row.ci_method == "likelihood":
        call = f'svyciprop(~I({answer}), row, method = "likelihood", level = {level:g}, df = df)'
        return [*lines, f'ends <- attr({call}, "ci")', "low <- ends[[1]]; high <- ends[[2]]"]
    if row.ci_method == "logit":
        replicated = design.replicates is not None and estimates.request.standard is None
        return [*lines, *(_replicated_logit(answer) if replicated else ["spread <- se / (estimate * (1 - estimate))"]),
                *WRITTEN["logit"]]  # fmt: skip
    return [*lines, *WRITTEN[row.ci_method or "logit"]]


def _replicated_logit(answer: str) -> list[str]:
    """The standard error of the logit under the replicate weights themselves, as R's svyciprop has it."""
    return [
        f"r <- svymean(~as.numeric({answer}), row, return.replicates = TRUE)$replicates",
        "spread <- sqrt(as.numeric(svrVar(qlogis(r), row$scale, row$rscales, mse = row$mse, coef = qlogis(estimate))))",
    ]


def _extreme(row: Row, domain: str) -> list[str]:
    """Nobody or everybody: Korn and Graubard with Kish's effective n."""
    end = "low <- 0; high <- reach" if row.estimate == 0 else "low <- 1 - reach; high <- 1"
    return [
        f'w <- weights({domain}, "sampling"); kish <- sum(w)^2 / sum(w^2)',
        "n_eff <- min(n, kish) * min(1, (qt(alpha / 2, n - 1) / qt(alpha / 2, df))^2)",
        f"reach <- 1 - (alpha / 2)^(1 / n_eff); {end}",
    ]
