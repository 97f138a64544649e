import { indexToPoint, type Volume, type VoxelArray } from '../imaging/index.ts';
import type { ExtractionOptions } from './extraction.ts';
import { rangeOf } from './levels.ts';
import { offsets } from './offsets.ts';
import type { ExtractionProfile } from './profile.ts';
import { releaseRoom } from './rank-room.ts';
import { chunksOf, type Region, Stretches } from './region.ts';
import type { Settings } from './settings.ts';
import { zonesOf } from './zones.ts';

export type DiagnosticValue =
  | string
  | number
  | boolean
  | null
  | readonly DiagnosticValue[]
  | { readonly [key: string]: DiagnosticValue };

/** PyRadiomics' additional information by its names (`diagnostics_Image-original_Spacing`, …) and in its order. */
export type Diagnostics = Readonly<Record<string, DiagnosticValue>>;

/** The software, where PyRadiomics names its own version and those of its libraries, which have no part in this. */
export function configurationDiagnostics(
  version: string,
  setting: Settings,
  imageType: ExtractionProfile['imageType'],
) {
  return {
    diagnostics_Versions_PyRadiomics: `Nomograph ${version}`,
    diagnostics_Versions_Numpy: null,
    diagnostics_Versions_SimpleITK: null,
    diagnostics_Versions_PyWavelet: null,
    diagnostics_Versions_Python: null,
    diagnostics_Configuration_Settings: setting as unknown as Diagnostics,
    diagnostics_Configuration_EnabledImageTypes: imageType as unknown as Diagnostics,
  };
}

/** An image: spacing and size, mean and range over all of it; as read also the SHA-1 of its voxels' bytes. */
export function imageDiagnostics(
  image: Volume,
  sha1: ExtractionOptions['sha1'],
  stage: 'original' | 'interpolated' = 'original',
): Diagnostics {
  const prefix = `diagnostics_Image-${stage}_`;
  const range: SumAndRange = { sum: 0, minimum: Infinity, maximum: -Infinity };
  for (const { chunk } of chunksOf(image.voxels, 0, image.voxels.length)) addChunk(range, chunk);
  const asRead = {
    [`${prefix}Hash`]: sha1?.(bytesOf(image.voxels)) ?? null,
    [`${prefix}Dimensionality`]: '3D',
  };
  return {
    ...(stage === 'original' ? asRead : {}),
    [`${prefix}Spacing`]: image.spacing,
    [`${prefix}Size`]: image.size,
    [`${prefix}Mean`]: range.sum / image.voxels.length,
    [`${prefix}Minimum`]: range.minimum,
    [`${prefix}Maximum`]: range.maximum,
  };
}

interface SumAndRange {
  sum: number;
  minimum: number;
  maximum: number;
}

function addChunk(range: SumAndRange, chunk: Float64Array): void {
  let { minimum, maximum } = range;
  let sum = 0;
  for (let i = 0; i < chunk.length; i++) {
    const value = chunk[i];
    sum += value;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  range.sum += sum;
  range.minimum = minimum;
  range.maximum = maximum;
}

/** SHA-1 of the mask, whose voxels PyRadiomics makes 32-bit unsigned first. */
export function maskHash(mask: Volume, sha1: ExtractionOptions['sha1']): Diagnostics {
  const chunks = function* () {
    const length = 1 << 18;
    for (let start = 0; start < mask.voxels.length; start += length) {
      yield* bytesOf(new Uint32Array(mask.voxels.subarray(start, start + length)));
    }
  };
  return { 'diagnostics_Mask-original_Hash': sha1?.(chunks()) ?? null };
}

/** A region by PyRadiomics' names; with `values`, their mean and range. The box is (x, y, z, width, height, depth). */
export function regionDiagnostics(
  stage: 'original' | 'interpolated' | 'corrected' | 'resegmented',
  mask: Volume,
  region: Region,
  values?: Float64Array,
): Diagnostics {
  const prefix = `diagnostics_Mask-${stage}_`;
  const centre = centreOf(region);
  const statistics: Record<string, DiagnosticValue> = {};
  if (values !== undefined) {
    const [minimum, maximum] = rangeOf(values);
    let sum = 0;
    for (let n = 0; n < values.length; n++) sum += values[n];
    statistics[`${prefix}Mean`] = sum / values.length;
    statistics[`${prefix}Minimum`] = minimum;
    statistics[`${prefix}Maximum`] = maximum;
  }
  return {
    [`${prefix}Spacing`]: mask.spacing,
    [`${prefix}Size`]: mask.size,
    [`${prefix}BoundingBox`]: [...region.lower, ...region.size],
    [`${prefix}VoxelNum`]: region.voxels.length,
    [`${prefix}VolumeNum`]: countVolumes(region),
    [`${prefix}CenterOfMassIndex`]: centre,
    [`${prefix}CenterOfMass`]: indexToPoint(mask, centre),
    ...statistics,
  };
}

/** The number of 26-connected parts. */
function countVolumes(region: Region): number {
  const connected = zonesOf({ region, ranks: new Uint16Array(region.mask) }, offsets([2, 2, 2], [1], null));
  releaseRoom(region);
  return connected.sizes.length;
}

/** The mean index of the region's voxels in the image. */
function centreOf({ voxels, lower, margin, row, plane }: Region): [number, number, number] {
  let [x, y, z] = [0, 0, 0];
  for (const at = new Stretches(voxels, row, plane); at.next(); ) {
    const length = at.to - at.from;
    x += length * (at.x - margin) + (length * (length - 1)) / 2;
    y += length * (at.y - margin);
    z += length * (at.z - margin);
  }
  const count = voxels.length;
  return [lower[0] + x / count, lower[1] + y / count, lower[2] + z / count];
}

/** A typed array's bytes, little-endian on every machine that Node runs on, a mebibyte at a time. */
function* bytesOf(voxels: VoxelArray): Iterable<Uint8Array> {
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  for (let start = 0; start < bytes.length; start += 1 << 20) {
    yield bytes.subarray(start, start + (1 << 20));
  }
}
