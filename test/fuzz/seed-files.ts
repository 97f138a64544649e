import { gzipSync } from 'node:zlib';
import { type Volume, writeNifti } from '../../src/engine/imaging/index.ts';
import { random } from '../../src/engine/statistics/random.ts';
import { type DicomFields, dicomBytes } from '../support/dicom-bytes.ts';
import { niftiBytes } from '../support/nifti-bytes.ts';
import { zipBytes } from './zip-bytes.ts';

export type Format = 'NIfTI-1' | 'NIfTI-2' | 'NIfTI gzip' | 'NRRD' | 'NRRD gzip' | DicomFormat;
export type DicomFormat = 'CT' | 'RTSTRUCT' | 'SEG' | 'ZIP of CT';

export const formats: readonly Format[] = [
  ...(['NIfTI-1', 'NIfTI gzip', 'NRRD', 'NIfTI-2', 'NRRD gzip'] as const),
  ...(['CT', 'RTSTRUCT', 'SEG', 'ZIP of CT'] as const),
];

const size = [8, 7, 6] as const;
const count = size[0] * size[1] * size[2];
const spacing = [1.5, 2, 3.25] as const;
const types = {
  short: Int16Array,
  uchar: Uint8Array,
  float: Float32Array,
  double: Float64Array,
  int: Int32Array,
};
type NrrdType = keyof typeof types;

const grid = { size, spacing, origin: [-10, 20.5, 4], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;

/** The voxels of a noisy image, or of a mask with a block of 1 away from the edges. */
function voxelsOf(role: 'image' | 'mask', type: NrrdType) {
  const draw = random(1, 'seed', role);
  const values = Array.from({ length: count }, (_, n) => {
    if (role === 'image') return Math.round((type === 'uchar' ? 255 : 400) * draw.uniform());
    const index = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))];
    return index.every((i, axis) => i >= 1 && i < size[axis] - 1) ? 1 : 0;
  });
  return new types[type](values);
}

export const nrrdFields: Readonly<Record<string, string>> = {
  type: 'short',
  dimension: '3',
  space: 'left-posterior-superior',
  sizes: size.join(' '),
  'space directions': `(${spacing[0]},0,0) (0,${spacing[1]},0) (0,0,${spacing[2]})`,
  kinds: 'domain domain domain',
  endian: 'little',
  encoding: 'raw',
  'space origin': '(-10,20.5,4)',
};

/** An NRRD file by its definition, apart from the code that it tests; `lines` are those of its header. */
export function nrrdBytes(lines: readonly string[], data: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`NRRD0004\n${lines.join('\n')}\n\n`), data]);
}

/** A sound volume file of a format, all of one grid. */
export function volumeFile(format: Format, role: 'image' | 'mask', type: NrrdType = 'short'): Uint8Array {
  const voxels = voxelsOf(role, type);
  const data = new Uint8Array(voxels.buffer);
  if (format.startsWith('NRRD')) {
    const gzip = format === 'NRRD gzip';
    const fields = { ...nrrdFields, type, encoding: gzip ? 'gzip' : 'raw' };
    return nrrdBytes(
      Object.entries(fields).map(([field, value]) => `${field}: ${value}`),
      gzip ? gzipSync(data) : data,
    );
  }
  if (format !== 'NIfTI-2') return writeNifti({ ...grid, voxels } as Volume);
  const codes = { uchar: 2, short: 4, int: 8, float: 16, double: 64 };
  const [x, y, z] = grid.origin;
  return niftiBytes({
    version: 2,
    dim: [3, ...size, 1, 1, 1, 1],
    datatype: codes[type],
    pixdim: [1, ...spacing],
    sformCode: 1,
    affine: [-spacing[0], 0, 0, -x, 0, -spacing[1], 0, -y, 0, 0, spacing[2], z],
    data,
  });
}

const slices = 5;
const ct = '1.2.840.10008.5.1.4.1.1.2';
const common = { StudyInstanceUID: '1.2', FrameOfReferenceUID: '1.9' };

