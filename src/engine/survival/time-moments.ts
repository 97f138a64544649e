import type { Hazard } from './hazard.ts';
import type { RiskSets } from './risk-sets.ts';

/** Σ V, Σ g V and Σ g² V over the deaths, V the covariance of x over the risk set; row-major. */
export function timeMoments(
  sets: RiskSets,
  hazard: Hazard,
  risk: Float64Array,
  columns: readonly Float64Array[],
  g: Float64Array,
): [Float64Array, Float64Array, Float64Array] {
  const { starts, deaths, strata, entries } = sets;
  const p = columns.length;
  const moments: [Float64Array, Float64Array, Float64Array] = [
    new Float64Array(p * p),
    new Float64Array(p * p),
    new Float64Array(p * p),
  ];
  const all = new Moments(columns);
  const dying = new Moments(columns);
  for (let s = 0; s + 1 < strata.length; s++) {
    all.clear();
    for (let k = strata[s + 1] - 1; k >= strata[s]; k--) {
      for (let i = starts[k]; i < starts[k + 1]; i++) all.add(i, risk[i]);
      if (entries && k + 1 < strata[s + 1]) {
        for (let m = entries.starts[k + 1]; m < entries.starts[k + 2]; m++) {
          all.add(entries.positions[m], -risk[entries.positions[m]]);
        }
      }
      if (deaths[k] === 0) continue;
      dying.clear();
      for (let i = starts[k]; i < starts[k] + deaths[k]; i++) dying.add(i, risk[i]);
      for (let l = 0; l < deaths[k]; l++) {
        const f = hazard.ties === 'efron' ? l / deaths[k] : 0;
        const denominator = hazard.atRisk[k] - f * hazard.dying[k];
        for (let a = 0; a < p; a++) {
          for (let b = 0; b < p; b++) {
            const second = (all.second[a * p + b] - f * dying.second[a * p + b]) / denominator;
            const meanA = (all.first[a] - f * dying.first[a]) / denominator;
            const meanB = (all.first[b] - f * dying.first[b]) / denominator;
            const v = hazard.meanWeight[k] * (second - meanA * meanB);
            moments[0][a * p + b] += v;
            moments[1][a * p + b] += g[k] * v;
            moments[2][a * p + b] += g[k] * g[k] * v;
          }
        }
      }
    }
  }
  return moments;
}

/** Running Σ r x and Σ r x xᵀ. */
class Moments {
  readonly first: Float64Array;
  readonly second: Float64Array;
  private readonly columns: readonly Float64Array[];

  constructor(columns: readonly Float64Array[]) {
    this.columns = columns;
    this.first = new Float64Array(columns.length);
    this.second = new Float64Array(columns.length ** 2);
  }

  add(position: number, weight: number): void {
    const p = this.columns.length;
    for (let a = 0; a < p; a++) {
      const v = weight * this.columns[a][position];
      this.first[a] += v;
      for (let b = 0; b < p; b++) this.second[a * p + b] += v * this.columns[b][position];
    }
  }

  clear(): void {
    this.first.fill(0);
    this.second.fill(0);
  }
}
