# The reference models that R ends too early, run to the end: Rscript exact_models.R FOLDER > data/exact_models.csv
# A second fit starts from the first one's end, as R's standard errors rest on the step before the last.
suppressMessages(library(survey))
folder <- commandArgs(TRUE)[1]
get <- function(name) read.csv(file.path(folder, paste0(name, ".csv")), stringsAsFactors = TRUE, na.strings = "")
designs <- list(
  srs = svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = get("apisrs")),
  srs_nofpc = svydesign(id = ~1, weights = ~pw, data = get("apisrs")),
  strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = get("apistrat")),
  strat_nofpc = svydesign(id = ~1, strata = ~stype, weights = ~pw, data = get("apistrat")),
  clus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = get("apiclus1")),
  clus1_nofpc = svydesign(id = ~dnum, weights = ~pw, data = get("apiclus1")),
  clus2 = svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, weights = ~pw, data = get("apiclus2")),
  clus2_nofpc = svydesign(id = ~dnum, weights = ~pw, data = get("apiclus2")))
models <- list(
  quasibinomial = list(I(as.numeric(sch.wide == "Yes")) ~ ell + meals + stype, quasibinomial()),
  quasipoisson = list(enroll ~ meals + stype, quasipoisson()))
closely <- glm.control(epsilon = 1e-15, maxit = 200)
out <- list()
for (d in names(designs)) for (m in names(models)) {
  asked <- list(models[[m]][[1]], designs[[d]], family = models[[m]][[2]], control = closely)
  begin <- coef(do.call(svyglm, asked))
  fit <- do.call(svyglm, c(asked, list(start = begin)))
  s <- summary(fit)$coefficients
  out[[length(out) + 1]] <- data.frame(case = paste(d, "glm", m, sep = "/"), term = rownames(s),
    estimate = s[, 1], se = s[, 2], t = s[, 3], p = s[, 4])
}
write.csv(format(do.call(rbind, out), digits = 15), row.names = FALSE, quote = FALSE)
