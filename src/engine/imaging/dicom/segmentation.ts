import { Failure } from '../../failure.ts';
import { voxelCount } from '../geometry.ts';
import { requireVoxelBytes } from '../stored-data.ts';
import type { ReadOptions, Vector3, Volume } from '../volume.ts';
import {
  corruptElement,
  type DataSet,
  itemsOf,
  requireItems,
  requireNumber,
  requireText,
  shorten,
  text,
} from './data-set.ts';
import { framePlane, plane } from './image-slice.ts';
import { type DicomFile, inFile } from './parse-dicom.ts';
import { type DecodeFrame, frameValues, type PixelFormat, pixelFormat, storedFrames } from './pixel-data.ts';
import type { DicomSeries } from './series.ts';
import { planeTolerance } from './slice-order.ts';

export interface SegmentationFrame {
  readonly segment: number;
  readonly position: Vector3;
  readonly orientation: readonly number[];
  readonly spacing: readonly [number, number];
  /** SOPInstanceUIDs of the images that the frame was made from. */
  readonly images: readonly string[];
}

/** A DICOM segmentation (PS3.3, A.51), its pixels not yet decoded. */
export interface Segmentation {
  readonly file: DicomFile;
  readonly format: PixelFormat;
  readonly type: 'BINARY' | 'FRACTIONAL';
  readonly frameOfReferenceUid: string | null;
  readonly segments: readonly { readonly number: number; readonly label: string }[];
  readonly frames: readonly SegmentationFrame[];
  /** What stands for 1 in a fractional segmentation. */
  readonly maximum: number;
}

/** Reads a SEG file. Throws `FILE_UNSUPPORTED` for another modality or label maps, `FILE_CORRUPT`, each with `details.file`. */
export function readSegmentation(file: DicomFile): Segmentation {
  return inFile(file.name, () => {
    const { dataSet } = file;
    const modality = requireText(dataSet, 'Modality');
    const type = modality === 'SEG' ? requireText(dataSet, 'SegmentationType') : '';
    if (type !== 'BINARY' && type !== 'FRACTIONAL') {
      const what =
        type === '' ? `the modality is ${modality}, not SEG` : `segmentations of type ${type} are not read`;
      throw new Failure('FILE_UNSUPPORTED', what, { modality, type });
    }
    const format = pixelFormat(dataSet);
    if ((format.bitsAllocated === 1) !== (type === 'BINARY') || format.bitsAllocated > 8) {
      corruptElement('BitsAllocated', `is ${format.bitsAllocated} in a segmentation of type ${type}`);
    }
    const groups = requireItems(dataSet, 'PerFrameFunctionalGroupsSequence');
    if (groups.length !== format.frames) {
      corruptElement(
        'PerFrameFunctionalGroupsSequence',
        `has ${groups.length} items for ${format.frames} frames`,
      );
    }
    const segments = requireItems(dataSet, 'SegmentSequence').map((item) => ({
      number: requireNumber(item, 'SegmentNumber'),
      label: text(item, 'SegmentLabel') ?? '',
    }));
    return {
      file,
      format,
      type,
      frameOfReferenceUid: text(dataSet, 'FrameOfReferenceUID'),
      segments,
      frames: groups.map((group) => segmentationFrame(dataSet, group)),
      maximum: type === 'FRACTIONAL' ? requireNumber(dataSet, 'MaximumFractionalValue') : 1,
    };
  });
}

function segmentationFrame(dataSet: DataSet, group: DataSet): SegmentationFrame {
  const [shared] = itemsOf(dataSet, 'SharedFunctionalGroupsSequence');
  const own = itemsOf(group, 'SegmentIdentificationSequence');
  const identified = own.length > 0 || shared === undefined ? group : shared;
  const [identification] = requireItems(identified, 'SegmentIdentificationSequence');
  const { position, orientation, measures } = framePlane(dataSet, group);
  const { stated: _, ...where } = plane(position, orientation, measures);
  const images = itemsOf(group, 'DerivationImageSequence')
    .flatMap((derivation) => itemsOf(derivation, 'SourceImageSequence'))
    .map((source) => requireText(source, 'ReferencedSOPInstanceUID'));
  return { segment: requireNumber(identification, 'ReferencedSegmentNumber'), ...where, images };
}

