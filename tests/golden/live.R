# Answers every request of live.py with R's survey package: Rscript live.R SPEC OUT
# SPEC has one design a row and the kinds of request that are asked of it.
suppressMessages(library(survey))
args <- commandArgs(TRUE)
spec <- read.csv(args[1], stringsAsFactors = FALSE, na.strings = "-")
num <- function(x) as.numeric(unlist(x))
frame <- function(level, g, e, s, lo = NA, hi = NA, df = NA)
  data.frame(level = level, g = g, e = e, s = s, lo = lo, hi = hi, df = df)
one <- function(m) frame("", "", num(coef(m)), num(SE(m)))
levels_of <- function(m, v = "c") frame(sub(paste0("^", v), "", names(coef(m))), "", num(coef(m)), num(SE(m)))
groups <- function(m, v) {
  n <- nrow(m)
  lev <- if (v == "") "" else sub(paste0("^", v), "", names(m)[2:(1 + length(coef(m)) / n)])
  frame(rep(lev, each = n), rep(as.character(m$grp), length(lev)), num(coef(m)), num(SE(m)))
}
# A domain; of replicates R counts the degrees of freedom anew, by the rank of the domain's own weights.
within <- function(des, keep) des[which(keep %in% TRUE), ]
known <- function(des, name) within(des, !is.na(des$variables[[name]]))
share <- function(method, des) {
  d <- known(des, "c")
  r <- svyciprop(~I(c == "a"), d, method = method, df = degf(d))
  frame("a", "", num(r), num(SE(svymean(~I(c == "a"), d)))[2], attr(r, "ci")[[1]], attr(r, "ci")[[2]], degf(d))
}
quant <- function(des, rule, ci) {
  d <- known(des, "y")
  q <- svyquantile(~y, d, c(0.25, 0.5, 0.9), qrule = rule, interval.type = ci, df = degf(d))[[1]]
  out <- frame(c("p25", "p50", "p90"), "", q[, 1], q[, 4], q[, 2], q[, 3])
  if (ci == "asin") for (i in 1:3) {  # where the interval of the share leaves its range, sine comes back on the other side
    m <- svymean(~as.numeric(y <= out$e[i]), d); p <- num(coef(m)); s <- num(SE(m))
    reach <- qt(0.975, degf(d)) * s / (2 * sqrt(p * (1 - p)))
    if (!isTRUE(asin(sqrt(p)) - reach > 0)) out$lo[i] <- out$s[i] <- NA
    if (!isTRUE(asin(sqrt(p)) + reach < pi / 2)) out$hi[i] <- out$s[i] <- NA
  }
  out
}
test <- function(r, p1 = NA, p2 = NA) frame("", "", num(r$statistic), num(r$p.value), p1, p2)
chisq <- function(kind, des, f = ~c + grp) {
  r <- svychisq(f, if ("c" %in% all.vars(f)) known(des, "c") else des, statistic = kind)
  test(r, num(r$parameter)[1], num(r$parameter)[2])
}
# (The groups' column is not called g: svyglm of replicates would take it for its own variable of that name.)
# A second fit from the first one's end: R's standard errors rest on the weights of the step before the last.
fitted_twice <- function(f, fam, des) {
  asked <- list(f, des, family = fam, control = glm.control(epsilon = 1e-15, maxit = 200))
  first <- do.call(svyglm, asked)
  if (inherits(des, "svyrep.design")) first else do.call(svyglm, c(asked, list(start = coef(first))))
}
# Ends of a model's intervals; R's confint loses them at one degree of freedom, where it asks for qnorm(1).
terms_of <- function(m) {
  reach <- qt(0.975, m$df.residual) * num(SE(m))
  frame(names(coef(m)), "", num(coef(m)), num(SE(m)), num(coef(m)) - reach, num(coef(m)) + reach)
}
contrasts_of <- function(des, what) {
  b <- svyby(~y, ~grp, known(des, "y"), svymean, covmat = TRUE)
  names <- as.character(b$grp)
  if (length(names) != 3) stop("a group has nobody")
  asked <- if (what == "difference") list(c(1, -1, 0), c(1, 0, -1), c(0, 1, -1))
    else list(quote(u / v), quote(u / w), quote(v / w))
  out <- lapply(asked, function(k) svycontrast(b, k))
  frame(c("u-v", "u-w", "v-w"), "", sapply(out, function(r) num(coef(r))), sapply(out, function(r) num(SE(r))))
}
ask <- function(k, des, s) switch(k,
  mean = one(svymean(~y, des, na.rm = TRUE)),
  total = one(svytotal(~y, des, na.rm = TRUE)),
  ratio = one(svyratio(~y, ~x, des, na.rm = TRUE)),
  prop = levels_of(svymean(~c, des, na.rm = TRUE)),
  count = levels_of(svytotal(~c, des, na.rm = TRUE)),
  bymean = groups(svyby(~y, ~grp, des, svymean, na.rm = TRUE), ""),
  bytotal = groups(svyby(~y, ~grp, des, svytotal, na.rm = TRUE), ""),
  sparse = levels_of(svymean(~many, des), "many"), sparse_count = levels_of(svytotal(~many, des), "many"),
  bysparse = groups(svyby(~many, ~grp, des, svymean), "many"),
  sparse_f = chisq("F", des, ~many + grp), sparse_wald = chisq("Wald", des, ~many + grp),
  sparse_adjusted = chisq("adjWald", des, ~many + grp),
  crossed = terms_of(fitted_twice(y ~ x * grp, gaussian(), known(des, "y"))),
  crossed_logistic = terms_of(fitted_twice(I(c == "a") ~ x * b, quasibinomial(), known(des, "c"))),
  crossed_poisson = terms_of(fitted_twice(k ~ x * b, quasipoisson(), des)),
  byprop = groups(svyby(~c, ~grp, des, svymean, na.rm = TRUE), "c"),
  deff = { r <- svymean(~y, known(des, "y"), deff = "replace"); frame("", "", num(deff(r)), degf(known(des, "y"))) },
  logit = share(if (inherits(des, "svyrep.design")) "logit" else "xlogit", des),
  beta = share("beta", des), arcsine = share("asin", des), wald = share("mean", des),
  quantile = quant(des, s$rule, s$quantile_ci),
  chisq_f = chisq("F", des), chisq_first = chisq("Chisq", des),
  chisq_wald = chisq("Wald", des), chisq_adjusted = chisq("adjWald", des),
  t = { r <- svyttest(y ~ b, known(des, "y"))
    e <- num(r$estimate); reach <- qt(0.975, num(r$parameter)) * abs(e / num(r$statistic))
    frame("", "", e, num(r$p.value), e - reach, e + reach) },
  rank = { r <- svyranktest(y ~ b, known(des, "y")); frame("", "", num(r$estimate), num(r$p.value)) },
  rank_groups = { r <- svyranktest(y ~ grp, known(des, "y"))  # of two groups R makes the t test
    frame("", "", if (names(r$statistic) == "t") num(r$statistic)^2 else num(r$parameter) / num(r$statistic),
      num(r$p.value)) },
  difference = contrasts_of(des, "difference"), ratio_of = contrasts_of(des, "ratio"),
  joint = { r <- regTermTest(svyglm(y ~ grp, known(des, "y")), ~grp); frame("", "", num(r$Ftest), num(r$p), num(r$df), num(r$ddf)) },
  trend = { d <- known(des, "y"); d$variables$score <- as.numeric(d$variables$grp)
    r <- terms_of(svyglm(y ~ score, d))[2, ]; r$level <- ""; r },
  linear = terms_of(fitted_twice(y ~ x + grp, gaussian(), known(des, "y"))),
  logistic = terms_of(fitted_twice(I(c == "a") ~ x, quasibinomial(), known(des, "c"))),
  poisson = terms_of(fitted_twice(k ~ x + b, quasipoisson(), des)),
  term_test = { r <- regTermTest(fitted_twice(y ~ x + grp, gaussian(), known(des, "y")), ~grp)
    frame("", "", num(r$Ftest), num(r$p), num(r$df), num(r$ddf)) })
