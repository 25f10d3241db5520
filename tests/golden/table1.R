# The numbers of the example's Table 1 by R's survey package: n and percent of answers, mean, standard deviation (the root of
# svyvar), median and quartiles of numbers, by sex.
#   Rscript tests/golden/table1.R > tests/golden/data/table1.csv
suppressMessages(library(survey))
people <- read.csv("examples/iom_2023/transit.csv", check.names = FALSE)
whole <- svydesign(ids = ~1, weights = ~weight, data = people)
cat("variable,level,group,statistic,estimate,se\n")
put <- function(...) cat(paste(c(...), collapse = ","), "\n", sep = "")
digits <- function(x) sprintf("%.12g", x)
for (group in c("", "Male", "Female")) {
  design <- if (group == "") whole else subset(whole, sex == group)
  rows <- design$variables
  for (name in c("age", "weeks_travel")) {
    formula <- as.formula(paste0("~", name))
    mean <- svymean(formula, design); variance <- svyvar(formula, design)
    put(name, "", group, "mean", digits(coef(mean)), digits(SE(mean)))
    put(name, "", group, "sd", digits(sqrt(coef(variance))), digits(SE(variance) / (2 * sqrt(coef(variance)))))
    found <- svyquantile(formula, design, c(.25, .5, .75), qrule = "math")
    for (at in 1:3) put(name, "", group, c("p25", "median", "p75")[at], digits(coef(found)[at]), "")
  }
  for (name in c("education", "smartphone_internet")) {
    known <- subset(design, !(get(name) %in% c("", "Refused")) & !is.na(get(name)))
    for (level in sort(unique(known$variables[[name]]))) {
      share <- svymean(as.formula(paste0("~I(", name, " == '", level, "')")), known)
      put(name, paste0('"', level, '"'), group, "proportion", digits(coef(share)[2]), digits(SE(share)[2]))
      put(name, paste0('"', level, '"'), group, "count", sum(known$variables[[name]] == level), "")
    }
  }
}
