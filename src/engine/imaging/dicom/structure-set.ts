import { Failure } from '../../failure.ts';
import {
  corruptElement,
  type DataSet,
  itemsOf,
  number,
  numbers,
  requireNumber,
  requireText,
  shorten,
  text,
} from './data-set.ts';
import { type DicomFile, inFile } from './parse-dicom.ts';

/** A closed planar contour. */
export interface Contour {
  /** x, y, z of each point in mm. */
  readonly points: Float64Array;
  /** SOPInstanceUIDs of the images that it was drawn on; none where the file does not say. */
  readonly images: readonly string[];
}

export interface StructureSetRoi {
  readonly number: number;
  readonly name: string;
  readonly frameOfReferenceUid: string | null;
  readonly contours: readonly Contour[];
  /** How many contours of other types (points, open lines) it has: they enclose nothing. */
  readonly otherContours: number;
}

/** An RT structure set (DICOM PS3.3, A.19). */
export interface StructureSet {
  readonly fileName: string;
  readonly sopInstanceUid: string;
  readonly rois: readonly StructureSetRoi[];
}

const closed = ['CLOSED_PLANAR', 'CLOSEDPLANAR_XOR'];

/**
 * Reads an RTSTRUCT file: its regions with their closed contours. Throws `FILE_UNSUPPORTED` for another modality, `FILE_CORRUPT`
 * for contours that are none and for regions that share a number, each with `details.file`.
 */
export function readStructureSet(file: DicomFile): StructureSet {
  const { dataSet, name } = file;
  return inFile(name, () => {
    const modality = requireText(dataSet, 'Modality');
    if (modality !== 'RTSTRUCT') {
      throw new Failure('FILE_UNSUPPORTED', `the modality is ${modality}, not RTSTRUCT`, { modality });
    }
    const drawn = new Map<number, readonly DataSet[]>();
    for (const item of itemsOf(dataSet, 'ROIContourSequence')) {
      const of = requireNumber(item, 'ReferencedROINumber');
      if (drawn.has(of)) corruptElement('ROIContourSequence', `has the contours of region ${of} twice`);
      drawn.set(of, itemsOf(item, 'ContourSequence'));
    }
    const numbersSeen = new Set<number>();
    const rois = itemsOf(dataSet, 'StructureSetROISequence').map((item) => {
      const roiNumber = requireNumber(item, 'ROINumber');
      if (numbersSeen.has(roiNumber)) corruptElement('ROINumber', `${roiNumber} is given to two regions`);
      numbersSeen.add(roiNumber);
      const contours = drawn.get(roiNumber) ?? [];
      const closedOnes = contours.filter((contour) =>
        closed.includes(requireText(contour, 'ContourGeometricType')),
      );
      return {
        number: roiNumber,
        name: text(item, 'ROIName') ?? '',
        frameOfReferenceUid: text(item, 'ReferencedFrameOfReferenceUID'),
        contours: closedOnes.map((contour) => readContour(contour)),
        otherContours: contours.length - closedOnes.length,
      };
    });
    return { fileName: name, sopInstanceUid: requireText(dataSet, 'SOPInstanceUID'), rois };
  });
}

function readContour(item: DataSet): Contour {
  const points = Float64Array.from(numbers(item, 'ContourData'));
  if (points.length === 0 || points.length % 3 !== 0) {
    corruptElement('ContourData', `has ${points.length} numbers, not three a point`);
  }
  const stated = number(item, 'NumberOfContourPoints');
  if (stated !== null && stated !== points.length / 3) {
    corruptElement('ContourData', `has ${points.length / 3} points, where ${stated} are announced`);
  }
  const images = itemsOf(item, 'ContourImageSequence').map((image) =>
    requireText(image, 'ReferencedSOPInstanceUID'),
  );
  return { points, images };
}

/** The region of a name (as it is written) or number. Throws `MASK_LABEL_ABSENT`, with the names that there are, or where several have it. */
export function structureSetRoi({ rois, fileName }: StructureSet, roi: string | number): StructureSetRoi {
  const found = rois.filter((one) => (typeof roi === 'number' ? one.number === roi : one.name === roi));
  if (found.length === 1) return found[0];
  const names = rois.map((one) => one.name);
  throw new Failure(
    'MASK_LABEL_ABSENT',
    found.length === 0
      ? `${fileName} has no region ${JSON.stringify(roi)}; it has ${
          names
            .slice(0, 20)
            .map((name) => `"${shorten(name)}"`)
            .join(', ') || 'none'
        }`
      : `${fileName} has ${found.length} regions named ${JSON.stringify(roi)}; ask for one by its number: ${found.map((one) => one.number).join(', ')}`,
    { file: fileName, roi, regions: names.slice(0, 100) },
  );
}
