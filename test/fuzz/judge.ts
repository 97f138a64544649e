import { expectedContours } from './expected-contours.ts';
import { expectedSegments } from './expected-segments.ts';
import { expectedSlice } from './expected-slice.ts';
import { expectedVolume } from './expected-volume.ts';
import type { FuzzCase } from './fuzz-case.ts';
import type { FoundVolume, ReadReport } from './reader.ts';
import { limits } from './reader-process.ts';
import { grids, type SeriesName, soundSeries } from './seed-series.ts';

const near = (one: readonly number[], other: readonly number[]) =>
  one.every((value, n) => Math.abs(value - other[n]) <= 1e-6 * Math.abs(other[n]));

/** What is wrong with how a mutated file was read; nothing where it was read right or refused by a code. */
export function judge(file: FuzzCase, result: ReadReport | 'CRASH' | 'HANG'): string[] {
  if (typeof result === 'string') return [result];
  const complaints = [...result.complaints];
  if (result.peakBytes > limits.bytes)
    complaints.push(`the process took ${(result.peakBytes / 2 ** 20).toFixed()} MiB`);
  if (result.reading === 'ok' && result.volume)
    complaints.push(...judgeVolume(file, result.volume), ...judgeSlices(file, result.volume));
  return [...complaints, ...judgeRegions(file, result.regions)];
}

/** Whether a file that was accepted could be held against a reading of its own; null where it was refused. */
export function isCompared(file: FuzzCase, { reading, regions, volume }: ReadReport): boolean | null {
  const { role, series, bytes } = file;
  const accepted = Object.keys(regions).filter((number) => /^[01]/.test(regions[Number(number)]));
  if (accepted.length === 0 && (reading !== 'ok' || volume === null)) return null;
  if (role === 'slice') return expectedSlice(bytes, soundSeries[series]) !== null;
  if (role !== 'contours' && role !== 'segments') return role === 'archive' || volume?.checksum !== '';
  return accepted.every((number) => expectations[role](bytes, Number(number), series) !== null);
}

const expectations = { contours: expectedContours, segments: expectedSegments } as const;

/** The sound slices must be in the series as they are, and the mutated one as it says. */
function judgeSlices({ role, series, name, bytes }: FuzzCase, found: FoundVolume): string[] {
  const sound = Object.fromEntries(soundSeries[series].map((file, k) => [`${k}.dcm`, file]));
  const order = Object.keys(found.slices).filter((file) => file in sound);
  const isWhole = role !== 'slice' || `${order}` === `${Object.keys(sound)}`;
  const contents = Object.fromEntries(
    Object.keys(found.slices).map((file) => [file, file === name ? bytes : sound[file]]),
  );
  const wrong = Object.entries(contents).filter(([file, content]) => {
    const others = Object.values(contents).filter((other) => other !== content);
    const expected = content && expectedSlice(content, others);
    if (!expected) return false;
    // The half-lives that passed are known as precisely as the seconds of some decades.
    return expected === 'refusal' || !isSame(found.slices[file], expected, series === 'PET' ? 1e-10 : 0);
  });
  // Positions may be rounded, the rest not.
  const steps =
    role !== 'slice' || [0, 1, 2].every((axis) => Math.abs(found.spacing[axis] - [2, 1.5, 3][axis]) <= 0.06);
  return [
    ...(steps ? [] : [`the spacing of the series is ${found.spacing}`]),
    ...(isWhole ? [] : [`the sound slices are there as ${order}`]),
    ...wrong.map(([file]) => `the voxels of ${file} are not those of the file`),
  ];
}

function isSame(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): boolean {
  if (found.length !== expected.length) return false;
  for (let n = 0; n < found.length; n++)
    if (!(Math.abs(found[n] - expected[n]) <= tolerance * Math.abs(expected[n]))) return false;
  return true;
}

/** Every region that was accepted must be the one that the file describes. */
function judgeRegions({ role, series, bytes }: FuzzCase, regions: ReadReport['regions']): string[] {
  if (role !== 'contours' && role !== 'segments') return [];
  return Object.entries(regions)
    .filter(([, mask]) => /^[01]/.test(mask))
    .flatMap(([number, mask]) => {
      const expected = expectations[role](bytes, Number(number), series);
      if (expected === 'refusal') return [`region ${number} is accepted against the documentation`];
      if (expected === null) return [];
      const wrong = [...expected].findIndex((voxel, n) => voxel !== '?' && voxel !== mask[n]);
      const isSame = mask.length === expected.length && wrong < 0;
      return isSame ? [] : [`region ${number} is wrong at voxel ${wrong}: ${mask}, not ${expected}`];
    });
}

function judgeVolume({ role, series, bytes }: FuzzCase, found: FoundVolume): string[] {
  if (!found.spacing.every((step) => step > 0 && Number.isFinite(step)))
    return [`the spacing is ${found.spacing}`];
  const d = found.direction;
  const product = (a: number, b: number) => d[a] * d[b] + d[a + 3] * d[b + 3] + d[a + 6] * d[b + 6];
  for (const [a, b] of [
    [0, 1],
    [0, 2],
    [1, 2],
    [0, 0],
    [1, 1],
    [2, 2],
  ])
    if (!(Math.abs(product(a, b) - (a === b ? 1 : 0)) <= 2e-4)) return [`the direction is ${d}`];
  if (role === 'contours' || role === 'segments') return judgeGrid(series, found);
  if ((role !== 'image' && role !== 'mask') || found.checksum === '') return [];
  const expected = expectedVolume(bytes);
  if (expected === null) return ['a volume was read of data that are not as the header announces'];
  const complaints: string[] = [];
  if (`${found.size}` !== `${expected.size}`)
    complaints.push(`the size is ${found.size}, not ${expected.size}`);
  if (!near(found.spacing, expected.spacing))
    complaints.push(`the spacing is ${found.spacing}, not ${expected.spacing}`);
  if (!expected.origins.some((origin) => near(found.origin, origin)))
    complaints.push(`the origin is ${found.origin}, none of ${expected.origins.join(' or ')}`);
  if (found.checksum !== expected.checksum) complaints.push('the voxels are not those of the file');
  return complaints;
}

/** A mask lies on the grid of its series. */
function judgeGrid(series: SeriesName, found: FoundVolume): string[] {
  const { size, spacing, origin, axes } = grids[series];
  const direction = [0, 1, 2].flatMap((row) => axes.map((axis) => axis[row]));
  const isSame =
    `${found.size}` === `${size}` &&
    near(found.spacing, spacing) &&
    near(found.origin, origin) &&
    found.direction.every((cosine, n) => Math.abs(cosine - direction[n]) <= 1e-9);
  return isSame
    ? []
    : [`the grid is ${JSON.stringify([found.size, found.spacing, found.origin, found.direction])}`];
}
