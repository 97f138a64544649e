/**
 * The child process that reads what the fuzzer made, by what the commands read it by, so that a crash or an endless loop is its alone. Takes
 * `ReadTask`s as messages and answers each with a `ReadReport`.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { Failure, failures } from '../../src/engine/failure.ts';
import { type Volume, type VoxelArray, voxelCount } from '../../src/engine/imaging/index.ts';
import {
  type ExtractionProfile,
  extractFeatures,
  parseProfile,
  profiles,
} from '../../src/engine/radiomics/index.ts';
import { readDicomFiles, readDicomSeries } from '../../src/store/dicom-files.ts';
import { createFrameDecoder } from '../../src/store/frame-decoder.ts';
import { readImageFile } from '../../src/store/image-file.ts';
import { checksum } from './expected-volume.ts';
import type { Role } from './fuzz-case.ts';
import { readRegions } from './read-regions.ts';

/** A reader that is wrong on purpose, to see that the fuzzer sees it. */
export type Defect =
  | 'crash'
  | 'endless loop'
  | 'exception'
  | 'voxels'
  | 'size'
  | 'spacing'
  | 'bare NaN'
  | 'INTERNAL';

export interface ReadTask {
  readonly role: Role;
  readonly path: string;
  /** The sound other file of a pair, or the folder of the series. */
  readonly partner: string;
  readonly filtered: boolean;
  readonly defect?: Defect;
}

export interface FoundVolume {
  readonly size: readonly number[];
  readonly spacing: readonly number[];
  readonly origin: readonly number[];
  readonly direction: readonly number[];
  readonly isFinite: boolean;
  readonly checksum: string;
  /** The voxels of each slice of a series, by the name of its file, but for big ones. */
  readonly slices: Readonly<Record<string, VoxelArray>>;
}

export interface ReadReport {
  /** `ok`, or the failure's code, of reading the file. */
  readonly reading: string;
  /** Of extracting features with what was read. */
  readonly extraction: string | null;
  readonly volume: FoundVolume | null;
  /** Of RTSTRUCT and SEG: the mask of each region by its number, a letter `0` or `1` a voxel, or the failure's code. */
  readonly regions: Readonly<Record<number, string>>;
  /** What is wrong whatever the file. */
  readonly complaints: readonly string[];
  readonly milliseconds: number;
  readonly peakBytes: number;
}

const plain = profiles['pyradiomics-default'];
const filtered = parseProfile(
  {
    imageType: { Original: {}, Wavelet: {}, LoG: { sigma: [3] }, Exponential: {}, SquareRoot: {} },
    featureClass: { firstorder: [], glcm: [], glszm: [] },
  },
  'fuzz',
);

/** The most voxels of which features are asked: more would take its time without being any different. */
const mostVoxels = 2e6;
const { decodeFrame } = createFrameDecoder();

