import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DicomFields } from '../../../../test/support/dicom-bytes.ts';
import { ctFiles, dicomFile } from '../../../../test/support/dicom-series.ts';
import { failureOf } from '../../../../test/support/failure-of.ts';
import { contourMask } from './contour-mask.ts';
import { readSeries } from './series.ts';
import { readStructureSet } from './structure-set.ts';

/** 5 × 4 × 3 voxels of 2 × 1.5 × 3 mm from (-10, 20, 30). */
const series = readSeries(ctFiles(3));
type Point = readonly [column: number, row: number];

/** A contour on slice k by columns and rows. */
const contour = (k: number, points: readonly Point[], changed: DicomFields = {}): DicomFields => ({
  ContourGeometricType: 'CLOSED_PLANAR',
  NumberOfContourPoints: String(points.length),
  ContourData: points.flatMap(([i, j]) => [-10 + 2 * i, 20 + 1.5 * j, 30 + 3 * k]).join('\\'),
  ContourImageSequence: [{ ReferencedSOPInstanceUID: `1.2.3.${k}` }],
  ...changed,
});
const structureSet = (contours: readonly DicomFields[], roi: DicomFields = {}) =>
  readStructureSet(
    dicomFile(
      {
        Modality: 'RTSTRUCT',
        SOPInstanceUID: '1.7',
        StructureSetROISequence: [
          { ROINumber: '7', ROIName: 'GTV', ReferencedFrameOfReferenceUID: '1.9', ...roi },
          { ROINumber: '8', ROIName: 'empty' },
          { ROINumber: '9', ROIName: 'empty' },
        ],
        ROIContourSequence: [{ ReferencedROINumber: '7', ContourSequence: contours }],
      },
      'rs.dcm',
    ),
  );
const maskOf = (...contours: DicomFields[]) => contourMask(series, structureSet(contours), 'GTV');
const rows = (voxels: Uint8Array, k: number) =>
  Array.from({ length: 4 }, (_, j) => voxels.slice(5 * (j + 4 * k), 5 * (j + 1 + 4 * k)).join(''));
const box = (left: number, top: number, right: number, bottom: number): Point[] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

