import type { Region } from '../region.ts';
import { fourier, fourierLength } from './fourier.ts';

/** So many numbers are held at a time, 256 MiB; a larger region is done in parts. */
const maxNumbers = 2 ** 25;

/**
 * Moran's I (IBSI N365) and Geary's C (NPT7) of a region's values with the inverse of the distance in mm as weight: of all pairs
 * of different voxels, exactly. `values[n]` is of voxel n. NaN where all values are one.
 *
 * The sum over pairs is one over displacements, and over frequencies one of products: Σ w(d) Σ a(k) b(k + d) is the mean over
 * frequencies of ŵ·conj(â)·b̂, with a margin of zeros. So n voxels take n log n steps instead of n². Rows are
 * transformed first; then, one frequency along x after the other, the planes across it.
 */
export function spatialAutocorrelation(
  region: Region,
  values: Float64Array,
): { moran: number; geary: number } {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const deviations = values.map((value) => value - mean);
  const squares = deviations.map((deviation) => deviation * deviation);
  const scatter = squares.reduce((sum, square) => sum + square, 0);
  if (values.every((value) => value === values[0])) {
    return { moran: Number.NaN, geary: Number.NaN };
  }
  const { ones, products, mixed } = weightedSums(region, deviations, squares);
  return {
    moran: ((count / ones) * products) / scatter,
    geary: ((count - 1) / (2 * ones)) * ((2 * (mixed - products)) / scatter),
  };
}

