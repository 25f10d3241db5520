# A .sav by haven: data, columns ("" for all), out csv with the count and sum of every column ("" to only read).
suppressMessages(library(haven))
args <- commandArgs(TRUE)
data <- if (args[2] == "") read_sav(args[1], user_na = TRUE) else
  read_sav(args[1], user_na = TRUE, col_select = tidyselect::all_of(strsplit(args[2], ",")[[1]]))
stopifnot(nrow(data) > 0)
if (args[3] != "") {
  plain <- lapply(data, function(x) if (is.character(x)) ifelse(x == "", NA, nchar(x)) else as.numeric(unclass(x)))
  write.csv(data.frame(name = names(data), count = sapply(plain, function(x) sum(!is.na(x))),
    sum = sprintf("%.17g", sapply(plain, sum, na.rm = TRUE))), args[3], row.names = FALSE)
}
