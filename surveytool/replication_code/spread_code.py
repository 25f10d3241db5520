"""R code of the statistics that R's survey has no function for: spread, ends, counts, the geometric mean.

A standard deviation is the root of ``svyvar``, whose standard error is that of the variance over twice the
deviation; under replicate weights each replicate gives its own deviation, and its own geometric mean.
"""

from __future__ import annotations

ESTIMATE = "estimate <- as.numeric(coef(m)); se <- as.numeric(SE(m))"
NONE = "se <- low <- high <- NA  # no interval is given"


def lines(statistic: str, name: str, *, level: float, rule: str, replicated: bool) -> list[str] | None:
    """The lines of a statistic of a column of numbers; None for one that is not of this kind."""
    known = {"sd": _deviation, "geometric-mean": _geometric}
    if statistic in known:
        reach = f"reach <- exp(qt({(1 + level) / 2:.12g}, df) * se / estimate)"
        return [*known[statistic](name, replicated), reach, "low <- estimate / reach; high <- estimate * reach"]
    if statistic in ("min", "max"):
        return [f'kept <- row$variables${name}[weights(row, "sampling") > 0]', f"estimate <- {statistic}(kept)", NONE]
    if statistic == "iqr":
        return [
            f'q <- svyquantile(~{name}, row, c(0.25, 0.75), qrule = "{rule}", df = df)[[1]]',
            "estimate <- q[2, 1] - q[1, 1]",
            NONE,
        ]
    return None


def counted(answer: str) -> list[str]:
    """How many respondents gave an answer, without weights."""
    return [f'estimate <- sum(with(row$variables, {answer})[weights(row, "sampling") > 0] %in% TRUE)', NONE]


def _deviation(name: str, replicated: bool) -> list[str]:
    if not replicated:
        return [
            f"m <- svyvar(~{name}, row)",
            "estimate <- sqrt(as.numeric(coef(m))); se <- as.numeric(SE(m)) / (2 * estimate)",
        ]
    return [
        "n <- nrow(row); deviation <- function(w, data) { "
        f"y <- data${name}; sqrt(sum(w * (y - sum(w * y) / sum(w))^2) / sum(w) * n / (n - 1)) }}",
        "m <- withReplicates(row, deviation)",
        ESTIMATE,
    ]


def _geometric(name: str, replicated: bool) -> list[str]:
    positive = f"row <- subset(row, {name} > 0)"
    if replicated:
        return [
            positive,
            f"m <- withReplicates(row, quote(exp(sum(.weights * log({name})) / sum(.weights))))",
            ESTIMATE,
        ]
    return [
        positive,
        f"m <- svymean(~log({name}), row)",
        "estimate <- exp(as.numeric(coef(m))); se <- estimate * as.numeric(SE(m))",
    ]
