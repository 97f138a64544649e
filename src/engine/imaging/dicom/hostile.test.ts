import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DicomFields, dicomBytes } from '../../../../test/support/dicom-bytes.ts';
import { ctFields, inflateRaw } from '../../../../test/support/dicom-series.ts';
import { contourMask } from './contour-mask.ts';
import { deidentify } from './deidentify.ts';
import { parseDicom } from './parse-dicom.ts';
import { scanAttributes } from './scan-attributes.ts';
import { readSegmentation, segmentMask } from './segmentation.ts';
import { readSeries } from './series.ts';
import { readStructureSet } from './structure-set.ts';

const syntaxes = [
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.2',
];
const parse = (bytes: Uint8Array) =>
  parseDicom(bytes, { fileName: 'a.dcm', inflateRaw, maxInflatedBytes: 2 ** 20 });
const limits = { maxVoxelBytes: 2 ** 20 };
const slices = [0, 1, 2].map((k) => parse(dicomBytes(ctFields(k))));
const series = readSeries(slices);

const pet = ctFields(1, {
  Modality: 'PT',
  Units: 'BQML',
  DecayCorrection: 'START',
  CorrectedImage: 'DECY\\ATTN',
  PatientWeight: '80',
  SeriesDate: '20200301',
  SeriesTime: '103000',
  AcquisitionDateTime: '20200301103010',
  RadiopharmaceuticalInformationSequence: [
    { RadiopharmaceuticalStartTime: '093000', RadionuclideTotalDose: '4e8', RadionuclideHalfLife: '6586' },
  ],
});
const structures: DicomFields = {
  Modality: 'RTSTRUCT',
  SOPInstanceUID: '1.7',
  StructureSetROISequence: [{ ROINumber: '7', ROIName: 'GTV', ReferencedFrameOfReferenceUID: '1.9' }],
  ROIContourSequence: [
    {
      ReferencedROINumber: '7',
      ContourSequence: [0, 1].map((k) => ({
        ContourGeometricType: 'CLOSED_PLANAR',
        NumberOfContourPoints: '3',
        ContourData: `-10\\20\\${30 + 3 * k}\\-4\\20\\${30 + 3 * k}\\-4\\24\\${30 + 3 * k}`,
        ContourImageSequence: [{ ReferencedSOPInstanceUID: `1.2.3.${k}` }],
      })),
    },
  ],
};
const { PixelData: _, ...grid } = ctFields(0);
const segments: DicomFields = {
  ...grid,
  Modality: 'SEG',
  SegmentationType: 'BINARY',
  BitsAllocated: 1,
  BitsStored: 1,
  HighBit: 0,
  PixelRepresentation: 0,
  NumberOfFrames: '2',
  SegmentSequence: [{ SegmentNumber: 1, SegmentLabel: 'lesion' }],
  SharedFunctionalGroupsSequence: [
    {
      PlaneOrientationSequence: [{ ImageOrientationPatient: '1\\0\\0\\0\\1\\0' }],
      PixelMeasuresSequence: [{ PixelSpacing: '1.5\\2', SliceThickness: '3' }],
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: 1 }],
    },
  ],
  PerFrameFunctionalGroupsSequence: [0, 1].map((k) => ({
    PlanePositionSequence: [{ ImagePositionPatient: `-10\\20\\${30 + 3 * k}` }],
  })),
  PixelData: new Uint8Array(6).fill(0x5a),
};

/** Everything that is done with a file of each kind. */
const uses: readonly (readonly [string, DicomFields, (bytes: Uint8Array) => void])[] = [
  [
    'a slice',
    ctFields(1),
    (bytes) => {
      const file = parse(bytes);
      scanAttributes(file.dataSet);
      deidentify(file.dataSet, { digest: () => new Uint8Array(16), subject: 'P', shiftDays: 1 });
      const { volume } = readSeries([slices[0], file, slices[2]], limits);
      expect([...volume.spacing, ...volume.origin, ...volume.voxels].every(Number.isFinite)).toBe(true);
    },
  ],
  [
    'a PET slice',
    pet,
    (bytes) => expect(readSeries([parse(bytes)], limits).volume.voxels.every(Number.isFinite)).toBe(true),
  ],
  [
    'a structure set',
    structures,
    (bytes) =>
      expect(contourMask(series, readStructureSet(parse(bytes)), 'GTV').mask.voxels).toHaveLength(60),
  ],
  [
    'a segmentation',
    segments,
    (bytes) => expect(segmentMask(series, readSegmentation(parse(bytes)), 1, limits).voxels).toHaveLength(60),
  ],
];

describe.each(uses)('%s', (_, fields, use) => {
  const sound = syntaxes.flatMap((transferSyntax) =>
    [false, true].map((undefinedLengths) => dicomBytes(fields, { transferSyntax, undefinedLengths })),
  );
  const useOrFail = (bytes: Uint8Array) => {
    try {
      use(bytes);
    } catch (error) {
      expect(error).toMatchObject({ name: 'Failure' });
    }
  };

  it('is read as it is', () => {
    for (const bytes of sound) use(bytes);
  });

  it('is read or refused, cut off anywhere', () => {
    for (const bytes of sound.slice(0, 4)) {
      for (let length = 132; length < bytes.length; length += 3) useOrFail(bytes.subarray(0, length));
    }
  });

  it('is read or refused, whatever bytes are changed', () => {
    const byte = fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(0, 0xff, 0x7f, 0x80, 0x30, 0x39, 0x2d, 0x65, 0x5c),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...sound),
        fc.array(fc.tuple(fc.nat(9999), byte), { minLength: 1, maxLength: 4 }),
        (bytes, changes) => {
          const changed = bytes.slice();
          for (const [at, value] of changes) changed[132 + (at % (bytes.length - 132))] = value;
          useOrFail(changed);
        },
      ),
      { seed: 11, numRuns: 2000 },
    );
  });
});
