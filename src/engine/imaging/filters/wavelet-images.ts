import { Failure } from '../../failure.ts';
import type { Box } from '../label-box.ts';
import type { Volume } from '../volume.ts';
import { float32, float64 } from './convolution.ts';
import { type FilterMemory, withFilterMemory } from './filter-memory.ts';
import { type FilteredImage, filteredImage, requireBox } from './filtered-image.ts';
import { imageSignal } from './periodic-signal.ts';
import { allBands, lowestBand, neededBox, splittingBy } from './stationary-wavelet.ts';
import type { Arithmetic } from './wavelet-band.ts';
import { type WaveletFilters, waveletFilters, waveletFilters32 } from './wavelet-filters.ts';

/** How to decompose an image; the names and defaults of PyRadiomics' settings in brackets. */
export interface WaveletOptions {
  /** PyWavelets' name of a discrete wavelet (wavelet: coif1). */
  readonly wavelet?: string;
  /** Number of levels that images are taken of, from 1 (level: 1). */
  readonly level?: number;
  /** Number of levels before those (start_level: 0). */
  readonly startLevel?: number;
  /** Whether each image takes the memory of the one before, which is lost with the next step. False by default. */
  readonly reuse?: boolean;
  /** Axes to decompose along, 0 to 2 for x to z, ascending (force2D leaves out one). All by default. */
  readonly axes?: readonly number[];
}

/** More levels than any image has: after so many the low band is as flat as it gets. */
const mostLevels = 32;

/**
 * The bands of the stationary (undecimated) wavelet transform: of each level all but the lowest, of the last the lowest
 * too. `wavelet-LLH` is low-pass along x and y and high-pass along z, `wavelet2-…` is of the second level; float32 for an image
 * of float32, else float64. The images come in the order of their computation, the lowest band first.
 *
 * As PyRadiomics has it: an axis of odd length is first lengthened by its own first voxel, then it is periodic; filters are
 * not spread from level to level, each level takes the lowest band of the one before as if it were the image (so that
 * level 2 is not PyWavelets' swt of level 2); nothing is rescaled. Sums are taken in PyWavelets' order, so that the result is
 * equal to its to the bit. Throws `ARGUMENT_INVALID` (region, options) and `IMAGE_NOT_FINITE`.
 */
export function* waveletImages(
  image: Volume,
  region: Box,
  options: WaveletOptions = {},
): Generator<FilteredImage> {
  requireBox(image, region);
  const chosen = complete(options);
  yield* withFilterMemory(region, (memory) =>
    image.voxels instanceof Float32Array
      ? images(image, region, chosen, waveletFilters32(chosen.wavelet), float32, memory)
      : images(image, region, chosen, waveletFilters(chosen.wavelet), float64, memory),
  );
}

function* images<T extends Float32Array | Float64Array>(
  image: Volume,
  region: Box,
  { level, startLevel, axes, reuse }: Required<WaveletOptions>,
  filters: WaveletFilters<T>,
  arithmetic: Arithmetic<T>,
  memory: FilterMemory,
): Generator<FilteredImage> {
  const splitting = splittingBy(filters, axes, arithmetic, memory);
  let signal = imageSignal(image);
  const last = startLevel + level;
  // The box that each level hands on: what the next needs, from the last back to the first.
  const boxes: Box[] = [region];
  for (let n = last; n > 1; n--) boxes.unshift(neededBox(boxes[0], signal.periods, splitting));
  for (let n = 1; n <= last; n++) {
    if (n > startLevel) {
      const prefix = prefixOf(n - startLevel);
      for (const { name, voxels } of allBands(signal, region, splitting)) {
        if (n === last || name.includes('H'))
          yield filteredImage(`${prefix}-${name}`, image, region, reuse ? voxels : voxels.slice());
      }
    }
    if (n < last) signal = lowestBand(signal, boxes[n - 1], splitting);
  }
}

/** The names of `waveletImages`, in PyRadiomics' order: the lowest band last. */
export function waveletImageNames(options: WaveletOptions = {}): string[] {
  const { level, axes } = complete(options);
  const bands = axes.reduce<string[]>((names) => names.flatMap((name) => [`${name}L`, `${name}H`]), ['']);
  const names: string[] = [];
  for (let n = 1; n <= level; n++) {
    const prefix = prefixOf(n);
    names.push(...bands.slice(1).map((band) => `${prefix}-${band}`));
    if (n === level) names.push(`${prefix}-${bands[0]}`);
  }
  return names;
}

function prefixOf(level: number): string {
  return level === 1 ? 'wavelet' : `wavelet${level}`;
}

function complete(options: WaveletOptions): Required<WaveletOptions> {
  const { wavelet = 'coif1', level = 1, startLevel = 0, axes = [0, 1, 2], reuse = false } = options;
  const refuse = (argument: string, value: unknown, must: string): never => {
    throw new Failure('ARGUMENT_INVALID', `${argument} is ${value}, but must be ${must}`, {
      argument,
      value: String(value),
    });
  };
  if (!Number.isInteger(level) || level < 1 || level > mostLevels)
    refuse('level', level, `a whole number from 1 to ${mostLevels}`);
  if (!Number.isInteger(startLevel) || startLevel < 0 || startLevel > mostLevels)
    refuse('startLevel', startLevel, `a whole number from 0 to ${mostLevels}`);
  const ascending = axes.every((axis, n) => [0, 1, 2].includes(axis) && (n === 0 || axis > axes[n - 1]));
  if (axes.length === 0 || !ascending)
    refuse('axes', axes.join(', ') || 'empty', 'some of 0, 1, 2, ascending');
  return { wavelet, level, startLevel, axes, reuse };
}
