# The same tables by R's survey package: estimates and errors alone.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "design.R"))
out <- list()
for (question in strsplit(args[2], ",")[[1]]) {
  formula <- reformulate(question)
  mean <- svymean(formula, design, na.rm = TRUE)
  out[[length(out) + 1]] <- data.frame(variable = question, by = "", group = "",
    level = sub(question, "", names(coef(mean)), fixed = TRUE), estimate = as.numeric(coef(mean)), se = as.numeric(SE(mean)))
  for (by in strsplit(args[3], ",")[[1]]) {
    each <- svyby(formula, reformulate(by), design, svymean, na.rm = TRUE, keep.names = FALSE)
    groups <- as.character(each[[by]]); levels <- length(coef(each)) / length(groups)
    out[[length(out) + 1]] <- data.frame(variable = question, by = by, group = rep(groups, levels),
      level = rep(sub(question, "", names(each)[1 + seq_len(levels)], fixed = TRUE), each = length(groups)),
      estimate = as.numeric(coef(each)), se = as.numeric(unlist(SE(each))))
  }
}
write.csv(do.call(rbind, out), args[4], row.names = FALSE)
