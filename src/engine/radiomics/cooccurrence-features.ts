import { type Cells, totalOf } from './cells.ts';
import { epsilon } from './emphasis.ts';
import type { FeatureValues } from './features.ts';
import { maximalCorrelation } from './maximal-correlation.ts';

/** All features but MCC, which alone takes an eigenvalue problem. */
export type PairFeatures = Omit<FeatureValues<'glcm'>, 'MCC'>;

/** The features of one co-occurrence matrix, which need not be normalised. An empty one makes each NaN. */
export function cooccurrenceFeatures(cells: Cells, grayLevels: Float64Array): FeatureValues<'glcm'> {
  const { p, px, py, features } = pairFeatures(cells, grayLevels);
  return { ...features, MCC: p.counts.length > 0 ? maximalCorrelation(p, px, py) : Number.NaN };
}

/** The same without MCC, and what they were computed from: the probabilities of the cells, of the rows and of the columns. */
export function pairFeatures(cells: Cells, grayLevels: Float64Array) {
  const { rows, columns, counts } = cells;
  const total = totalOf(cells);
  const logTotal = log2(total);
  const size = grayLevels.length;
  const highest = size > 0 ? grayLevels[size - 1] : 0;
  const px = new Float64Array(size);
  const py = new Float64Array(size);
  const sums = new Float64Array(2 * highest + 1);
  const differences = new Float64Array(highest + 1);
  const p = new Float64Array(counts.length);
  let [ux, uy, autocorrelation, energy, jointEntropy, maximum] = [0, 0, 0, 0, 0, 0];
  for (let n = 0; n < p.length; n++) {
    const probability = counts[n] / total;
    const i = grayLevels[rows[n]];
    const j = grayLevels[columns[n] - 1];
    p[n] = probability;
    px[rows[n]] += probability;
    py[columns[n] - 1] += probability;
    sums[i + j] += probability;
    differences[Math.abs(i - j)] += probability;
    ux += i * probability;
    uy += j * probability;
    autocorrelation += i * j * probability;
    energy += probability * probability;
    jointEntropy += counts[n] * (logTotal - log2(counts[n]));
    if (probability > maximum) {
      maximum = probability;
    }
  }
  // −Σ p·log₂(p + ε), to first order in ε.
  jointEntropy = jointEntropy / total - (p.length * epsilon) / Math.LN2;
  let [shade, prominence, tendency, covariance, varianceX, varianceY] = [0, 0, 0, 0, 0, 0];
  for (let n = 0; n < p.length; n++) {
    const dx = grayLevels[rows[n]] - ux;
    const dy = grayLevels[columns[n] - 1] - uy;
    const s = dx + dy;
    tendency += p[n] * s * s;
    shade += p[n] * s * s * s;
    prominence += p[n] * s * s * s * s;
    covariance += p[n] * dx * dy;
    varianceX += p[n] * dx * dx;
    varianceY += p[n] * dy * dy;
  }
  const deviations = Math.sqrt(varianceX) * Math.sqrt(varianceY);
  const sum = sumFeatures(sums);
  const information = informationFeatures({ rows, columns, counts: p }, px, py, jointEntropy);
  const features: PairFeatures = {
    Autocorrelation: autocorrelation,
    ClusterProminence: prominence,
    ClusterShade: shade,
    ClusterTendency: tendency,
    Correlation: deviations === 0 ? 1 : covariance / (deviations + epsilon),
    ...differenceFeatures(differences),
    ...information,
    JointAverage: ux,
    JointEnergy: energy,
    JointEntropy: jointEntropy,
    MaximumProbability: maximum,
    SumAverage: sum.average,
    SumEntropy: sum.entropy,
    SumSquares: varianceX,
  };
  if (!(total > 0)) {
    for (const name of Object.keys(features) as (keyof PairFeatures)[]) {
      features[name] = Number.NaN;
    }
  }
  return { p: { rows, columns, counts: p }, px, py, features };
}

/** Average and entropy of the distribution of i + j. */
function sumFeatures(sums: Float64Array): { average: number; entropy: number } {
  let [average, entropy] = [0, 0];
  for (let k = 2; k < sums.length; k++) {
    average += k * sums[k];
    if (sums[k] > 0) {
      entropy -= sums[k] * Math.log2(sums[k] + epsilon);
    }
  }
  return { average, entropy };
}

