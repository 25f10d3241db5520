"""The automatic interval of a share from clusters, in R: ``surveytool.estimate.clusters`` written out."""

from __future__ import annotations

from surveytool.estimate import clusters
from surveytool.estimate.result import Row

UNITS = [
    'w <- weights(row, "sampling")',
    "u <- tapply(w, interaction(row$strata[[1]], row$cluster[[1]], drop = TRUE), sum)",
    "u <- u[!is.na(u) & u > 0] / sum(w); units <- length(u)",
    "lift <- max(1, (1 - 1 / units) / max(0.3, 1 + sum(u^2) - 2 * sum(u^3) / sum(u^2)))",
    "even <- min(1, max(0.05, (sum(u^2)^2 / sum(u^4) - 1) / (units - 1)))",
]
REPLICATED = [
    'w <- weights(row, "sampling")',
    'units <- nrow(unique(signif(as.matrix(weights(row, "analysis")) / weights(row, "sampling"), 9)))',
    f"units <- min(n, if (units <= {clusters.MOST_UNITS:g} * (df + 1)) max(units, df + 1) else df + 1)",
    "lift <- 1; even <- 1",
]
STANDARDISED = ["groups <- row$variables$standard_; w <- w * as.numeric(shares / tapply(w, groups, sum))[groups]"]
SIZE = [
    f"size <- min({clusters.LARGEST:g}, max(1, n / units)); far <- 1 - 1 / size",
    "kish <- min(n, sum(w)^2 / sum(w^2))",
]
STEADIED = [
    "spread <- estimate * (1 - estimate); v <- se^2 * lift^far; f <- df * even^(far / 3)",
    "alike <- min(1 - 1e-6, max(1e-6, (v * kish / spread - 1) / (size - 1)))",
    "whole <- (1 - alike) / alike; ab <- spread * whole^2",
    "kurtosis <- whole^2 * (1 + whole) / (size * ab * (whole + 2) * (whole + 3) * (whole + size)) *",
    "  (whole * (whole - 1 + 6 * size) + 3 * ab * (size - 2) + 6 * size^2 -",
    "   3 * ab * size * (6 - size) / whole - 18 * ab * size^2 / whole^2) - 3",
    "own <- 2 / (2 / f + max(0, kurtosis) * far / units)",
    f"prior <- {clusters.PRIOR:g} * (1 - own / f)",
    f"assumed <- spread / kish * (1 + (size - 1) * {clusters.ALIKE:g})",
    "v <- exp((own * log(v) + prior * log(assumed)) / (own + prior)); f <- own + prior",
]
LOGIT = [
    "half <- qt(1 - alpha / 2, f) * {se}",
    "low <- plogis(qlogis(estimate) - half); high <- plogis(qlogis(estimate) + half)",
]
JEFFREYS = [
    "n_eff <- min(n, spread / v * (qt(alpha / 2, n - 1) / qt(alpha / 2, f))^2)",
    "low <- qbeta(alpha / 2, n_eff * estimate + far / 2, n_eff * (1 - estimate) + 1 - far / 2)",
    "high <- qbeta(1 - alpha / 2, n_eff * estimate + 1 - far / 2, n_eff * (1 - estimate) + far / 2)",
]
BOUNDS = [
    "right <- min(1, (qt(alpha / 2, n - 1) / qt(alpha / 2, df))^2)",
    f"n_eff <- kish * right^(1 - far) / (1 + (size - 1) * {clusters.ALIKE_AT_BOUNDS:g})",
    "reach <- 1 - (alpha / 2)^(1 / n_eff)",
]


def lines(row: Row, answer: str, *, replicated: bool, standardised: bool = False) -> list[str]:
    """Low and high of a row whose interval is one of clusters, from estimate, se, n, df and alpha."""
    weights, *units = REPLICATED if replicated else UNITS
    begun = [weights, *(STANDARDISED if standardised else []), *units, *SIZE]
    if row.ci_method == "clustered-beta":
        return [*begun, *BOUNDS, "low <- 0; high <- reach" if row.estimate == 0 else "low <- 1 - reach; high <- 1"]
    if row.ci_method == "clustered-jeffreys":
        return [*begun, *STEADIED, *JEFFREYS]
    if not replicated or standardised:
        return [*begun, *STEADIED, *(line.format(se="sqrt(v) / spread") for line in LOGIT)]
    fitted = [
        f'ends <- attr(svyciprop(~I({answer}), row, method = "logit", level = 1 - alpha, df = df), "ci")',
        "own_se <- (qlogis(ends[[2]]) - qlogis(ends[[1]])) / 2 / qt(1 - alpha / 2, df)",
    ]
    return [*begun, *STEADIED, *fitted, *(line.format(se="own_se * sqrt(v) / se") for line in LOGIT)]
