# Rscript inputs.R make_inputs.R DIR [name ...]: the inputs of the reference's script, and step_300x20 by the same generator.
args <- commandArgs(TRUE)
script <- parse(args[1])
args <- args[-1]
commandArgs <- function(...) args
size <- length(script)
# The last expression writes what the specification before it lists.
for (expression in script[-size]) eval(expression)
spec$step_300x20 <- list(300, 20, 21, 4, .5, TRUE)
eval(script[[size]])