told <- function(s, d) {
  f <- function(x) if (is.na(x)) NULL else as.formula(x)
  if (!is.na(s$margins)) {  # the totals that the weights wc meet
    des <- svydesign(id = as.formula(s$id), weights = ~w, data = d)
    if (s$margins == "~dom") {
      told <- aggregate(list(Freq = d$wc), list(dom = d$dom), sum)
      return(postStratify(des, ~dom, told))
    }
    m <- model.matrix(as.formula(s$margins), d)
    return(calibrate(des, as.formula(s$margins), colSums(m * d$wc), calfun = "linear"))
  }
  if (s$id != "replicates")
    return(svydesign(id = as.formula(s$id), strata = f(s$strata), weights = ~w, fpc = f(s$fpc), data = d, nest = TRUE))
  asked <- list(data = d, weights = ~w, repweights = "^r[0-9]+$", type = s$method, combined.weights = s$combined == "yes",
    mse = s$mse == "yes")
  if (s$method %in% c("other", "bootstrap")) asked <- c(asked, list(scale = s$scale, rscales = rep(c(1, 0.5), 4)))
  if (s$method == "JKn") asked <- c(asked, list(scale = 1, rscales = rep(c(0.5, 0.8), 4)))
  if (s$method == "JK1") asked$scale <- 7 / 8  # else R guesses it from the first factor
  if (s$method == "Fay") asked$rho <- 0.3
  do.call(svrepdesign, asked)
}
out <- list()
for (i in seq_len(nrow(spec))) {
  s <- spec[i, ]
  d <- read.csv(s$file, stringsAsFactors = TRUE, na.strings = "")
  options(survey.lonely.psu = s$lonely)
  des <- tryCatch(suppressWarnings(told(s, d)), error = function(e) e)
  if (!inherits(des, "error") && s$where == "yes") des <- within(des, des$variables$dom == "in")
  for (k in strsplit(s$kinds, " ")[[1]]) {
    r <- tryCatch(if (inherits(des, "error")) stop(conditionMessage(des)) else suppressWarnings(ask(k, des, s)),
      error = function(e) frame("error", gsub("[\r\n\",]+", " ", conditionMessage(e)), NA, NA))
    r$case <- s$case; r$kind <- k; out[[length(out) + 1]] <- r
  }
}
write.csv(do.call(rbind, out), args[2], row.names = FALSE, na = "NA")
