# R as a peer: Rscript peer.R time_r.R DIR. Reads one JSON request a line and answers one line of JSON.
# {"task": name} runs a task of the reference's timing script once, with the functions of that script, and answers the seconds by the clock and of
# the processor and what was computed; {"folds": n} answers the folds that its cross-validations of n rows use; {"penalties": name} answers glmnet's
# λ of a task's input, with those censored at the time of a death moved a millionth behind it: glmnet has them in the risk set or not by the order of the rows.
suppressMessages(library(jsonlite))
args <- commandArgs(TRUE)
script <- parse(args[1])
args <- c(args[2], "none")
commandArgs <- function(...) args
tasks <- list()
register <- function(task, input, reps, f, chk, warm = TRUE) tasks[[task]] <<- list(input = input, run = f)
# All but the loop over repetitions, which is replaced, and the last expression, which writes a file.
for (expression in script[-length(script)]) { eval(expression); bench <- register }
tasks$step_20_n300 <- list(input = "step_300x20", run = stp)
penalties <- function(d) {
  time <- d$time + ifelse(d$status == 0 & d$time %in% d$time[d$status == 1], 1e-6, 0)
  glmnet(d$x, Surv(time, d$status), family = "cox")$lambda
}
computed <- function(v) {
  # Beyond its minimum the deviance explodes, and amplifies what glmnet leaves unconverged.
  if (inherits(v, "cv.glmnet")) return(list(mean = v$cvm[seq_len(which.min(v$cvm))]))
  if (inherits(v, "coxph")) return(list(terms = names(coef(v)), coefficients = unname(coef(v)), likelihood = v$loglik[2]))
  if (inherits(v, "survfit")) return(list(survival = v$surv, lower = v$lower, upper = v$upper))
  if (inherits(v, "survdiff")) return(list(statistic = v$chisq))
  if (inherits(v, "concordance")) return(list(concordance = unname(v$concordance), error = sqrt(as.vector(v$var))))
  if (is.matrix(v)) return(list(coefficients = v[, 1], errors = v[, 2], p = v[, 3]))
  list(coefficients = unname(v$coefficients), likelihood = v$loglik[2])
}
input <- NULL
lines <- file("stdin", "r")
while (length(line <- readLines(lines, 1)) > 0) {
  request <- fromJSON(line)
  if (!is.null(request$folds)) { cat(toJSON(fo(request$folds)), "\n", sep = ""); next }
  task <- tasks[[c(request$task, request$penalties)]]
  if (!identical(input, task$input)) { data <- ld(task$input); input <- task$input }
  if (!is.null(request$penalties)) { cat(toJSON(penalties(data), digits = NA), "\n", sep = ""); next }
  gc(FALSE)
  time <- system.time(value <- task$run(data))
  answer <- list(seconds = time[["elapsed"]], processor = time[["user.self"]] + time[["sys.self"]], values = computed(value))
  cat(toJSON(answer, auto_unbox = TRUE, digits = NA, na = "null"), "\n", sep = "")
}
