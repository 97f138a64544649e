import { invalidArgument, requireProbability } from './argument.ts';

export type Adjustment = 'none' | 'bonferroni' | 'holm' | 'hochberg' | 'hommel' | 'BH' | 'BY';

/**
 * P-values adjusted for their number, as R's `p.adjust`: so that rejecting at p ≤ α keeps the family-wise error rate
 * (Bonferroni, Holm, Hochberg, Hommel) or the false discovery rate (Benjamini–Hochberg, Benjamini–Yekutieli) at α;
 * `none` leaves them as they are.
 *
 * @param pValues each from 0 to 1; those of tests that could not be made must be left out first
 * @returns the adjusted values in the order given. Hommel's takes O(n²) steps, the others O(n log n)
 * @throws ARGUMENT_INVALID with the index of a value that is not a probability, or for an unknown method
 *
 * Citations: S. Holm, Scand. J. Statist. 6 (1979) 65; Y. Hochberg, Biometrika 75 (1988) 800; G. Hommel, Biometrika 75
 * (1988) 383; Y. Benjamini, Y. Hochberg, J. R. Statist. Soc. B 57 (1995) 289; Y. Benjamini, D. Yekutieli, Ann. Statist.
 * 29 (2001) 1165.
 */
export function adjustedP(pValues: ArrayLike<number>, method: Adjustment): Float64Array {
  const n = pValues.length;
  if (!Object.hasOwn(ADJUSTMENTS, method)) {
    invalidArgument('method', method, `one of ${Object.keys(ADJUSTMENTS).join(', ')}`);
  }
  for (let i = 0; i < n; i++) requireProbability(`pValues[${i}]`, pValues[i]);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => pValues[a] - pValues[b]);
  const sorted = Float64Array.from(order, (i) => pValues[i]);
  const adjusted = ADJUSTMENTS[method](sorted);
  const result = new Float64Array(n);
  for (let i = 0; i < n; i++) result[order[i]] = Math.min(1, adjusted[i]);
  return result;
}

const ADJUSTMENTS: Record<Adjustment, (ascending: Float64Array) => Float64Array> = {
  none: (p) => p,
  bonferroni: (p) => p.map((value) => value * p.length),
  holm: (p) => {
    let largest = 0;
    return p.map((value, i) => {
      largest = Math.max(largest, (p.length - i) * value);
      return largest;
    });
  },
  hochberg: (p) => stepUp(p, (i) => p.length - i),
  hommel,
  BH: (p) => stepUp(p, (i) => p.length / (i + 1)),
  BY: (p) => {
    let harmonic = 0;
    for (let i = 1; i <= p.length; i++) harmonic += 1 / i;
    return stepUp(p, (i) => (harmonic * p.length) / (i + 1));
  },
};

function stepUp(p: Float64Array, factor: (i: number) => number): Float64Array {
  const adjusted = new Float64Array(p.length);
  let least = Infinity;
  for (let i = p.length - 1; i >= 0; i--) {
    least = Math.min(least, factor(i) * p[i]);
    adjusted[i] = least;
  }
  return adjusted;
}

function hommel(p: Float64Array): Float64Array {
  const n = p.length;
  let simes = Infinity;
  for (let i = 0; i < n; i++) simes = Math.min(simes, (n * p[i]) / (i + 1));
  const adjusted = new Float64Array(n).fill(simes);
  // The largest Simes p over every size m of an intersection of hypotheses.
  for (let m = n - 1; m >= 2; m--) {
    const split = n - m + 1;
    let ofLarge = Infinity;
    for (let i = split; i < n; i++) ofLarge = Math.min(ofLarge, (m * p[i]) / (i - split + 2));
    for (let i = 0; i < split; i++) adjusted[i] = Math.max(adjusted[i], Math.min(m * p[i], ofLarge));
    const last = Math.min(m * p[split - 1], ofLarge);
    for (let i = split; i < n; i++) adjusted[i] = Math.max(adjusted[i], last);
  }
  return adjusted.map((value, i) => Math.max(value, p[i]));
}