/** What the distribution of |i − j| says; `differences` has as many entries as the highest grey level, plus one for 0. */
function differenceFeatures(differences: Float64Array) {
  const highest = differences.length - 1;
  const sum = {
    contrast: 0,
    average: 0,
    entropy: 0,
    id: 0,
    idm: 0,
    idn: 0,
    idmn: 0,
    inverse: 0,
    variance: 0,
  };
  for (let k = 0; k < highest; k++) {
    const q = differences[k];
    if (q === 0) {
      continue;
    }
    sum.contrast += k * k * q;
    sum.average += k * q;
    sum.entropy -= q * Math.log2(q + epsilon);
    sum.id += q / (1 + k);
    sum.idm += q / (1 + k * k);
    sum.idn += q / (1 + k / highest);
    sum.idmn += q / (1 + (k * k) / (highest * highest));
    sum.inverse += k > 0 ? q / (k * k) : 0;
  }
  for (let k = 0; k < highest; k++) {
    sum.variance += differences[k] * (k - sum.average) ** 2;
  }
  return {
    Contrast: sum.contrast,
    DifferenceAverage: sum.average,
    DifferenceEntropy: sum.entropy,
    DifferenceVariance: sum.variance,
    Id: sum.id,
    Idm: sum.idm,
    Idmn: sum.idmn,
    Idn: sum.idn,
    InverseVariance: sum.inverse,
  };
}

/** The informational measures of correlation (IBSI R8DG, JN9H). */
function informationFeatures(p: Cells, px: Float64Array, py: Float64Array, jointEntropy: number) {
  const x = marginalEntropy(px);
  const y = marginalEntropy(py);
  if (x.used * y.used <= 1) {
    return { Imc1: 0, Imc2: 0 };
  }
  const { cross, independent } =
    x.smallest * y.smallest > 1e-13
      ? crossEntropies(p, px, py, x.plain + y.plain, x.used * y.used)
      : exactCrossEntropies(p, px, py);
  return {
    Imc1: (jointEntropy - cross) / Math.max(x.entropy, y.entropy),
    // PyRadiomics drops a direction where rounding makes the difference negative; it is 0 there.
    Imc2: Math.sqrt(-Math.expm1(-2 * Math.max(independent - jointEntropy, 0))),
  };
}

/**
 * −Σ p·log₂(px·py + ε) over the cells and −Σ px·py·log₂(px·py + ε) over all pairs of levels, to first order in ε, which
 * saves most logarithms: without ε both are the sum of the marginal entropies, `plain`.
 */
function crossEntropies(
  { rows, columns, counts }: Cells,
  px: Float64Array,
  py: Float64Array,
  plain: number,
  pairs: number,
) {
  let ratios = 0;
  for (let n = 0; n < counts.length; n++) {
    ratios += counts[n] / (px[rows[n]] * py[columns[n] - 1]);
  }
  return { cross: plain - (ratios * epsilon) / Math.LN2, independent: plain - (pairs * epsilon) / Math.LN2 };
}

/** The same where weighting or very many pairs make products that ε is not small against. */
function exactCrossEntropies({ rows, columns, counts }: Cells, px: Float64Array, py: Float64Array) {
  let [cross, independent] = [0, 0];
  for (let n = 0; n < counts.length; n++) {
    cross -= counts[n] * Math.log2(px[rows[n]] * py[columns[n] - 1] + epsilon);
  }
  for (let i = 0; i < px.length; i++) {
    for (let j = 0; j < py.length; j++) {
      const product = px[i] * py[j];
      independent -= product * Math.log2(product + epsilon);
    }
  }
  return { cross, independent };
}

function marginalEntropy(p: Float64Array) {
  let [entropy, plain, used, smallest] = [0, 0, 0, 1];
  for (let i = 0; i < p.length; i++) {
    if (p[i] > 0) {
      used++;
      smallest = Math.min(smallest, p[i]);
      entropy -= p[i] * Math.log2(p[i] + epsilon);
      plain -= p[i] * Math.log2(p[i]);
    }
  }
  return { entropy, plain, used, smallest };
}

const logarithms = Float64Array.from({ length: 4096 }, (_, n) => Math.log2(n));

/** log₂ of a count, which is whole unless directions were weighted. */
function log2(count: number): number {
  return logarithms[count] ?? Math.log2(count);
}