describe('contourMask', () => {
  it('fills the voxels whose centres lie inside', () => {
    const { mask, warnings } = maskOf(contour(1, box(0.5, 0.5, 3.5, 2.5)));
    expect(rows(mask.voxels, 1)).toEqual(['00000', '01110', '01110', '00000']);
    expect(mask.voxels.reduce((sum, value) => sum + value, 0)).toBe(6);
    expect(mask).toMatchObject({ size: [5, 4, 3], origin: [-10, 20, 30], spacing: [2, 1.5, 3] });
    expect(warnings).toEqual([]);
  });

  it('gives a centre on an edge to the side right and below', () => {
    expect(rows(maskOf(contour(0, box(1, 1, 3, 3))).mask.voxels, 0)).toEqual([
      '00000',
      '01100',
      '01100',
      '00000',
    ]);
  });

  it('cuts holes, by contours within and by keyholes', () => {
    const hole = maskOf(contour(0, box(-0.4, -0.4, 4.4, 3.4)), contour(0, box(0.5, 0.5, 3.5, 2.5)));
    expect(rows(hole.mask.voxels, 0)).toEqual(['11111', '10001', '10001', '11111']);
    const keyhole: Point[] = [
      ...box(-0.4, -0.4, 4.4, 3.4),
      [-0.4, 0.5],
      [0.5, 0.5],
      [0.5, 2.5],
      [3.5, 2.5],
      [3.5, 0.5],
      [-0.4, 0.5],
    ];
    expect(rows(maskOf(contour(0, keyhole)).mask.voxels, 0)).toEqual(rows(hole.mask.voxels, 0));
  });

  it('asks every centre the same as the crossing-number rule', () => {
    // Odd sixteenths: exact in mm, and never a voxel's row.
    const coordinate = fc.integer({ min: -4, max: 27 }).map((n) => (2 * n + 1) / 16);
    const polygon = fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(polygon, (points) => {
        const expected = Array.from({ length: 20 }, (_, n) =>
          Number(isInside(points, n % 5, Math.floor(n / 5))),
        );
        let found = new Array(20).fill(0);
        try {
          found = [...maskOf(contour(0, points)).mask.voxels.slice(0, 20)];
        } catch (error) {
          expect(error).toMatchObject({ code: 'MASK_LABEL_ABSENT' });
        }
        expect(found).toEqual(expected);
      }),
      { seed: 8, numRuns: 500 },
    );
  });

  it('says which slices have no contour', () => {
    const { warnings } = maskOf(contour(0, box(0, 0, 2, 2)), contour(2, box(0, 0, 2, 2)));
    expect(warnings).toMatchObject([{ code: 'MASK_SLICE_EMPTY' }]);
    expect(warnings[0].message).toContain('has contours on 2 of the 3 slices');
  });

  it('finds a region by name or number', () => {
    const set = structureSet([contour(0, box(0, 0, 2, 2))]);
    expect(contourMask(series, set, 7).mask).toEqual(contourMask(series, set, 'GTV').mask);
    const absent = failureOf(() => contourMask(series, set, 'gtv'));
    expect(absent.code).toBe('MASK_LABEL_ABSENT');
    expect(absent.message).toBe('rs.dcm has no region "gtv"; it has "GTV", "empty", "empty"');
    expect(failureOf(() => contourMask(series, set, 'empty')).message).toContain(
      'ask for one by its number: 8, 9',
    );
    expect(failureOf(() => contourMask(series, set, 8)).message).toBe(
      'region "empty" of rs.dcm has no closed contour',
    );
  });

  const at = (x: number, y: number, z: number) => ({
    ContourData: [-10 + x, 20 + y, 30 + z, -9 + x, 20 + y, 30 + z, -9 + x, 21 + y, 30 + z].join('\\'),
    ContourImageSequence: [],
  });
  it.each<[string, string, DicomFields]>([
    ['MASK_OFF_GRID', 'contour 1 of region "GTV" of rs.dcm lies 1.2 mm off the nearest slice', at(0, 0, 4.2)],
    ['MASK_OFF_GRID', "lies 3 mm beyond the series' last slice", at(0, 0, 9)],
    ['MASK_OFF_GRID', "lies 6 mm beyond the series' last slice", at(0, 0, -6)],
    ['MASK_OFF_GRID', 'reaches 2 mm beyond the edge of the image along x', at(10, 0, 0)],
    ['MASK_OFF_GRID', 'reaches 5.25 mm beyond the edge of the image along y', at(0, -6, 0)],
    [
      'MASK_REFERENCE_MISMATCH',
      'not of the series',
      { ContourImageSequence: [{ ReferencedSOPInstanceUID: '1.8' }] },
    ],
    [
      'MASK_REFERENCE_MISMATCH',
      'lies 3 mm from the image',
      { ContourImageSequence: [{ ReferencedSOPInstanceUID: '1.2.3.1' }] },
    ],
    ['MASK_LABEL_ABSENT', 'has no closed contour (but 1 of points', { ContourGeometricType: 'POINT' }],
    ['FILE_CORRUPT', 'has 4 points, where 3 are announced', { NumberOfContourPoints: '3' }],
    ['FILE_CORRUPT', 'has 5 numbers, not three a point', { ContourData: '1\\2\\3\\4\\5' }],
    ['FILE_CORRUPT', '"x", not a number', { ContourData: '1\\2\\x' }],
  ])('refuses with %s: %s', (code, message, changed) => {
    const points = at(0, 0, 0) && changed.ContourData ? { NumberOfContourPoints: '' } : {};
    const failure = failureOf(() => maskOf(contour(0, box(0, 0, 2, 2), { ...points, ...changed })));
    expect([failure.code, failure.message]).toEqual([code, expect.stringContaining(message)]);
    expect(failure.details.file).toBe('rs.dcm');
  });

  it('refuses another frame of reference, and contours around nothing', () => {
    const other = structureSet([contour(0, box(0, 0, 2, 2))], { ReferencedFrameOfReferenceUID: '1.8' });
    expect(failureOf(() => contourMask(series, other, 7)).code).toBe('MASK_REFERENCE_MISMATCH');
    expect(failureOf(() => maskOf(contour(0, box(0.2, 0.2, 0.8, 0.8)))).message).toContain(
      "enclose no voxel's centre",
    );
  });
});

/** Point in polygon by crossings of the ray to the left, each edge half open; polygons with an edge through the point are left out. */
function isInside(points: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  for (const [n, [x1, y1]] of points.entries()) {
    const [x2, y2] = points[(n + 1) % points.length];
    if (y1 <= y === y2 <= y) continue;
    const crossing = x1 + ((y - y1) * (x2 - x1)) / (y2 - y1);
    fc.pre(Math.abs(crossing - x) > 1e-9);
    if (crossing < x) inside = !inside;
  }
  return inside;
}
