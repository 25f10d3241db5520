# Weighted percentages from a .sav by haven and survey, only the columns needed: data, questions, out csv.
suppressMessages({library(haven); library(survey)})
args <- commandArgs(TRUE)
questions <- strsplit(args[2], ",")[[1]]
data <- read_sav(args[1], user_na = TRUE, col_select = tidyselect::all_of(c(questions, "weight")))
data <- as.data.frame(lapply(data, function(x) if (is.labelled(x)) droplevels(as_factor(x)) else x))
design <- svydesign(id = ~1, weights = ~weight, data = data)
out <- lapply(questions, function(question) {
  mean <- svymean(reformulate(question), design, na.rm = TRUE)
  data.frame(variable = question, by = "", group = "", level = sub(question, "", names(coef(mean)), fixed = TRUE),
    estimate = as.numeric(coef(mean)), se = as.numeric(SE(mean)))
})
write.csv(do.call(rbind, out), args[3], row.names = FALSE)
