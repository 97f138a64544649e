import { normal } from '../statistics/normal.ts';

/**
 * P(max |T_m| ≤ b) for standard normal T_m, one for each size m of n, with corr(T_m, T_k) = √(m (n − k) / (k (n − m))),
 * m < k: the law of the standardised partial sums of a random permutation.
 *
 * The T are a Markov chain, so that the integral of as many dimensions as there are sizes is one integral at a time, by
 * Gauss–Legendre panels as fine as the narrowest step of the chain.
 */
export function gaussianMaximum(b: number, sizes: readonly number[], n: number): number {
  if (b <= 0) return 0;
  let narrowest = 1;
  const correlations = sizes.slice(1).map((k, c) => {
    const m = sizes[c];
    const rho = Math.sqrt((m * (n - k)) / (k * (n - m)));
    narrowest = Math.min(narrowest, Math.sqrt(1 - rho * rho));
    return rho;
  });
  const { x, w } = panels(b, Math.min(400, Math.max(8, Math.ceil(b / narrowest))));
  let density = x.map((t) => normal.density(t));
  for (const rho of correlations) {
    const deviation = Math.sqrt(1 - rho * rho);
    const next = new Float64Array(x.length);
    for (let i = 0; i < x.length; i++) {
      if (density[i] === 0) continue;
      const center = rho * x[i];
      const mass = (w[i] * density[i]) / (deviation * Math.sqrt(2 * Math.PI));
      for (let j = 0; j < x.length; j++) {
        const z = (x[j] - center) / deviation;
        if (z > -9 && z < 9) next[j] += mass * Math.exp(-0.5 * z * z);
      }
    }
    density = next;
  }
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += w[i] * density[i];
  return Math.min(1, sum);
}

/** Nodes and weights of the five-point Gauss–Legendre rule on `count` equal panels of [−b, b]. */
function panels(b: number, count: number): { x: Float64Array; w: Float64Array } {
  const nodes = [-0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664];
  const weights = [
    0.23692688505618908, 0.47862867049936647, 0.5688888888888889, 0.47862867049936647, 0.23692688505618908,
  ];
  const x = new Float64Array(5 * count);
  const w = new Float64Array(5 * count);
  const half = b / count;
  for (let p = 0; p < count; p++) {
    for (let k = 0; k < 5; k++) {
      x[5 * p + k] = -b + (2 * p + 1 + nodes[k]) * half;
      w[5 * p + k] = weights[k] * half;
    }
  }
  return { x, w };
}
