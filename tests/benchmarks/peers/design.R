# What both R peers begin with: the data and their design. Arguments: data, questions, breakdowns, out csv, design
# ("cluster" or "weights").
suppressMessages(library(survey))
args <- commandArgs(TRUE)
data <- if (endsWith(args[1], ".sav")) as.data.frame(lapply(haven::read_sav(args[1]), function(x)
  if (inherits(x, "haven_labelled")) droplevels(haven::as_factor(x)) else x)) else
  read.csv(args[1], check.names = FALSE, na.strings = "", stringsAsFactors = TRUE)
design <- if (args[5] == "cluster") svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = data) else
  svydesign(id = ~1, weights = ~weight, data = data)
