import { Failure } from '../../failure.ts';
import type { Box } from '../label-box.ts';
import type { Volume, VoxelArray } from '../volume.ts';
import { type FilteredImage, filteredImage, requireBox } from './filtered-image.ts';
import { icosphereVertices } from './icosphere.ts';
import { SphereSampler } from './sphere-sampler.ts';
import { type Complex, sphericalHarmonic } from './spherical-harmonics.ts';

/** How to compare a voxel with a sphere around it; the names and defaults of PyRadiomics' settings in brackets. */
export interface BinaryPattern3DOptions {
  /** Degrees of spherical harmonics, from 0 on, each of which gives an image (lbp3DLevels: 2); at most 16. */
  readonly levels?: number;
  /** Radius of the sphere in voxels (lbp3DIcosphereRadius: 1). */
  readonly radius?: number;
  /** How often the icosahedron on which the points lie is subdivided (lbp3DIcosphereSubdivision: 1); at most 5. */
  readonly subdivisions?: number;
  /** 1 for the voxels of the region, x fastest, that are wanted; the others are left 0. All by default. */
  readonly within?: Uint8Array;
}

/**
 * The local binary pattern of every voxel on a sphere around it: `lbp-3D-m1`, … for each degree of spherical harmonics, and
 * `lbp-3D-k`, the excess kurtosis of the values on the sphere, −3 where these are all equal; float64.
 *
 * Values on the sphere are interpolated by cubic B-splines (mirrored edges, 0 beyond the image) and take the image's type
 * of voxel, whole numbers by rounding; b = 1 where a value is at least the voxel's. With c_nm = Σ_v b(v) Y_nm(v), the
 * image of degree n is the real part of √(Σ_v (Σ_m c_nm Y_nm(v))²), without complex conjugates, with the polar and the
 * azimuthal angle in each other's place and the axis of the angles along x: not the invariant of Banerjee et al. (ACCV 2012 workshops, LNCS 7728), but what
 * PyRadiomics' getLBP3DImage computes. Throws `ARGUMENT_INVALID` (region, options) and `IMAGE_NOT_FINITE`.
 */
export function* binaryPattern3DImages(
  image: Volume,
  region: Box,
  options: BinaryPattern3DOptions = {},
): Generator<FilteredImage> {
  requireBox(image, region);
  const [width, height, depth] = region.size;
  const { levels, radius, subdivisions, within } = complete(options, width * height * depth);
  const vertices = icosphereVertices(subdivisions, radius);
  const harmonics = harmonicsAt(vertices, radius, levels);
  // Turned, as PyRadiomics adds a vertex's x, y, z to a voxel's z, y, x.
  const offsets = vertices.map((_, n) => vertices[n + 2 - 2 * (n % 3)]);
  const sampler = new SphereSampler(image, region, offsets);
  const results = Array.from({ length: levels + 1 }, () => new Float64Array(width * height * depth));
  const kurtosis = results[levels];
  const values = samplesLike(image.voxels, sampler.count);
  const signs = new Uint8Array(sampler.count);
  for (let n = 0; n < kurtosis.length; n++) {
    if (within !== undefined && within[n] === 0) continue;
    const x = region.lower[0] + (n % width);
    const y = region.lower[1] + (Math.floor(n / width) % height);
    const z = region.lower[2] + Math.floor(n / (width * height));
    sampler.sample(x, y, z, values);
    kurtosis[n] = excessKurtosis(values);
    const centre = image.voxels[x + image.size[0] * (y + image.size[1] * z)];
    for (let v = 0; v < signs.length; v++) signs[v] = values[v] >= centre ? 1 : 0;
    for (let level = 0; level < levels; level++) results[level][n] = response(harmonics[level], signs);
  }
  const names = binaryPattern3DNames(options);
  for (const [n, voxels] of results.entries()) yield filteredImage(names[n], image, region, voxels);
}

