import type { DicomFields } from '../support/dicom-bytes.ts';
import { common, grids, orientation, patientPosition, type SeriesName } from './seed-series.ts';

type Point = readonly [column: number, row: number];

interface Drawn {
  readonly k: number;
  readonly points: readonly Point[];
  readonly type?: string;
}

const box = (left: number, top: number, right: number, bottom: number): Point[] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

/** In columns and rows: a box with a hole, both partly along voxels' centres; a slanted region with one; a point, and a region over the edge. */
const regions: readonly (readonly Drawn[])[] = [
  [1, 2, 3].flatMap((k) => [
    { k, points: box(1, 1, 6, 5) },
    ...(k === 2 ? [{ k, points: box(2.5, 5 / 3, 4.5, 3) }] : []),
  ]),
  [2, 3, 4].flatMap((k) => [
    {
      k,
      type: 'CLOSEDPLANAR_XOR',
      points: [
        [0.3, 3.1],
        [2.2, 0.4],
        [5.7, 0.6],
        [6.8, 2.9],
        [4.9, 5.8],
        [1.7, 5.3],
      ] as const,
    },
    {
      k,
      type: 'CLOSEDPLANAR_XOR',
      points: [
        [2.4, 2.3],
        [5.2, 2.8],
        [3.1, 4.6],
      ] as const,
    },
  ]),
  [
    { k: 1, type: 'POINT', points: [[2, 2]] },
    {
      k: 0,
      points: [
        [-0.4, -0.3],
        [4.3, -0.4],
        [-0.3, 5.2],
      ],
    },
  ],
];

export const regionNumbers = regions.map((_, n) => n + 1);

/** The elements of a structure set with three regions. */
export function structureFields(series: SeriesName = 'CT'): DicomFields {
  const contour = ({ k, points, type = 'CLOSED_PLANAR' }: Drawn): DicomFields => ({
    ContourGeometricType: type,
    NumberOfContourPoints: String(points.length),
    ContourData: points.flatMap(([i, j]) => patientPosition(grids[series], [i, j, k])).join('\\'),
    ContourImageSequence: [{ ReferencedSOPInstanceUID: `1.2.3.${k + 10}` }],
  });
  return {
    ...common,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.3',
    SOPInstanceUID: '1.2.4',
    SeriesInstanceUID: '1.2.4.1',
    Modality: 'RTSTRUCT',
    StructureSetROISequence: regionNumbers.map((number) => ({
      ROINumber: String(number),
      ROIName: `lesion ${number}`,
      ReferencedFrameOfReferenceUID: '1.9',
    })),
    ROIContourSequence: regions.map((contours, n) => ({
      ReferencedROINumber: String(n + 1),
      ContourSequence: contours.map(contour),
    })),
  };
}

export const segmentNumbers = [1, 2];

/** Frames of 7 × 5 voxels from voxel (1, 1) of their slices: they begin within a byte. */
const frames = [
  { segment: 1, k: 1 },
  { segment: 1, k: 2 },
  { segment: 2, k: 2 },
  { segment: 1, k: 3 },
  { segment: 2, k: 4 },
];
const [columns, rows] = [7, 5];

/** 1 inside of a segment. */
function isInside({ segment, k }: (typeof frames)[number], column: number, row: number): boolean {
  return segment === 1
    ? column < 5 && row < 4 && (column !== k || row !== 2)
    : (column + 2 * row + k) % 5 < 3;
}

/** The elements of a segmentation with two segments; of a fractional one the fractions vary on both sides of a half. */
export function segmentationFields(series: SeriesName = 'CT', type = 'BINARY'): DicomFields {
  const count = columns * rows;
  const isBinary = type === 'BINARY';
  const bytes = new Uint8Array(2 * Math.ceil((frames.length * count) / (isBinary ? 16 : 2)));
  for (const [n, frame] of frames.entries()) {
    for (let at = 0; at < count; at++) {
      const inside = isInside(frame, at % columns, Math.floor(at / columns));
      const bit = n * count + at;
      if (!isBinary) bytes[bit] = inside ? 100 + (bit % 100) : bit % 100;
      else if (inside) bytes[bit >> 3] |= 1 << (bit & 7);
    }
  }
  const grid = grids[series];
  return {
    ...common,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4',
    SOPInstanceUID: '1.2.5',
    SeriesInstanceUID: '1.2.5.1',
    Modality: 'SEG',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    NumberOfFrames: String(frames.length),
    Rows: rows,
    Columns: columns,
    BitsAllocated: isBinary ? 1 : 8,
    BitsStored: isBinary ? 1 : 8,
    HighBit: isBinary ? 0 : 7,
    PixelRepresentation: 0,
    SegmentationType: type,
    ...(!isBinary && { MaximumFractionalValue: 200 }),
    SegmentSequence: segmentNumbers.map((number) => ({
      SegmentNumber: number,
      SegmentLabel: `lesion ${number}`,
    })),
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [{ ImageOrientationPatient: orientation(grid) }],
        PixelMeasuresSequence: [
          { PixelSpacing: `${grid.spacing[1]}\\${grid.spacing[0]}`, SliceThickness: '3' },
        ],
      },
    ],
    PerFrameFunctionalGroupsSequence: frames.map(({ segment, k }) => ({
      PlanePositionSequence: [{ ImagePositionPatient: patientPosition(grid, [1, 1, k]).join('\\') }],
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }],
      DerivationImageSequence: [{ SourceImageSequence: [{ ReferencedSOPInstanceUID: `1.2.3.${k + 10}` }] }],
    })),
    PixelData: bytes,
  };
}