export interface SegmentMaskOptions extends Pick<ReadOptions, 'maxVoxelBytes'> {
  /** Fractional segmentations: the least fraction that counts as inside, above 0 up to 1. Without it they are refused. */
  readonly threshold?: number;
  readonly decodeFrame?: DecodeFrame;
}

/**
 * The voxels of a segment, by number or label, on the grid of its series: 1 inside, 0 outside. Each frame is laid on the slice
 * at its position; the segmentation's rows and columns must be the image's, or a rectangle of them, of the same directions and
 * spacing. Frames of nothing but zeros may be absent.
 *
 * Throws `MASK_LABEL_ABSENT` (no such segment, or empty), `MASK_REFERENCE_MISMATCH`, `MASK_DIRECTION_MISMATCH`, `MASK_SPACING_MISMATCH`,
 * `MASK_OFF_GRID` (in mm), `FILE_UNSUPPORTED` (fractional without a threshold), `ARGUMENT_INVALID`, and what reading pixels throws.
 */
export function segmentMask(
  series: DicomSeries,
  segmentation: Segmentation,
  segment: string | number,
  options: SegmentMaskOptions = {},
): Volume<Uint8Array> {
  const { file, format, frames } = segmentation;
  return inFile(file.name, () => {
    const number = segmentNumber(segmentation, segment);
    const least = leastInside(segmentation, options.threshold);
    requireReferences(series, segmentation);
    const { size, spacing, origin, direction } = series.volume;
    requireVoxelBytes(voxelCount(series.volume), 1, options);
    const voxels = new Uint8Array(voxelCount(series.volume));
    const stored = storedFrames(file, format);
    const drawn = new Set<number>();
    for (const [n, frame] of frames.entries()) {
      if (frame.segment !== number) continue;
      const [i, j, k] = placeOf(frame, n, series, format);
      if (drawn.has(k)) {
        throw new Failure('FILE_CORRUPT', `segment ${number} has two frames on slice ${k + 1}`, {
          segment: number,
        });
      }
      drawn.add(k);
      const inside =
        format.bitsAllocated === 1
          ? bitReader(stored[0], n * format.rows * format.columns)
          : valueReader(frameValues(stored[n], file, format, options.decodeFrame), least);
      for (let row = 0; row < format.rows; row++) {
        const start = i + size[0] * (j + row + size[1] * k);
        for (let column = 0; column < format.columns; column++) {
          voxels[start + column] = inside(row * format.columns + column);
        }
      }
    }
    if (!voxels.includes(1)) {
      throw new Failure('MASK_LABEL_ABSENT', `segment ${number} is empty`, { segment: number });
    }
    return { size, spacing, origin, direction, voxels };
  });
}

/** Bits of a binary segmentation, the lowest of each byte first (PS3.5, 8.1.1). */
const bitReader = (bytes: Uint8Array, start: number) => (n: number) =>
  (bytes[(start + n) >>> 3] >>> ((start + n) & 7)) & 1;

const valueReader = (values: ArrayLike<number>, least: number) => (n: number) => (values[n] >= least ? 1 : 0);

function segmentNumber({ segments }: Segmentation, segment: string | number): number {
  const found = segments.filter((one) => (typeof segment === 'number' ? one.number : one.label) === segment);
  if (found.length === 1) return found[0].number;
  const labels = segments.map(({ number, label }) => `${number} "${shorten(label)}"`);
  const how = found.length === 0 ? 'no segment' : `${found.length} segments`;
  throw new Failure(
    'MASK_LABEL_ABSENT',
    `there is ${how} ${JSON.stringify(segment)}; there are ${labels.slice(0, 20).join(', ')}`,
    { segment, segments: labels.slice(0, 100) },
  );
}