async function work(task: ReadTask): Promise<ReadReport> {
  const started = performance.now();
  const complaints: string[] = [];
  let volume: Volume | null = null;
  let slices: FoundVolume['slices'] = {};
  let regions: ReadReport['regions'] = {};
  const profile = task.filtered ? filtered : plain;
  const reading = await outcome(complaints, async () => {
    const made = await read(task);
    spoil(task.defect);
    regions = lettersOf(made.regions, task.defect);
    if (made.volume instanceof Failure) throw made.volume;
    volume = spoilt(made.volume, task.defect);
    slices = slicesOf(volume, made.fileNames);
  });
  const found = volume as Volume | null;
  let extraction: string | null = null;
  if (found !== null && reading === 'ok') {
    const pair = await pairOf(task, found);
    extraction = await outcome(complaints, () =>
      extract(pair.image, pair.mask, profile, complaints, task.defect),
    );
    // A header that was changed seldom fits its mask: one that does fit lets the features be seen.
    if (/^MASK_|^ROI_/.test(extraction) && task.role !== 'mask' && voxelCount(found) <= mostVoxels)
      extraction = await outcome(complaints, () =>
        extract(found, fitted(found), profile, complaints, task.defect),
      );
  }
  return {
    reading,
    extraction,
    volume: found && {
      size: found.size,
      spacing: found.spacing,
      origin: found.origin,
      direction: found.direction,
      isFinite: found.voxels.every(Number.isFinite),
      checksum: voxelCount(found) <= mostVoxels ? checksum(found.voxels) : '',
      slices,
    },
    regions,
    complaints,
    milliseconds: performance.now() - started,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

interface Made {
  /** Of regions, the first. */
  readonly volume: Volume | Failure;
  /** The files of a series, slice by slice. */
  readonly fileNames: readonly string[];
  readonly regions: ReadonlyMap<number, Volume | Failure>;
}

async function read({ role, path, partner }: ReadTask): Promise<Made> {
  const none = { fileNames: [], regions: new Map() };
  if (role === 'image' || role === 'mask') return { ...none, volume: (await readImageFile(path)).volume };
  if (role === 'slice' || role === 'archive') {
    const paths = role === 'slice' ? [partner, path] : [path];
    const { series } = await readDicomSeries(paths, { decodeFrame });
    const fileNames = series.slices.map(({ fileName }) => basename(fileName));
    return { ...none, volume: series.volume, fileNames };
  }
  const [{ series }, { files }] = await Promise.all([readDicomSeries([partner]), readDicomFiles([path])]);
  const regions = readRegions(role, series, files[0], decodeFrame);
  return { ...none, volume: regions.get(1)!, regions };
}

function slicesOf({ size, voxels }: Volume, fileNames: readonly string[]): FoundVolume['slices'] {
  const plane = size[0] * size[1];
  if (plane > 4096) return {};
  return Object.fromEntries(fileNames.map((name, k) => [name, voxels.slice(k * plane, (k + 1) * plane)]));
}

function lettersOf(regions: Made['regions'], defect: Defect | undefined): ReadReport['regions'] {
  const letters = (mask: Volume | Failure) =>
    mask instanceof Failure ? mask.code : spoilt(mask, defect).voxels.join('');
  return Object.fromEntries([...regions].map(([number, mask]) => [number, letters(mask)]));
}

async function pairOf({ role, partner }: ReadTask, found: Volume): Promise<{ image: Volume; mask: Volume }> {
  if (role === 'image') return { image: found, mask: (await readImageFile(partner)).volume };
  if (role === 'mask') return { image: (await readImageFile(partner)).volume, mask: found };
  if (role === 'slice' || role === 'archive') return { image: found, mask: fitted(found) };
  return { image: (await readDicomSeries([partner])).series.volume, mask: found };
}

/** A mask on the grid of an image, 1 but for the edges of axes that are long enough to have a middle. */
function fitted({ size, spacing, origin, direction }: Volume): Volume {
  const voxels = new Uint8Array(size[0] * size[1] * size[2]);
  const isInside = (index: number, length: number) => length < 4 || (index > 0 && index < length - 1);
  for (let n = 0; n < voxels.length; n++) {
    const index = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))];
    voxels[n] = index.every((i, axis) => isInside(i, size[axis])) ? 1 : 0;
  }
  return { size, spacing, origin, direction, voxels };
}

function extract(
  image: Volume,
  mask: Volume,
  profile: ExtractionProfile,
  complaints: string[],
  defect?: Defect,
): void {
  const steps = extractFeatures(image, mask, profile, {
    sha1: (chunks) => {
      const hash = createHash('sha1');
      for (const chunk of chunks) hash.update(chunk);
      return hash.digest('hex');
    },
  });
  let step = steps.next();
  while (!step.done) step = steps.next();
  const { names, values, warnings } = step.value;
  if (defect === 'bare NaN') values[3] = Number.NaN;
  const undefinedOnes = new Set(
    warnings.filter(({ code }) => code === 'FEATURE_UNDEFINED').map(({ subject }) => subject),
  );
  for (const [n, name] of names.entries()) {
    if (Number.isFinite(values[n]) || (Number.isNaN(values[n]) && undefinedOnes.has(name))) continue;
    complaints.push(`${name} is ${values[n]} without a warning`);
  }
}

/** The code of the failure that `task` ends in; an exception of another kind is complained of. */
async function outcome(complaints: string[], task: () => unknown): Promise<string> {
  try {
    await task();
    return 'ok';
  } catch (error) {
    if (error instanceof Failure) {
      if (error.code === 'INTERNAL' || !(error.code in failures))
        complaints.push(`refused by ${error.code}: ${error.message}`);
      if (error.message.length > 2000) complaints.push(`a message of ${error.message.length} characters`);
      return error.code;
    }
    complaints.push(`an exception: ${error instanceof Error ? error.stack : error}`);
    return 'EXCEPTION';
  }
}

function spoil(defect: Defect | undefined): void {
  if (defect === 'crash') process.kill(process.pid, 'SIGKILL');
  if (defect === 'exception') throw new RangeError('Offset is outside the bounds of the DataView');
  if (defect === 'INTERNAL') throw new Failure('INTERNAL', 'a defect');
  while (defect === 'endless loop');
}

function spoilt(volume: Volume, defect: Defect | undefined): Volume {
  const { size, spacing } = volume;
  if (defect === 'voxels') return { ...volume, voxels: volume.voxels.toReversed() };
  if (defect === 'size') return { ...volume, size: [size[1], size[0], size[2]] };
  if (defect === 'spacing') return { ...volume, spacing: [spacing[0], spacing[1], spacing[2] * 1.001] };
  return volume;
}

process.on('message', (task: ReadTask) => {
  work(task).then(
    (report) => process.send?.(report),
    (error) => {
      throw error;
    },
  );
});
process.send?.('ready');
