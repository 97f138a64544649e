const sources = {
  collins2024:
    'Collins GS, Moons KGM, Dhiman P, et al. TRIPOD+AI statement: updated guidance for reporting clinical prediction models that use regression or machine learning methods. BMJ 2024;385:e078378.',
  cochran1954: 'Cochran WG. Some methods for strengthening the common χ² tests. Biometrics 1954;10:417–451.',
  cox1972: 'Cox DR. Regression models and life-tables. J R Stat Soc B 1972;34:187–220.',
  efron1977:
    'Efron B. The efficiency of Cox’s likelihood function for censored data. J Am Stat Assoc 1977;72:557–565.',
  efron1997:
    'Efron B, Tibshirani R. Improvements on cross-validation: the .632+ bootstrap method. J Am Stat Assoc 1997;92:548–560.',
  graf1999:
    'Graf E, Schmoor C, Sauerbrei W, Schumacher M. Assessment and comparison of prognostic classification schemes for survival data. Stat Med 1999;18:2529–2545.',
  grambsch1994:
    'Grambsch PM, Therneau TM. Proportional hazards tests and diagnostics based on weighted residuals. Biometrika 1994;81:515–526.',
  harrell1996:
    'Harrell FE, Lee KL, Mark DB. Multivariable prognostic models: issues in developing models, evaluating assumptions and adequacy, and measuring and reducing errors. Stat Med 1996;15:361–387.',
  harrell2015: 'Harrell FE. Regression modeling strategies. 2nd ed. Springer, 2015.',
  iasonos2008:
    'Iasonos A, Schrag D, Raj GV, Panageas KS. How to build and interpret a nomogram for cancer prognosis. J Clin Oncol 2008;26:1364–1370.',
  kaplan1958:
    'Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. J Am Stat Assoc 1958;53:457–481.',
  lausen1992: 'Lausen B, Schumacher M. Maximally selected rank statistics. Biometrics 1992;48:73–85.',
  mantel1966:
    'Mantel N. Evaluation of survival data and two new rank order statistics arising in its consideration. Cancer Chemother Rep 1966;50:163–170.',
  noma2021:
    'Noma H, Shinozaki T, Iba K, Teramukai S, Furukawa TA. Confidence intervals of prediction accuracy measures for multivariable prediction models based on the bootstrap-based optimism correction methods. Stat Med 2021;40:5691–5701.',
  royston1995:
    'Royston P. Remark AS R94: a remark on algorithm AS 181: the W-test for normality. Appl Stat 1995;44:547–551.',
  schemper1996:
    'Schemper M, Smith TL. A note on quantifying follow-up in studies of failure time. Control Clin Trials 1996;17:343–346.',
  shrout1979:
    'Shrout PE, Fleiss JL. Intraclass correlations: uses in assessing rater reliability. Psychol Bull 1979;86:420–428.',
  simon2011:
    'Simon N, Friedman J, Hastie T, Tibshirani R. Regularization paths for Cox’s proportional hazards model via coordinate descent. J Stat Softw 2011;39(5):1–13.',
  tibshirani1997:
    'Tibshirani R. The lasso method for variable selection in the Cox model. Stat Med 1997;16:385–395.',
  uno2007:
    'Uno H, Cai T, Tian L, Wei LJ. Evaluating prediction rules for t-year survivors with censored regression models. J Am Stat Assoc 2007;102:527–537.',
  uno2011:
    'Uno H, Cai T, Pencina MJ, D’Agostino RB, Wei LJ. On the C-statistics for evaluating overall adequacy of risk prediction procedures with censored survival data. Stat Med 2011;30:1105–1117.',
  vickers2006:
    'Vickers AJ, Elkin EB. Decision curve analysis: a novel method for evaluating prediction models. Med Decis Making 2006;26:565–574.',
  vickers2008:
    'Vickers AJ, Cronin AM, Elkin EB, Gonen M. Extensions to decision curve analysis, a novel method for evaluating diagnostic tests, prediction models and molecular markers. BMC Med Inform Decis Mak 2008;8:53.',
  zwanenburg2020:
    'Zwanenburg A, Vallières M, Abdalah MA, et al. The Image Biomarker Standardization Initiative: standardized quantitative radiomics for high-throughput image-based phenotyping. Radiology 2020;295:328–338.',
} as const;

export type CitationKey = keyof typeof sources;

/** Numbers sources in the order in which they are first cited. */
export class Citations {
  readonly #order: CitationKey[] = [];

  /** `[1, 2]`, to be put after a statement. */
  cite(...keys: readonly CitationKey[]): string {
    const numbers = keys.map((key) => {
      if (!this.#order.includes(key)) this.#order.push(key);
      return this.#order.indexOf(key) + 1;
    });
    return `[${numbers.sort((a, b) => a - b).join(', ')}]`;
  }

  /** The sources cited, by their numbers. */
  list(): string[] {
    return this.#order.map((key) => sources[key]);
  }
}