/** The elements of a sound CT slice, of 8 × 7 voxels of 2 × 1.5 mm, 3 mm above the one before. */
export function sliceFields(k: number): DicomFields {
  const draw = random(k, 'slice');
  const values = Int16Array.from({ length: size[0] * size[1] }, () => Math.round(400 * draw.uniform()) - 100);
  return {
    ...common,
    SOPClassUID: ct,
    SOPInstanceUID: `1.2.3.${k + 10}`,
    Modality: 'CT',
    SeriesInstanceUID: '1.2.3',
    SliceThickness: '3',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: size[1],
    Columns: size[0],
    PixelSpacing: '1.5\\2',
    ImagePositionPatient: `-10\\20\\${30 + 3 * k}`,
    ImageOrientationPatient: '1\\0\\0\\0\\1\\0',
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    RescaleIntercept: '-24',
    RescaleSlope: '1',
    PixelData: new Uint8Array(values.buffer),
  };
}

/** The sound slices, in order. */
export const seriesFiles: readonly Uint8Array[] = Array.from({ length: slices }, (_, k) =>
  dicomBytes(sliceFields(k)),
);

/** The elements of a structure set with region 1, a rectangle on each of the slices but the outer ones. */
export function structureFields(): DicomFields {
  const contours = Array.from({ length: slices - 2 }, (_, n) => {
    const z = 30 + 3 * (n + 1);
    const corners = [
      [-8, 21.5],
      [2, 21.5],
      [2, 27.5],
      [-8, 27.5],
    ];
    return {
      ContourGeometricType: 'CLOSED_PLANAR',
      NumberOfContourPoints: '4',
      ContourData: corners.map(([x, y]) => `${x}\\${y}\\${z}`).join('\\'),
      ContourImageSequence: [{ ReferencedSOPInstanceUID: `1.2.3.${n + 11}` }],
    };
  });
  return {
    ...common,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.3',
    SOPInstanceUID: '1.2.4',
    SeriesInstanceUID: '1.2.4.1',
    Modality: 'RTSTRUCT',
    StructureSetROISequence: [{ ROINumber: '1', ROIName: 'lesion', ReferencedFrameOfReferenceUID: '1.9' }],
    ROIContourSequence: [{ ReferencedROINumber: '1', ContourSequence: contours }],
  };
}

/** The elements of a binary segmentation with segment 1 on each of the slices but the outer ones. */
export function segmentationFields(): DicomFields {
  const frames = slices - 2;
  const bits = new Uint8Array(Math.ceil((frames * size[0] * size[1]) / 16) * 2);
  for (let n = 0; n < frames * size[0] * size[1]; n++) {
    const [column, row] = [n % size[0], Math.floor(n / size[0]) % size[1]];
    if (column > 0 && column < 6 && row > 0 && row < 5) bits[n >> 3] |= 1 << (n & 7);
  }
  return {
    ...common,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4',
    SOPInstanceUID: '1.2.5',
    SeriesInstanceUID: '1.2.5.1',
    Modality: 'SEG',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    NumberOfFrames: String(frames),
    Rows: size[1],
    Columns: size[0],
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    SegmentationType: 'BINARY',
    SegmentSequence: [{ SegmentNumber: 1, SegmentLabel: 'lesion' }],
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [{ ImageOrientationPatient: '1\\0\\0\\0\\1\\0' }],
        PixelMeasuresSequence: [{ PixelSpacing: '1.5\\2', SliceThickness: '3' }],
      },
    ],
    PerFrameFunctionalGroupsSequence: Array.from({ length: frames }, (_, n) => ({
      PlanePositionSequence: [{ ImagePositionPatient: `-10\\20\\${33 + 3 * n}` }],
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: 1 }],
    })),
    PixelData: bits,
  };
}

/** The series as a ZIP archive. */
export function seriesArchive(): Uint8Array {
  return zipBytes(seriesFiles.map((bytes, k) => ({ name: `${k}.dcm`, bytes })));
}
