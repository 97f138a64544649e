import { type Cells, cellKey, keyCells, largestTable, sumCells, tableCells, totalOf } from './cells.ts';
import { epsilon, meanOverDirections } from './emphasis.ts';
import { type FeatureValues, featureClasses } from './features.ts';
import type { Levels } from './levels.ts';
import { maximalCorrelation } from './maximal-correlation.ts';
import { lengthOf, offsets, stepsOf } from './offsets.ts';
import type { Settings } from './settings.ts';

/**
 * Grey level co-occurrence features: how often grey level i has j as its neighbour in a direction. Each feature is
 * computed per direction and averaged (IBSI ITBB, 3D average), or, with a `weightingNorm`, once from the weighted sum of the
 * directions' matrices (`no_weighting`: IBSI IAZD, 3D merged). With force2D the directions are those in the plane.
 * Directions in which the region has no pair of neighbours do not count; without any, the features are NaN.
 *
 * Haralick, IEEE Trans. SMC 3 (1973) 610; IBSI 3.6; names and formulas as PyRadiomics' glcm.
 */
export function glcm(levels: Levels, settings: Settings): FeatureValues<'glcm'> {
  const { region, grayLevels } = levels;
  const directions = offsets(
    region.size,
    settings.distances,
    settings.force2D ? settings.force2Ddimension : null,
  );
  const symmetric = settings.symmetricalGLCM ?? true;
  const norm = settings.weightingNorm;
  const matrices = (function* () {
    for (const step of stepsOf(directions, region)) {
      yield cooccurrence(levels, step, symmetric);
    }
  })();
  if (norm !== undefined) {
    const weights = directions.map((direction) =>
      norm === 'no_weighting' ? 1 : Math.exp(-(lengthOf(direction, region.spacing, norm) ** 2)),
    );
    return cooccurrenceFeatures(sumCells([...matrices], weights), grayLevels);
  }
  const perDirection: FeatureValues<'glcm'>[] = [];
  for (const matrix of matrices) {
    if (matrix.counts.length > 0) {
      perDirection.push(cooccurrenceFeatures(matrix, grayLevels));
    }
  }
  if (perDirection.length === 0) {
    return cooccurrenceFeatures(
      { rows: new Int32Array(), columns: new Int32Array(), counts: new Float64Array() },
      grayLevels,
    );
  }
  return meanOverDirections(perDirection, featureClasses.glcm);
}

/** Counts the pairs (grey level of a voxel, grey level of its neighbour at `step`); symmetric: each pair both ways. */
export function cooccurrence({ region, ranks, grayLevels }: Levels, step: number, symmetric: boolean): Cells {
  const { voxels } = region;
  const size = grayLevels.length;
  const width = size + 1;
  if (width * width > largestTable) {
    const keys: number[] = [];
    for (let n = 0; n < voxels.length; n++) {
      const here = ranks[voxels[n]];
      const there = ranks[voxels[n] + step];
      if (there !== 0) {
        keys.push(cellKey(here, there));
        if (symmetric) {
          keys.push(cellKey(there, here));
        }
      }
    }
    return keyCells(Float64Array.from(keys));
  }
  const table = new Uint32Array(width * width);
  for (let n = 0; n < voxels.length; n++) {
    const voxel = voxels[n];
    // Neighbours outside the region have rank 0: they fill column 0, which is left out.
    table[ranks[voxel] * width + ranks[voxel + step]]++;
  }
  if (symmetric) {
    for (let i = 1; i <= size; i++) {
      for (let j = 1; j <= i; j++) {
        const sum = table[i * width + j] + table[j * width + i];
        table[i * width + j] = sum;
        table[j * width + i] = sum;
      }
    }
  }
  return tableCells(table, size, size);
}

/** The features of one co-occurrence matrix, which need not be normalised. An empty one makes each NaN. */
export function cooccurrenceFeatures(cells: Cells, grayLevels: Float64Array): FeatureValues<'glcm'> {
  const { rows, columns, counts } = cells;
  const total = totalOf(cells);
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
    jointEntropy += counts[n] * log2(counts[n]);
    if (probability > maximum) {
      maximum = probability;
    }
  }
  // −Σ p·log₂(p + ε), to first order in ε.
  jointEntropy = Math.log2(total) - jointEntropy / total - (p.length * epsilon) / Math.LN2;
  let [shade, prominence, tendency, covariance, varianceX, varianceY, dependence] = [0, 0, 0, 0, 0, 0, 0];
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
    dependence += p[n] / (px[rows[n]] * py[columns[n] - 1]);
  }
  const deviations = Math.sqrt(varianceX) * Math.sqrt(varianceY);
  const sum = sumFeatures(sums);
  const information = informationFeatures(px, py, jointEntropy, dependence);
  const features: FeatureValues<'glcm'> = {
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
    MCC: maximalCorrelation({ rows, columns, counts: p }, px, py),
    MaximumProbability: maximum,
    SumAverage: sum.average,
    SumEntropy: sum.entropy,
    SumSquares: varianceX,
  };
  if (!(total > 0)) {
    for (const name of featureClasses.glcm) {
      features[name] = Number.NaN;
    }
  }
  return features;
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

/** The informational measures of correlation (IBSI R8DG, JN9H); `dependence` is Σ p / (px·py). */
function informationFeatures(px: Float64Array, py: Float64Array, jointEntropy: number, dependence: number) {
  const x = marginalEntropy(px);
  const y = marginalEntropy(py);
  const larger = Math.max(x.entropy, y.entropy);
  // To first order in ε, −Σ p·log₂(px·py + ε) over the cells, and −Σ px·py·log₂(px·py + ε) over all pairs of levels.
  const cross = x.plain + y.plain - (dependence * epsilon) / Math.LN2;
  const independent = x.plain + y.plain - (x.used * y.used * epsilon) / Math.LN2;
  if (x.used * y.used <= 1) {
    return { Imc1: 0, Imc2: 0 };
  }
  const excess = Math.max(independent - jointEntropy, 0);
  return {
    Imc1: (jointEntropy - cross) / larger,
    // PyRadiomics drops a direction where rounding makes the excess negative; it is 0 there.
    Imc2: Math.sqrt(-Math.expm1(-2 * excess)),
  };
}

const logarithms = Float64Array.from({ length: 4096 }, (_, n) => Math.log2(n));

/** log₂ of a count, which is whole unless directions were weighted. */
function log2(count: number): number {
  return logarithms[count] ?? Math.log2(count);
}

function marginalEntropy(p: Float64Array): { entropy: number; plain: number; used: number } {
  let [entropy, plain, used] = [0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    if (p[i] > 0) {
      used++;
      entropy -= p[i] * Math.log2(p[i] + epsilon);
      plain -= p[i] * Math.log2(p[i]);
    }
  }
  return { entropy, plain, used };
}
