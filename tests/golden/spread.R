# Standard deviations and geometric means of R's survey package on its California schools: sqrt(svyvar), and exp of the
# mean logarithm; linearised errors by the delta method, those of the jackknife from the statistic under every replicate.
#   Rscript tests/golden/spread.R > tests/golden/data/spread.csv
suppressMessages(library(survey))
data(api)
clus <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc)
designs <- list(apiclus1 = clus, apistrat = strat, jackknife = as.svrepdesign(clus))
mean_of <- function(w, y) sum(w * y) / sum(w)
cat("design,group,sd,sd_se,geometric_mean,geometric_mean_se\n")
for (name in names(designs)) for (group in c("", "E", "H", "M")) {
  design <- designs[[name]]
  if (group != "") design <- subset(design, stype == group)
  if (name == "jackknife") {
    y <- design$variables$api00
    n <- length(y)
    spread <- withReplicates(design, function(w, data) sqrt(mean_of(w, (y - mean_of(w, y))^2) * n / (n - 1)))
    middle <- withReplicates(design, function(w, data) exp(mean_of(w, log(y))))
    numbers <- c(coef(spread), SE(spread), coef(middle), SE(middle))
  } else {
    variance <- svyvar(~api00, design)
    root <- sqrt(coef(variance))
    middle <- svycontrast(svymean(~log(api00), design), quote(exp(`log(api00)`)))
    numbers <- c(root, SE(variance) / (2 * root), coef(middle), SE(middle))
  }
  cat(paste(c(name, group, sprintf("%.12g", numbers)), collapse = ","), "\n", sep = "")
}
