import { describe, expect, it } from 'vitest';
import type { DicomFields } from '../../../../test/support/dicom-bytes.ts';
import { ctFiles, dicomFile } from '../../../../test/support/dicom-series.ts';
import { failureOf } from '../../../../test/support/failure-of.ts';
import { readSegmentation, segmentMask } from './segmentation.ts';
import { readSeries } from './series.ts';

/** 5 × 4 × 3 voxels. */
const series = readSeries(ctFiles(3));

const frame = (segment: number, x: number, y: number, z: number, changed: DicomFields = {}): DicomFields => ({
  SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }],
  PlanePositionSequence: [{ ImagePositionPatient: `${-10 + x}\\${20 + y}\\${30 + z}` }],
  DerivationImageSequence: [{ SourceImageSequence: [{ ReferencedSOPInstanceUID: '1.2.3.1' }] }],
  ...changed,
});

/** Three frames of 3 × 2 voxels, so that frames begin within bytes. */
const bits = ['101011', '110000', '000111'];
const packed = (text: string) => {
  const bytes = new Uint8Array(Math.ceil(text.length / 8));
  for (const [n, bit] of [...text].entries()) bytes[n >> 3] |= Number(bit) << (n & 7);
  return bytes;
};
const fields = (changed: DicomFields = {}): DicomFields => ({
  Modality: 'SEG',
  SegmentationType: 'BINARY',
  FrameOfReferenceUID: '1.9',
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  Rows: 2,
  Columns: 3,
  NumberOfFrames: '3',
  BitsAllocated: 1,
  BitsStored: 1,
  HighBit: 0,
  PixelRepresentation: 0,
  SegmentSequence: [
    { SegmentNumber: 1, SegmentLabel: 'liver' },
    { SegmentNumber: 2, SegmentLabel: 'lesion' },
    { SegmentNumber: 3, SegmentLabel: 'none' },
  ],
  SharedFunctionalGroupsSequence: [
    {
      PlaneOrientationSequence: [{ ImageOrientationPatient: '1\\0\\0\\0\\1\\0' }],
      PixelMeasuresSequence: [{ PixelSpacing: '1.5\\2', SliceThickness: '3' }],
    },
  ],
  PerFrameFunctionalGroupsSequence: [frame(1, 4, 3, 6), frame(2, 0, 0, 3), frame(1, 0, 0, 0)],
  PixelData: packed(bits.join('')),
  ...changed,
});
const read = (changed: DicomFields = {}) => readSegmentation(dicomFile(fields(changed), 'seg.dcm'));
const rows = (voxels: Uint8Array, k: number) =>
  Array.from({ length: 4 }, (_, j) => voxels.slice(5 * (j + 4 * k), 5 * (j + 1 + 4 * k)).join(''));

describe('segmentMask', () => {
  it('lays each frame of a segment on its slice', () => {
    const { voxels, ...geometry } = segmentMask(series, read(), 1);
    expect(geometry).toEqual({ ...series.volume, voxels: undefined, ...geometry });
    expect(rows(voxels, 0)).toEqual(['00000', '11100', '00000', '00000']);
    expect(rows(voxels, 1)).toEqual(['00000', '00000', '00000', '00000']);
    expect(rows(voxels, 2)).toEqual(['00000', '00000', '00101', '00011']);
    expect(rows(segmentMask(series, read(), 'lesion').voxels, 1)).toEqual([
      '11000',
      '00000',
      '00000',
      '00000',
    ]);
  });

  const fractional = {
    SegmentationType: 'FRACTIONAL',
    MaximumFractionalValue: 200,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelData: new Uint8Array(18).fill(99).fill(100, 0, 2).fill(200, 6, 7),
  };
  it('takes a fraction for inside from a threshold on, where one is given', () => {
    expect(failureOf(() => segmentMask(series, read(fractional), 1)).code).toBe('FILE_UNSUPPORTED');
    const mask = segmentMask(series, read(fractional), 1, { threshold: 0.5 });
    expect(rows(mask.voxels, 2)).toEqual(['00000', '00000', '00110', '00000']);
    expect(failureOf(() => segmentMask(series, read(fractional), 1, { threshold: 0 })).code).toBe(
      'ARGUMENT_INVALID',
    );
  });

  const one = (changed: DicomFields, x = 0, y = 0, z = 0) => ({
    NumberOfFrames: '1',
    PerFrameFunctionalGroupsSequence: [frame(1, x, y, z, changed)],
  });
  it.each<[string, string, DicomFields]>([
    ['MASK_OFF_GRID', "frame 1 lies 1 mm off the image's voxels along x", one({}, 3)],
    ['MASK_OFF_GRID', 'frame 1 lies 4 mm beyond the edge of the image along x', one({}, 8)],
    ['MASK_OFF_GRID', 'frame 1 lies 1.4 mm off', one({}, 0, 0, 1.4)],
    ['MASK_OFF_GRID', 'frame 1 lies 3 mm beyond the edge of the image along z', one({}, 0, 0, 9)],
    [
      'MASK_DIRECTION_MISMATCH',
      'the axes of frame 1',
      one({ PlaneOrientationSequence: [{ ImageOrientationPatient: '-1\\0\\0\\0\\1\\0' }] }),
    ],
    [
      'MASK_SPACING_MISMATCH',
      'along y is 1.6 mm, not 1.5',
      one({ PixelMeasuresSequence: [{ PixelSpacing: '1.6\\2' }] }),
    ],
    [
      'MASK_REFERENCE_MISMATCH',
      'frame 1 was made from an image that is not of the series',
      one({ DerivationImageSequence: [{ SourceImageSequence: [{ ReferencedSOPInstanceUID: '1.8' }] }] }),
    ],
    ['MASK_REFERENCE_MISMATCH', 'another frame of reference', { FrameOfReferenceUID: '1.8' }],
    ['MASK_LABEL_ABSENT', 'segment 1 is empty', { PixelData: new Uint8Array(4) }],
    ['FILE_TRUNCATED', 'PixelData has 2 bytes, not 3', { PixelData: new Uint8Array(2) }],
    [
      'FILE_CORRUPT',
      'two frames on slice 1',
      {
        NumberOfFrames: '2',
        PerFrameFunctionalGroupsSequence: [frame(1, 0, 0, 0), frame(1, 0, 0, 0)],
        PixelData: packed('111111111111'),
      },
    ],
    ['FILE_CORRUPT', 'has 3 items for 4 frames', { NumberOfFrames: '4' }],
    [
      'FILE_CORRUPT',
      'is 8 in a segmentation of type BINARY',
      { BitsAllocated: 8, BitsStored: 8, HighBit: 7 },
    ],
    ['FILE_UNSUPPORTED', 'segmentations of type LABELMAP', { SegmentationType: 'LABELMAP' }],
    ['FILE_UNSUPPORTED', 'the modality is CT, not SEG', { Modality: 'CT' }],
  ])('refuses with %s: %s', (code, message, changed) => {
    const pixels = changed.NumberOfFrames === '1' ? { PixelData: packed('111111') } : {};
    const failure = failureOf(() => segmentMask(series, read({ ...pixels, ...changed }), 1));
    expect([failure.code, failure.message]).toEqual([code, expect.stringContaining(message)]);
    expect(failure.details.file).toBe('seg.dcm');
  });

  it('says which segments there are', () => {
    expect(failureOf(() => segmentMask(series, read(), 'Liver')).message).toBe(
      'seg.dcm: there is no segment "Liver"; there are 1 "liver", 2 "lesion", 3 "none"',
    );
    expect(failureOf(() => segmentMask(series, read(), 3)).message).toContain('segment 3 is empty');
  });
});