function leastInside({ type, maximum }: Segmentation, threshold: number | undefined): number {
  if (type === 'BINARY') return 1;
  if (threshold === undefined) {
    throw new Failure('FILE_UNSUPPORTED', 'the segmentation is fractional, and no threshold is given', {
      type,
    });
  }
  if (!(threshold > 0 && threshold <= 1)) {
    throw new Failure('ARGUMENT_INVALID', `the threshold is ${threshold}, not above 0 and up to 1`, {
      field: 'threshold',
      value: String(threshold),
    });
  }
  return threshold * maximum;
}

function requireReferences(series: DicomSeries, { frameOfReferenceUid, frames }: Segmentation): void {
  const expected = series.frameOfReferenceUid;
  if (frameOfReferenceUid !== null && expected !== null && frameOfReferenceUid !== expected) {
    throw new Failure('MASK_REFERENCE_MISMATCH', 'it lies in another frame of reference than the series', {
      found: frameOfReferenceUid,
      expected,
    });
  }
  const known = new Set(series.slices.map(({ sopInstanceUid }) => sopInstanceUid));
  for (const [n, { images }] of frames.entries()) {
    if (images.length === 0 || images.some((uid) => known.has(uid))) continue;
    throw new Failure(
      'MASK_REFERENCE_MISMATCH',
      `frame ${n + 1} was made from an image that is not of the series`,
      {
        frame: n + 1,
        sopInstanceUid: images[0],
      },
    );
  }
}

/** The voxel of the series under the first one of a frame. */
function placeOf(frame: SegmentationFrame, n: number, { volume }: DicomSeries, format: PixelFormat): Vector3 {
  const { size, spacing, origin, direction } = volume;
  const what = `frame ${n + 1}`;
  const cosines = [0, 3, 6, 1, 4, 7].map((at) => direction[at]);
  if (frame.orientation.some((cosine, at) => !(Math.abs(cosine - cosines[at]) <= 1e-3))) {
    throw new Failure('MASK_DIRECTION_MISMATCH', `the axes of ${what} are ${frame.orientation.join(', ')}`, {
      frame: n + 1,
      found: frame.orientation,
      expected: cosines,
    });
  }
  for (const [axis, step] of frame.spacing.entries()) {
    // Over the whole width by no more than half a voxel of rounding.
    if (Math.abs(step / spacing[axis] - 1) * size[axis] <= 0.1) continue;
    throw new Failure(
      'MASK_SPACING_MISMATCH',
      `the spacing of ${what} along ${'xy'[axis]} is ${step} mm, not ${spacing[axis]}`,
      {
        frame: n + 1,
        found: step,
        expected: spacing[axis],
      },
    );
  }
  const extent = [format.columns, format.rows, 1];
  const index = [0, 1, 2].map((axis) => {
    const along = [0, 1, 2].reduce(
      (sum, row) => sum + (frame.position[row] - origin[row]) * direction[3 * row + axis],
      0,
    );
    const nearest = Math.round(along / spacing[axis]);
    const off = along - nearest * spacing[axis];
    const beyond = Math.max(-nearest, nearest + extent[axis] - size[axis], 0) * spacing[axis];
    if (Math.abs(off) > planeTolerance(spacing[axis]) || beyond > 0) {
      const distance = Number(Math.abs(beyond > 0 ? beyond : off).toPrecision(4));
      throw new Failure(
        'MASK_OFF_GRID',
        `${what} lies ${distance} mm ${beyond > 0 ? 'beyond the edge of the image' : "off the image's voxels"} along ${'xyz'[axis]}`,
        {
          frame: n + 1,
          axis: 'xyz'[axis],
          millimetres: distance,
          kind: beyond > 0 ? 'outside' : 'off-slice',
        },
      );
    }
    return nearest;
  });
  return index as unknown as Vector3;
}
