import { logHypergeometricProbability } from './hypergeometric.ts';

/** Fisher's noncentral hypergeometric distribution of a 2 × 2 table's first cell, given the margins. */
interface Support {
  readonly least: number;
  /** log P(X = least + i) at an odds ratio of 1. */
  readonly logWeights: Float64Array;
}

/**
 * Fisher's exact test of a 2 × 2 table without empty margins: p for the alternative, the conditional
 * maximum-likelihood odds ratio and its confidence interval.
 */
export function conditionalOdds(
  table: readonly (readonly number[])[],
  alternative: 'two-sided' | 'greater' | 'less',
  level: number,
): { p: number; oddsRatio: number; confidence: readonly [number, number] } {
  const [[x, besides], [below, opposite]] = table;
  const white = x + below;
  const black = besides + opposite;
  const drawn = x + besides;
  const least = Math.max(0, drawn - black);
  const most = Math.min(white, drawn);
  const logWeights = Float64Array.from({ length: most - least + 1 }, (_, i) =>
    logHypergeometricProbability(least + i, white, black, drawn),
  );
  const support = { least, logWeights };
  const at = x - least;
  const tail = alternative === 'two-sided' ? (1 - level) / 2 : 1 - level;
  const low =
    x === least || alternative === 'less' ? 0 : oddsWhere(support, (m) => m.logFrom(at), Math.log(tail), 1);
  const high =
    x === most || alternative === 'greater'
      ? Infinity
      : oddsWhere(support, (m) => m.logTo(at), Math.log(tail), -1);
  return {
    p: significance(logWeights, at, alternative),
    oddsRatio: x === least ? 0 : x === most ? Infinity : oddsWhere(support, (m) => m.mean - at, 0, 1),
    confidence: [low, high],
  };
}

function significance(
  logWeights: Float64Array,
  at: number,
  alternative: 'two-sided' | 'greater' | 'less',
): number {
  const limit = logWeights[at] + Math.log1p(1e-7);
  let p = 0;
  for (let i = 0; i < logWeights.length; i++) {
    const counts =
      alternative === 'two-sided' ? logWeights[i] <= limit : alternative === 'less' ? i <= at : i >= at;
    if (counts) p += Math.exp(logWeights[i]);
  }
  return Math.min(1, p);
}

/** The support's mean, counted from its least value, and its tails, at some odds ratio. */
interface Tilted {
  readonly mean: number;
  /** log P(X ≥ least + i). */
  logFrom(i: number): number;
  /** log P(X ≤ least + i). */
  logTo(i: number): number;
}

function tilted({ logWeights }: Support, logOdds: number): Tilted {
  const n = logWeights.length;
  const at = (i: number) => logWeights[i] + i * logOdds;
  // The weights rise to one peak and fall; beyond 745 below it in logarithms they are 0.
  let first = 0;
  let last = n - 1;
  while (first < last) {
    const middle = (first + last) >> 1;
    if (at(middle + 1) > at(middle)) first = middle + 1;
    else last = middle;
  }
  const peak = at(first);
  while (first > 0 && at(first - 1) > peak - 745) first--;
  while (last < n - 1 && at(last + 1) > peak - 745) last++;
  const weights = new Float64Array(last - first + 1);
  let all = 0;
  let moment = 0;
  for (let i = first; i <= last; i++) {
    const weight = Math.exp(at(i) - peak);
    weights[i - first] = weight;
    all += weight;
    moment += i * weight;
  }
  const sum = (from: number, to: number) => {
    let total = 0;
    for (let i = Math.max(from, first); i <= Math.min(to, last); i++) total += weights[i - first];
    return total;
  };
  return {
    mean: moment / all,
    logFrom: (i) => Math.log(sum(i, n - 1) / all),
    logTo: (i) => Math.log(sum(0, i) / all),
  };
}

/** The odds ratio at which a monotone measure (rising for `direction` 1, falling for −1) reaches a value. */
function oddsWhere(
  support: Support,
  measure: (tilted: Tilted) => number,
  value: number,
  direction: 1 | -1,
): number {
  const excess = (logOdds: number) => direction * (measure(tilted(support, logOdds)) - value);
  let low = -1;
  let high = 1;
  while (excess(low) > 0 && low > -700) low *= 2;
  while (excess(high) < 0 && high < 700) high *= 2;
  for (let step = 0; step < 100 && high - low > 4e-16 * Math.max(1, Math.abs(low)); step++) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0) high = middle;
    else low = middle;
  }
  return Math.exp((low + high) / 2);
}
