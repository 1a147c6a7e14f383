# Expected values for tests/evidence from an independent program: R's metafor.
#
#   apt-get install -y r-base-core r-cran-metafor r-cran-metadat r-cran-jsonlite     (Debian 12: metafor 3.8-1)
#   Rscript tests/evidence/oracle/metafor_oracle.R > tests/evidence/oracle/metafor.json
#
# The tests read metafor.json and never need R. Two runs of rma are kept: "tight" (iterations followed to a part in
# 1e-12 of the sampling variances, what our exact roots are compared with) and "default" (metafor's own stopping rules,
# kept to tell how far those lie off).

suppressMessages({
  library(metafor)
  library(jsonlite)
})

tight <- function(rows) {
  list(threshold = 1e-12 * mean(rows$vi), tol = 1e-14 * mean(rows$vi), maxiter = 100000)
}

fit <- function(rows, method, test, control) {
  suppressWarnings(rma(yi, vi, data = rows, method = method, test = test, control = control))
}

one_method <- function(rows, method, control) {
  k <- nrow(rows)
  wald <- fit(rows, method, "z", control)
  out <- list(estimate = c(wald$beta), se = wald$se, ci = c(wald$ci.lb, wald$ci.ub), q = wald$QE)
  if (k > 1) {
    knha <- fit(rows, method, "knha", control)
    out <- c(out, list(tau2 = wald$tau2, i2 = wald$I2, q_p = wald$QEp, ci_knapp_hartung = c(knha$ci.lb, knha$ci.ub)))
  }
  if (k > 2) {
    riley <- predict(wald, pi.type = "riley")
    out <- c(out, list(prediction = c(riley$pi.lb, riley$pi.ub)))
  }
  out
}

methods <- c("REML", "PM", "DL")

all_methods <- function(rows, control) {
  setNames(lapply(methods, function(method) one_method(rows, method, control)), methods)
}

leave_one_out <- function(rows) {
  if (nrow(rows) < 3) return(list())
  by_method <- setNames(lapply(methods, function(method) {
    left <- suppressWarnings(leave1out(fit(rows, method, "z", tight(rows))))
    list(estimate = left$estimate, se = left$se, ci_low = left$ci.lb, ci_high = left$ci.ub,
         tau2 = left$tau2, i2 = left$I2, q = left$Q)
  }), methods)
  by_method
}

pool <- function(name, source, rows) {
  rows <- data.frame(study = as.character(rows$study), yi = as.numeric(rows$yi), vi = as.numeric(rows$vi))
  list(name = name, source = source, rows = rows, tight = all_methods(rows, tight(rows)),
       default = all_methods(rows, list()), leave_one_out = leave_one_out(rows))
}

# --- effects: arms as printed in the trials, and made-up arms that try the edges ------------------------------------
arms <- data.frame(
  study = c("rajizadeh-2017", "mahboobi-2022", "barragan-2008", "rodriguez-moran-2024",
            "made-tiny", "made-unequal", "made-none"),
  m1i = c(-15.65, -7.13, 11.4, 9.2, 3, 21.5, 10), sd1i = c(8.92, 5.67, 3.8, 7.5, 1.2, 12, 2),
  n1i = c(26, 26, 12, 30, 2, 140, 50),
  m2i = c(-10.4, -5.42, 10.9, 21.6, 5, 20, 10), sd2i = c(7.9, 6.71, 4.3, 9.1, 0.4, 3, 2),
  n2i = c(27, 26, 11, 29, 3, 12, 50)
)
escalc_arms <- function(measure, vtype) {
  found <- escalc(measure = measure, vtype = vtype, m1i = m1i, sd1i = sd1i, n1i = n1i,
                  m2i = m2i, sd2i = sd2i, n2i = n2i, data = arms)
  list(yi = c(found$yi), vi = c(found$vi))
}

from_p <- data.frame(
  study = c("afsharfar-2021", "nazarinasab-2022", "sultana-2023"),
  p = c(0.01, 0.001, 0.02), n1i = c(23, 30, 45), n2i = c(23, 30, 45)
)
from_p$ti <- -qt(1 - from_p$p / 2, from_p$n1i + from_p$n2i - 2)
p_effects <- escalc(measure = "SMD", ti = ti, n1i = n1i, n2i = n2i, data = from_p)

