# The same tables as surveytool gives them, by R's survey package: estimates, errors, logit intervals and design effects
# of every answer.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "design.R"))

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
