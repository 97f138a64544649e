import { Failure } from '../../failure.ts';
import type { Warning } from '../../warning.ts';
import { requireVoxelBytes } from '../stored-data.ts';
import type { ReadOptions, Volume, VoxelArray } from '../volume.ts';
import { corruptElement, requireText, text } from './data-set.ts';
import { type ImageSlice, imageSlices } from './image-slice.ts';
import { type DicomFile, inFile } from './parse-dicom.ts';
import { type DecodeFrame, frameValues, pixelFormat, storedFrames } from './pixel-data.ts';
import { orderSlices } from './slice-order.ts';
import { suvFactor } from './standardized-uptake.ts';
import { requireDecodable } from './transfer-syntax.ts';

const modalities = ['CT', 'MR', 'PT'];

export interface ReadSeriesOptions extends Pick<ReadOptions, 'maxVoxelBytes'> {
  /** Decodes compressed frames; without it only uncompressed and RLE images are read. */
  readonly decodeFrame?: DecodeFrame;
  /** What the voxels of a PET series become: standardized uptake by body weight, or what is stored after rescaling. Default `SUVbw`. */
  readonly petValues?: 'SUVbw' | 'stored';
}

/** Where a slice of the volume comes from. */
export interface SeriesSlice {
  readonly fileName: string;
  readonly sopInstanceUid: string;
  /** The frame of a multi-frame instance, counted from 0. */
  readonly frame: number;
}

/** A series as one volume; `slices[k]` is where the plane k comes from. */
export interface DicomSeries {
  readonly volume: Volume;
  readonly modality: 'CT' | 'MR' | 'PT';
  readonly seriesInstanceUid: string;
  readonly frameOfReferenceUid: string | null;
  /** What the voxels are: `HU`, `SUVbw`, or what the file calls the unit; null where it says none. */
  readonly unit: string | null;
  readonly slices: readonly SeriesSlice[];
  readonly warnings: readonly Warning[];
}

/**
 * Assembles a CT, MR or PET series, of single-frame or enhanced multi-frame instances in any order, into one volume.
 *
 * Slices are ordered and checked as by `orderSlices`. Voxels are slope · stored + intercept of each slice's own RescaleSlope and
 * RescaleIntercept, in the smallest type that GDCM, and so SimpleITK, would choose from the bits stored: an integer type
 * where all slopes and intercepts are whole numbers, else float64. PET: see `suvFactor`. MONOCHROME1 is about display, the
 * values stay as they are.
 *
 * Throws `SERIES_MIXED`, `SERIES_UNEVEN`, `SUV_UNDEFINED`, `IMAGE_GEOMETRY_INVALID`, `FILE_CORRUPT`, `FILE_TRUNCATED`,
 * `FILE_TOO_LARGE`, `FILE_UNSUPPORTED`, most with `details.file`. Warns `IMAGE_LOSSY` where the images were once compressed with loss.
 *
 * DICOM PS3.3 C.7.6.2 (image plane), C.7.6.16 (multi-frame functional groups), C.11.1 (modality LUT).
 */
export function readSeries(files: readonly DicomFile[], options: ReadSeriesOptions = {}): DicomSeries {
  if (files.length === 0)
    throw new Failure('ARGUMENT_INVALID', 'the series has no files', { field: 'files' });
  let count = 0;
  const found = files.flatMap((file) =>
    inFile(file.name, () => {
      requireModality(file);
      requireDecodable(file.transferSyntax);
      const format = pixelFormat(file.dataSet);
      if (format.bitsAllocated === 1) corruptElement('BitsAllocated', 'is 1 in an image');
      count += format.rows * format.columns * format.frames;
      // Eight bytes, as float64 is the widest that the voxels may become.
      requireVoxelBytes(count, format.bitsAllocated / 8, options);
      return imageSlices(file, format);
    }),
  );
  const { slices, geometry } = orderSlices(found);
  const [{ file }] = slices;
  const modality = requireText(file.dataSet, 'Modality') as DicomSeries['modality'];
  const isSuv = modality === 'PT' && options.petValues !== 'stored';
  const factor = isSuv ? inFile(file.name, () => suvFactor(slices.map((slice) => slice.file.dataSet))) : 1;
  const voxels = makeVoxels(slices, isSuv, options);
  fillVoxels(voxels, slices, factor, options.decodeFrame);
  return {
    volume: { ...geometry, voxels },
    modality,
    seriesInstanceUid: requireText(file.dataSet, 'SeriesInstanceUID'),
    frameOfReferenceUid: text(file.dataSet, 'FrameOfReferenceUID'),
    unit: unitOf(file, isSuv),
    slices: slices.map(({ file: { name }, sopInstanceUid, frame }) => ({
      fileName: name,
      sopInstanceUid,
      frame,
    })),
    warnings: lossWarnings(files),
  };
}

