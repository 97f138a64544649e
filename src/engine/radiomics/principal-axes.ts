import { type Region, Stretches } from './region.ts';

/**
 * The variances in mm² of a region's voxel centres along their principal axes, descending, divided by the number of voxels
 * as PyRadiomics does (IBSI's divide by one less). `axes` picks the coordinates: 0 = x, 1 = y, 2 = z.
 */
export function principalVariances(region: Region, axes: readonly number[] = [0, 1, 2]): number[] {
  const { voxels, row, plane, margin, size, spacing } = region;
  // Whole numbers counted from the middle of the box keep the sums of squares small and exact.
  const middle = size.map((length) => margin + (length >> 1));
  const sums = new Float64Array(3);
  const products = new Float64Array(9);
  for (const at = new Stretches(voxels, row, plane); at.next(); ) {
    const [x, y, z] = [at.x - middle[0], at.y - middle[1], at.z - middle[2]];
    const length = at.to - at.from;
    const last = length - 1;
    const sum = length * x + (length * last) / 2;
    sums[0] += sum;
    sums[1] += length * y;
    sums[2] += length * z;
    products[0] += length * x * x + length * last * x + (last * length * (last + length)) / 6;
    products[1] += sum * y;
    products[2] += sum * z;
    products[4] += length * y * y;
    products[5] += length * y * z;
    products[8] += length * z * z;
  }
  const count = voxels.length;
  const covariance = axes.map((a) =>
    axes.map((b) => {
      const product = products[3 * Math.min(a, b) + Math.max(a, b)];
      return (product / count - (sums[a] / count) * (sums[b] / count)) * spacing[a] * spacing[b];
    }),
  );
  const variances = symmetricEigenvalues(covariance).sort((a, b) => b - a);
  // A flat region's smallest variance is 0, of which rounding leaves something of either sign.
  return variances.map((variance) => (variance > 1e-13 * variances[0] ? variance : 0));
}

/** Eigenvalues of a small symmetric matrix by Jacobi's rotations. */
function symmetricEigenvalues(matrix: readonly (readonly number[])[]): number[] {
  const a = matrix.map((line) => [...line]);
  const size = a.length;
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (a[p][q] === 0) {
          continue;
        }
        const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        for (let k = 0; k < size; k++) {
          [a[k][p], a[k][q]] = [c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]];
        }
        for (let k = 0; k < size; k++) {
          [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
        }
      }
    }
  }
  return a.map((line, i) => line[i]);
}
