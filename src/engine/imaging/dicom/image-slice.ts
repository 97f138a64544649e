import { Failure } from '../../failure.ts';
import type { Vector3 } from '../volume.ts';
import {
  corruptElement,
  type DataSet,
  findElement,
  itemsOf,
  number,
  numbers,
  requireItems,
  requireNumbers,
  requireText,
  text,
} from './data-set.ts';
import type { DicomFile } from './parse-dicom.ts';
import type { PixelFormat } from './pixel-data.ts';

/** One plane of a series: an instance, or a frame of one. */
export interface ImageSlice {
  readonly file: DicomFile;
  /** Counted from 0. */
  readonly frame: number;
  readonly sopInstanceUid: string;
  readonly format: PixelFormat;
  /** The centre of the first voxel in mm. */
  readonly position: Vector3;
  /** The directions of rows and columns. */
  readonly orientation: readonly number[];
  /** The distance of columns, then that of rows, in mm. */
  readonly spacing: readonly [x: number, y: number];
  /** The distance of slices as the file states it, or null. */
  readonly stated: number | null;
  readonly slope: number;
  readonly intercept: number;
}

/**
 * The planes of an image: one, or in an enhanced image one a frame, with what its functional groups say (DICOM PS3.3, C.7.6.2
 * and C.7.6.16). Throws `FILE_CORRUPT`, and `FILE_UNSUPPORTED` for a modality look-up table and for frames without functional groups.
 */
export function imageSlices(file: DicomFile, format: PixelFormat): ImageSlice[] {
  const { dataSet } = file;
  if (itemsOf(dataSet, 'ModalityLUTSequence').length > 0) {
    throw new Failure(
      'FILE_UNSUPPORTED',
      'the image has a look-up table of its values (ModalityLUTSequence)',
    );
  }
  const sopInstanceUid = requireText(dataSet, 'SOPInstanceUID');
  const common = { file, sopInstanceUid, format };
  const perFrame = itemsOf(dataSet, 'PerFrameFunctionalGroupsSequence');
  if (perFrame.length === 0) {
    if (format.frames > 1) {
      throw new Failure(
        'FILE_UNSUPPORTED',
        `the image has ${format.frames} frames that say not where they lie`,
        {
          frames: format.frames,
        },
      );
    }
    return [{ ...common, frame: 0, ...plane(dataSet, dataSet, dataSet), ...rescaling(dataSet) }];
  }
  if (perFrame.length !== format.frames) {
    corruptElement(
      'PerFrameFunctionalGroupsSequence',
      `has ${perFrame.length} items for ${format.frames} frames`,
    );
  }
  return perFrame.map((group, frame) => {
    const { position, orientation, measures } = framePlane(dataSet, group);
    const transformation = functionalGroup(dataSet, group, 'PixelValueTransformationSequence');
    return {
      ...common,
      frame,
      ...plane(position, orientation, measures),
      ...rescaling(transformation ?? dataSet),
    };
  });
}

type GroupKeyword =
  | 'PlanePositionSequence'
  | 'PlaneOrientationSequence'
  | 'PixelMeasuresSequence'
  | 'PixelValueTransformationSequence';

/** The item of a functional group, the frame's own or the one that all share; null where there is none. */
function functionalGroup(dataSet: DataSet, frame: DataSet, keyword: GroupKeyword): DataSet | null {
  const [own] = itemsOf(frame, keyword);
  if (own !== undefined) return own;
  const [shared] = itemsOf(dataSet, 'SharedFunctionalGroupsSequence');
  return shared === undefined ? null : (itemsOf(shared, keyword)[0] ?? null);
}

/** The functional groups that say where a frame lies. Throws `FILE_CORRUPT` where one is missing. */
export function framePlane(dataSet: DataSet, frame: DataSet) {
  const group = (keyword: GroupKeyword) =>
    functionalGroup(dataSet, frame, keyword) ?? requireItems(frame, keyword)[0];
  return {
    position: group('PlanePositionSequence'),
    orientation: group('PlaneOrientationSequence'),
    measures: group('PixelMeasuresSequence'),
  };
}

/** Where a plane lies, from the data sets that hold its position, orientation and measures. */
export function plane(
  position: DataSet,
  orientation: DataSet,
  measures: DataSet,
): Pick<ImageSlice, 'position' | 'orientation' | 'spacing' | 'stated'> {
  const [betweenRows, betweenColumns] = requireNumbers(measures, 'PixelSpacing', 2);
  return {
    position: requireNumbers(position, 'ImagePositionPatient', 3) as unknown as Vector3,
    orientation: requireNumbers(orientation, 'ImageOrientationPatient', 6),
    spacing: [betweenColumns, betweenRows],
    stated: number(measures, 'SpacingBetweenSlices') ?? number(measures, 'SliceThickness'),
  };
}

function rescaling(dataSet: DataSet): { slope: number; intercept: number } {
  const slope =
    findElement(dataSet, 'RescaleSlope') === null ? 1 : requireNumbers(dataSet, 'RescaleSlope', 1)[0];
  const intercept = numbers(dataSet, 'RescaleIntercept')[0] ?? 0;
  if (slope === 0) corruptElement('RescaleSlope', 'is 0');
  return { slope, intercept };
}

/** What a slice says that must be the same all through its series. */
export function seriesKey({ file: { dataSet }, format }: ImageSlice): Readonly<Record<string, string>> {
  return {
    SeriesInstanceUID: requireText(dataSet, 'SeriesInstanceUID'),
    Modality: requireText(dataSet, 'Modality'),
    FrameOfReferenceUID: text(dataSet, 'FrameOfReferenceUID') ?? '',
    Rows: String(format.rows),
    Columns: String(format.columns),
    PhotometricInterpretation: text(dataSet, 'PhotometricInterpretation') ?? '',
    RescaleType: text(dataSet, 'RescaleType') ?? '',
    Units: text(dataSet, 'Units') ?? '',
  };
}