function requireModality({ dataSet }: DicomFile): void {
  const modality = requireText(dataSet, 'Modality');
  if (modalities.includes(modality)) return;
  throw new Failure('FILE_UNSUPPORTED', `the modality ${modality} is no image series of CT, MR or PT`, {
    modality,
  });
}

/** The voxels' array, zeroed, of the type that holds every value the slices could have. */
function makeVoxels(slices: readonly ImageSlice[], isSuv: boolean, options: ReadSeriesOptions): VoxelArray {
  const { rows, columns } = slices[0].format;
  const length = rows * columns * slices.length;
  for (const slice of slices) inFile(slice.file.name, () => requireFiniteEnds(slice));
  const type = isSuv ? Float64Array : voxelType(slices);
  requireVoxelBytes(length, type.BYTES_PER_ELEMENT, options);
  return new type(length);
}

/** GDCM's choice (gdcm::Rescaler::ComputeInterceptSlopePixelType), over all slices. */
function voxelType(slices: readonly ImageSlice[]) {
  let [low, high] = [0, 0];
  for (const slice of slices) {
    const { slope, intercept } = slice;
    const ends = endsOf(slice);
    if (!Number.isInteger(slope) || !Number.isInteger(intercept)) return Float64Array;
    low = Math.min(low, ...ends);
    high = Math.max(high, ...ends);
  }
  const unsigned = [Uint8Array, Uint16Array, Uint32Array] as const;
  const signed = [Int8Array, Int16Array, Int32Array] as const;
  const types = low >= 0 ? unsigned : signed;
  const fits = types.find(({ BYTES_PER_ELEMENT: width }) => {
    const limit = 2 ** (8 * width);
    return low >= 0 ? high < limit : low >= -limit / 2 && high < limit / 2;
  });
  return fits ?? Float64Array;
}

/** The values of the lowest and the highest bits that a slice may store. */
function endsOf({ format, slope, intercept }: ImageSlice): number[] {
  const { bitsAllocated, bitsStored, signed } = format;
  // Unscaled voxels keep the type they are stored in, whatever of it is used.
  const bits = slope === 1 && intercept === 0 ? bitsAllocated : bitsStored;
  const ends = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  return ends.map((value) => slope * value + intercept);
}

function requireFiniteEnds(slice: ImageSlice): void {
  if (!endsOf(slice).every(Number.isFinite)) corruptElement('RescaleSlope', `is ${slice.slope}`);
}

function fillVoxels(
  voxels: VoxelArray,
  slices: readonly ImageSlice[],
  factor: number,
  decodeFrame: DecodeFrame | undefined,
): void {
  const frames = new Map<DicomFile, Uint8Array[]>();
  for (const [k, { file, format, frame, slope, intercept }] of slices.entries()) {
    inFile(file.name, () => {
      const stored = frames.get(file) ?? storedFrames(file, format);
      frames.set(file, stored);
      const values = frameValues(stored[frame], file, format, decodeFrame);
      rescale(values, slope, intercept, factor, voxels, k * format.rows * format.columns);
    });
  }
}

function rescale(
  values: VoxelArray,
  slope: number,
  intercept: number,
  factor: number,
  voxels: VoxelArray,
  start: number,
): void {
  for (let n = 0; n < values.length; n++) voxels[start + n] = (slope * values[n] + intercept) * factor;
}

function unitOf({ dataSet }: DicomFile, isSuv: boolean): string | null {
  if (isSuv) return 'SUVbw';
  const named = text(dataSet, 'Units') ?? text(dataSet, 'RescaleType');
  return named ?? (requireText(dataSet, 'Modality') === 'CT' ? 'HU' : null);
}

function lossWarnings(files: readonly DicomFile[]): Warning[] {
  const lossy = files.find(({ dataSet }) => text(dataSet, 'LossyImageCompression') === '01');
  if (lossy === undefined) return [];
  const ratio = text(lossy.dataSet, 'LossyImageCompressionRatio');
  const by = ratio === null ? '' : `, by ${ratio} to 1`;
  return [
    {
      code: 'IMAGE_LOSSY',
      message: `${lossy.name} was compressed with loss${by}: textures may not be the scan's`,
    },
  ];
}