/** Σ w, Σ w·xᵢ·xⱼ and Σ w·xᵢ² over the ordered pairs of different voxels. */
function weightedSums(region: Region, deviations: Float64Array, squares: Float64Array) {
  const { size, spacing, voxels, margin, row, plane } = region;
  const [, ny, nz] = size;
  const [lx, ly, lz] = size.map((length) => fourierLength(2 * length - 1));
  const rows = ny * nz;
  const frequencies = (lx >> 1) + 1;
  // Per frequency along x: three complex signals of each row, the weights of each row, and four planes of work.
  const chunk = Math.max(1, Math.min(frequencies, Math.floor((maxNumbers - 8 * ly * lz) / (8 * rows))));
  const spectra = Array.from({ length: 7 }, () => new Float64Array(chunk * rows));
  const spare = new Float64Array(chunk * rows);
  const [planeRe, planeIm, weights, unused, membersRe, membersIm] = Array.from(
    { length: 6 },
    () => new Float64Array(ly * lz),
  );
  const alongX = fourier(lx, 1);
  const alongY = fourier(ly, lz);
  const alongZ = fourier(lz, 1);
  const [lineRe, lineIm] = [new Float64Array(lx), new Float64Array(lx)];

  function transformPlane(re: Float64Array, im: Float64Array): void {
    for (let y = 0; y < ny; y++) alongZ(re, im, y * lz);
    alongY(re, im, 0);
  }

  /** Transforms a row of two real signals, or one, and keeps the frequencies from `first` on. */
  function keepRow(at: number, first: number, targets: readonly Float64Array[]): void {
    alongX(lineRe, lineIm, 0);
    for (let n = 0; n < chunk && first + n < frequencies; n++) {
      const u = first + n;
      const mirror = u === 0 ? 0 : lx - u;
      const to = n * rows + at;
      targets[0][to] = (lineRe[u] + lineRe[mirror]) / 2;
      targets[1][to] = (lineIm[u] - lineIm[mirror]) / 2;
      targets[2][to] = (lineIm[u] + lineIm[mirror]) / 2;
      targets[3][to] = (lineRe[mirror] - lineRe[u]) / 2;
    }
  }

  function transformRows(first: number): void {
    for (const spectrum of spectra) spectrum.fill(0);
    const [memberRe, memberIm, deviationRe, deviationIm, squareRe, squareIm, weight] = spectra;
    for (let n = 0; n < voxels.length; ) {
      const z = ((voxels[n] / plane) | 0) - margin;
      const start = voxels[n] - (voxels[n] % row);
      const at = (((start % plane) / row) | 0) - margin + ny * z;
      let end = n;
      while (end < voxels.length && voxels[end] < start + row) end++;
      lineRe.fill(0);
      lineIm.fill(0);
      for (let k = n; k < end; k++) {
        lineRe[voxels[k] - start - margin] = 1;
        lineIm[voxels[k] - start - margin] = deviations[k];
      }
      keepRow(at, first, [memberRe, memberIm, deviationRe, deviationIm]);
      lineRe.fill(0);
      lineIm.fill(0);
      for (let k = n; k < end; k++) lineRe[voxels[k] - start - margin] = squares[k];
      keepRow(at, first, [squareRe, squareIm, spare, spare]);
      n = end;
    }
    for (let z = 0; z < nz; z++) {
      for (let y = 0; y < ny; y++) {
        lineIm.fill(0);
        const across = (y * spacing[1]) ** 2 + (z * spacing[2]) ** 2;
        for (let x = 0; x < lx; x++) {
          const distance = Math.sqrt((Math.min(x, lx - x) * spacing[0]) ** 2 + across);
          lineRe[x] = distance === 0 ? 0 : 1 / distance;
        }
        keepRow(y + ny * z, first, [weight, spare, spare, spare]);
      }
    }
  }

  /** Lays a frequency's rows out over a plane, z fastest, and transforms it. */
  function loadPlane(re: Float64Array, im: Float64Array, from: number, re0: Float64Array, im0: Float64Array) {
    re.fill(0);
    im.fill(0);
    for (let z = 0; z < nz; z++) {
      for (let y = 0; y < ny; y++) {
        re[y * lz + z] = re0[from + y + ny * z];
        im[y * lz + z] = im0[from + y + ny * z];
      }
    }
    transformPlane(re, im);
  }

  /** The weights are even along each axis, so that their transform is real. */
  function loadWeights(from: number): void {
    weights.fill(0);
    unused.fill(0);
    for (let y = 0; y < ly; y++) {
      const fromY = Math.min(y, ly - y);
      if (fromY >= ny) continue;
      for (let z = 0; z < lz; z++) {
        const fromZ = Math.min(z, lz - z);
        if (fromZ < nz) weights[y * lz + z] = spectra[6][from + fromY + ny * fromZ];
      }
      alongZ(weights, unused, y * lz);
    }
    alongY(weights, unused, 0);
  }

  let [ones, products, mixed] = [0, 0, 0];
  for (let first = 0; first < frequencies; first += chunk) {
    transformRows(first);
    for (let n = 0; n < chunk && first + n < frequencies; n++) {
      const from = n * rows;
      // What lies beyond the middle mirrors what lies before it.
      const share = first + n === 0 || 2 * (first + n) === lx ? 1 : 2;
      loadWeights(from);
      loadPlane(membersRe, membersIm, from, spectra[0], spectra[1]);
      ones += share * weightedProduct(weights, membersRe, membersIm, membersRe, membersIm);
      loadPlane(planeRe, planeIm, from, spectra[4], spectra[5]);
      mixed += share * weightedProduct(weights, membersRe, membersIm, planeRe, planeIm);
      loadPlane(planeRe, planeIm, from, spectra[2], spectra[3]);
      products += share * weightedProduct(weights, planeRe, planeIm, planeRe, planeIm);
    }
  }
  const total = lx * ly * lz;
  return { ones: ones / total, products: products / total, mixed: mixed / total };
}

/** Σ w · Re(conj(a) b). */
function weightedProduct(
  weights: Float64Array,
  aRe: Float64Array,
  aIm: Float64Array,
  bRe: Float64Array,
  bIm: Float64Array,
): number {
  let sum = 0;
  for (let n = 0; n < weights.length; n++) sum += weights[n] * (aRe[n] * bRe[n] + aIm[n] * bIm[n]);
  return sum;
}