risks <- data.frame(
  study = c("rodriguez-moran-2024", "made-empty-cell", "made-full-cell", "made-both-empty"),
  ai = c(22, 0, 12, 0), n1i = c(30, 20, 12, 15), ci = c(10, 4, 7, 0), n2i = c(29, 21, 12, 14)
)
risk_effects <- escalc(measure = "RR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = risks)

paired <- data.frame(
  study = c("made-crossover-1", "made-crossover-2", "made-crossover-3"),
  m1i = c(9.5, 14, 20), sd1i = c(5, 4.5, 8), m2i = c(12, 14.2, 12), sd2i = c(4, 5.5, 9),
  ni = c(40, 12, 112), ri = c(0.5, 0.8, 0)
)
paired_md <- escalc(measure = "MC", m1i = m1i, sd1i = sd1i, m2i = m2i, sd2i = sd2i, ni = ni, ri = ri, data = paired)
# SMCR divides by the first period's SD: the control period is given first, and the sign turned back.
paired_smd <- escalc(measure = "SMCR", m1i = m2i, sd1i = sd2i, m2i = m1i, sd2i = sd1i, ni = ni, ri = ri, data = paired)

smd <- escalc(measure = "SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = arms)
md <- escalc(measure = "MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = arms)

# --- pools -----------------------------------------------------------------------------------------------------------
li <- escalc(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.li2007)
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
stroke <- escalc(measure = "MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i,
                 data = dat.normand1999)
made <- function(yi, vi) data.frame(study = paste0("made-", seq_along(yi)), yi = yi, vi = vi)

trials_smd <- data.frame(
  study = c("rajizadeh-2017", "mahboobi-2022", "afsharfar-2021", "nazarinasab-2022", "sultana-2023"),
  yi = c(c(smd$yi)[1:2], c(p_effects$yi)), vi = c(c(smd$vi)[1:2], c(p_effects$vi))
)
flagged_in <- rbind(trials_smd, data.frame(study = "rodriguez-moran-2024", yi = c(smd$yi)[4], vi = c(smd$vi)[4]))
trials_md <- data.frame(study = arms$study[1:4], yi = c(md$yi)[1:4], vi = c(md$vi)[1:4])

pools <- list(
  pool("li-2007", "metadat dat.li2007: intravenous magnesium in acute myocardial infarction, log odds ratios",
       data.frame(study = paste(li$id, li$study), yi = li$yi, vi = li$vi)),
  pool("bcg", "metadat dat.bcg (Colditz 1994), log risk ratios",
       data.frame(study = paste(bcg$trial, bcg$author, bcg$year), yi = bcg$yi, vi = bcg$vi)),
  pool("stroke-stay", "metadat dat.normand1999, mean differences in days",
       data.frame(study = paste(stroke$study, stroke$source), yi = stroke$yi, vi = stroke$vi)),
  pool("magnesium-smd", "trials with arms or p as printed", trials_smd),
  pool("magnesium-smd-flagged-in", "the same with rodriguez-moran-2024", flagged_in),
  pool("magnesium-md", "trials with arms as printed, points of their scales", trials_md),
  pool("one", "made", made(-0.61, 0.079)),
  pool("two", "made", made(c(-0.61, 0.1), c(0.08, 0.03))),
  pool("two-alike", "made", made(c(-0.2, -0.1), c(0.08, 0.03))),
  pool("three", "made", made(c(-0.61, -0.78, 0.02), c(0.079, 0.094, 0.05))),
  pool("three-identical", "made", made(c(0.4, 0.4, 0.4), c(0.1, 0.2, 0.3))),
  pool("six-homogeneous", "made", made(c(-0.31, -0.28, -0.35, -0.3, -0.25, -0.33), c(0.05, 0.08, 0.11, 0.04, 0.2, 0.09))),
  pool("five-uneven", "made: variances over four orders of magnitude",
       made(c(-1.2, 0.4, 0.05, 2.3, -0.7), c(0.0004, 0.9, 0.02, 3.1, 0.25))),
  pool("large-numbers", "made", made(c(1200, 1450, 980, 1710), c(9000, 16000, 4000, 25000))),
  pool("small-numbers", "made", made(c(0.0012, 0.0031, -0.0008, 0.0019), c(1e-6, 4e-7, 9e-7, 2.5e-6)))
)

cat(toJSON(list(
  r = R.version.string,
  metafor = as.character(packageVersion("metafor")),
  metadat = as.character(packageVersion("metadat")),
  command = "Rscript tests/evidence/oracle/metafor_oracle.R > tests/evidence/oracle/metafor.json",
  effects = list(
    arms = arms,
    SMD = escalc_arms("SMD", "LS"), MD = escalc_arms("MD", "LS"), MD_equal_variances = escalc_arms("MD", "HO"),
    from_p = from_p, SMD_from_p = list(yi = c(p_effects$yi), vi = c(p_effects$vi)),
    risks = risks, RR = list(yi = c(risk_effects$yi), vi = c(risk_effects$vi)),
    paired = paired, MC = list(yi = c(paired_md$yi), vi = c(paired_md$vi)),
    SMCR = list(yi = -c(paired_smd$yi), vi = c(paired_smd$vi))
  ),
  pools = pools
), digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