/** The names of `binaryPattern3DImages`, in their order. */
export function binaryPattern3DNames({ levels = 2 }: BinaryPattern3DOptions = {}): string[] {
  return [...Array.from({ length: levels }, (_, level) => `lbp-3D-m${level + 1}`), 'lbp-3D-k'];
}

/** The harmonics of one degree at every vertex: real and imaginary part, of order −n at every vertex first. */
interface Harmonics {
  readonly re: readonly Float64Array[];
  readonly im: readonly Float64Array[];
}

function harmonicsAt(vertices: Float64Array, radius: number, levels: number): Harmonics[] {
  return Array.from({ length: levels }, (_, n) => {
    const orders = Array.from({ length: 2 * n + 1 }, (_, k) => {
      const values: Complex[] = [];
      for (let v = 0; v < vertices.length; v += 3) {
        const polar = Math.acos(Math.max(-1, Math.min(1, vertices[v + 2] / radius)));
        const azimuth = Math.atan2(vertices[v + 1], vertices[v]);
        // In each other's place, as PyRadiomics hands them to SciPy.
        values.push(sphericalHarmonic(n, k - n, Math.cos(azimuth), polar));
      }
      return values;
    });
    return {
      re: orders.map((values) => Float64Array.from(values, ([re]) => re)),
      im: orders.map((values) => Float64Array.from(values, ([, im]) => im)),
    };
  });
}

function response({ re, im }: Harmonics, signs: Uint8Array): number {
  const count = signs.length;
  const cRe = new Float64Array(re.length);
  const cIm = new Float64Array(re.length);
  for (let m = 0; m < re.length; m++) {
    for (let v = 0; v < count; v++) {
      cRe[m] += signs[v] * re[m][v];
      cIm[m] += signs[v] * im[m][v];
    }
  }
  let sumRe = 0;
  let sumIm = 0;
  for (let v = 0; v < count; v++) {
    let fRe = 0;
    let fIm = 0;
    for (let m = 0; m < re.length; m++) {
      fRe += cRe[m] * re[m][v] - cIm[m] * im[m][v];
      fIm += cRe[m] * im[m][v] + cIm[m] * re[m][v];
    }
    sumRe += fRe * fRe - fIm * fIm;
    sumIm += 2 * fRe * fIm;
  }
  // The real part of the principal root.
  return Math.sqrt((Math.hypot(sumRe, sumIm) + sumRe) / 2);
}

function excessKurtosis(values: VoxelArray): number {
  const count = values.length;
  let sum = 0;
  for (let n = 0; n < count; n++) sum += values[n];
  const mean = sum / count;
  let second = 0;
  let fourth = 0;
  for (let n = 0; n < count; n++) {
    const square = (values[n] - mean) * (values[n] - mean);
    second += square;
    fourth += square * square;
  }
  second /= count;
  fourth /= count;
  // What rounding makes of equal values is no variance (SciPy).
  if (second <= (1e-15 * mean) ** 2) return -3;
  return fourth / (second * second) - 3;
}

function samplesLike(voxels: VoxelArray, count: number): VoxelArray {
  return new (voxels.constructor as new (length: number) => VoxelArray)(count);
}

function complete(options: BinaryPattern3DOptions, voxels: number) {
  const { levels = 2, radius = 1, subdivisions = 1, within } = options;
  const refuse = (argument: string, value: unknown, must: string): never => {
    throw new Failure('ARGUMENT_INVALID', `${argument} is ${value}, but must be ${must}`, {
      argument,
      value: String(value),
    });
  };
  if (!Number.isInteger(levels) || levels < 1 || levels > 16)
    refuse('levels', levels, 'a whole number from 1 to 16');
  if (!(radius > 0 && radius <= 1e6)) refuse('radius', radius, 'positive and at most 1e6 voxels');
  if (!Number.isInteger(subdivisions) || subdivisions < 0 || subdivisions > 5)
    refuse('subdivisions', subdivisions, 'a whole number from 0 to 5');
  if (within !== undefined && within.length !== voxels)
    refuse('within.length', within.length, `the region's ${voxels}`);
  return { levels, radius, subdivisions, within };
}
