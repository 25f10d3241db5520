# The same tables as surveytool gives them, by R's survey package: estimates, errors, logit intervals and design effects
# of every answer. Arguments: data csv, questions, breakdowns, out csv, design ("cluster" or "weights").
suppressMessages(library(survey))
args <- commandArgs(TRUE)
data <- if (endsWith(args[1], ".sav")) as.data.frame(lapply(haven::read_sav(args[1]), function(x)
  if (inherits(x, "haven_labelled")) droplevels(haven::as_factor(x)) else x)) else
  read.csv(args[1], check.names = FALSE, na.strings = "", stringsAsFactors = TRUE)
design <- if (args[5] == "cluster") svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = data) else
  svydesign(id = ~1, weights = ~weight, data = data)

table_of <- function(question, by, part) {
  one_group <- by == ""
  formula <- reformulate(question)
  levels <- levels(droplevels(data[[question]]))
  each <- if (one_group) svymean(formula, part, deff = "replace") else
    svyby(formula, reformulate(by), part, svymean, deff = "replace", keep.names = FALSE)
  groups <- if (one_group) "" else as.character(each[[by]])
  found <- data.frame(variable = question, by = by, group = rep(groups, length(levels)),
    level = rep(levels, each = length(groups)), estimate = as.numeric(coef(each)), se = as.numeric(unlist(SE(each))),
    deff = as.numeric(if (one_group) deff(each) else unlist(each[, startsWith(names(each), "DEff")])))
  limits <- lapply(levels, function(level) {
    part <- update(part, chosen = as.numeric(part$variables[[question]] == level))
    if (one_group) return(matrix(attr(svyciprop(~chosen, part, method = "logit"), "ci"), 1))
    confined <- svyby(~chosen, reformulate(by), part, svyciprop, vartype = "ci", method = "logit")
    as.matrix(confined[, c("ci_l", "ci_u")])
  })
  limits <- do.call(rbind, limits)
  found$ci_low <- limits[, 1]
  found$ci_high <- limits[, 2]
  found
}

out <- list()
for (question in strsplit(args[2], ",")[[1]]) {
  answered <- subset(design, !is.na(design$variables[[question]]))
  for (by in c("", strsplit(args[3], ",")[[1]])) out[[length(out) + 1]] <- suppressWarnings(table_of(question, by, answered))
}
write.csv(do.call(rbind, out), args[4], row.names = FALSE)
