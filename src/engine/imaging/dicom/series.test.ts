import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DicomFields } from '../../../../test/support/dicom-bytes.ts';
import { ctFields, ctFiles, dicomFile } from '../../../../test/support/dicom-series.ts';
import { failureOf } from '../../../../test/support/failure-of.ts';
import { readSeries } from './series.ts';

const rle = '1.2.840.10008.1.2.5';

describe('readSeries', () => {
  it('puts slices in order along their normal', () => {
    const files = ctFiles(4);
    const { volume, slices, ...rest } = readSeries([files[2], files[0], files[3], files[1]]);
    expect(volume).toMatchObject({
      size: [5, 4, 4],
      spacing: [2, 1.5, 3],
      origin: [-10, 20, 30],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    });
    expect(slices.map(({ fileName }) => fileName)).toEqual(files.map(({ name }) => name));
    expect([...volume.voxels]).toEqual(
      Array.from({ length: 80 }, (_, n) => 100 * Math.floor(n / 20) + (n % 20)),
    );
    expect(rest).toMatchObject({ modality: 'CT', unit: 'HU', seriesInstanceUid: '1.2.3', warnings: [] });
  });

  it('takes any orientation, and stays right-handed', () => {
    // Sagittal: rows run to the back, columns to the feet; the normal is to the left… of the cross product.
    const files = ctFiles(3, (k) => ({
      ImageOrientationPatient: '0\\1\\0\\0\\0\\-1',
      ImagePositionPatient: `${10 - 4 * k}\\-5\\7`,
    }));
    const { volume, slices } = readSeries(files);
    expect(volume.direction).toEqual([0, 0, -1, 1, 0, 0, 0, -1, 0].map((value) => value + 0));
    expect(volume).toMatchObject({ origin: [10, -5, 7], spacing: [2, 1.5, 4] });
    expect(slices[0].fileName).toBe('slice-0.dcm');
  });

  it('rescales each slice by its own slope and intercept', () => {
    const { volume } = readSeries(
      ctFiles(2, (k) => ({ RescaleSlope: String(k + 0.5), RescaleIntercept: '-10' })),
    );
    expect(volume.voxels).toBeInstanceOf(Float64Array);
    expect([volume.voxels[3], volume.voxels[23]]).toEqual([0.5 * 3 - 10, 1.5 * 103 - 10]);
  });

  // The types that SimpleITK 2.5.7 gives for a single slice of these.
  it.each<[string, string, string | null, string | null, number, number, number]>([
    ['Int16Array', 'CT', '1', '-1000', 16, 12, 0],
    ['Uint16Array', 'CT', '1', '0', 16, 12, 0],
    ['Uint16Array', 'CT', null, null, 16, 12, 0],
    ['Int16Array', 'CT', '2', '-1000', 16, 12, 0],
    ['Float64Array', 'CT', '1.5', '0', 16, 12, 0],
    ['Float64Array', 'CT', '1', '-1024.5', 16, 12, 0],
    ['Int32Array', 'CT', '1', '-1000', 16, 16, 0],
    ['Int32Array', 'CT', '1', '-1000', 16, 16, 1],
    ['Int16Array', 'CT', '1', '-1000', 16, 12, 1],
    ['Uint8Array', 'CT', null, null, 8, 8, 0],
    ['Int16Array', 'CT', '1', '-100', 8, 8, 0],
    ['Uint16Array', 'CT', '1', '1000', 16, 12, 0],
    ['Uint16Array', 'CT', '1', '1', 16, 8, 0],
    ['Uint16Array', 'MR', '2', '5', 16, 12, 0],
    ['Float64Array', 'MR', '1.5', '0', 16, 12, 0],
  ])(
    'gives %s for %s of slope %s, intercept %s, %i bits allocated, %i stored, sign %i',
    (type, Modality, slope, intercept, allocated, stored, sign) => {
      const fields = {
        Modality,
        RescaleSlope: slope ?? '',
        RescaleIntercept: intercept ?? '',
        BitsAllocated: allocated,
        BitsStored: stored,
        HighBit: stored - 1,
        PixelRepresentation: sign,
        PixelData: new Uint8Array((20 * allocated) / 8).fill(1),
      };
      expect(readSeries([dicomFile(ctFields(0, fields))]).volume.voxels.constructor.name).toBe(type);
    },
  );

  it('leaves out what the unused bits hold, and extends the sign', () => {
    const stored = new Uint16Array(20).fill(0xafff);
    const fields = { BitsStored: 12, HighBit: 11, PixelData: new Uint8Array(stored.buffer) };
    expect(readSeries([dicomFile(ctFields(0, fields))]).volume.voxels[0]).toBe(-1);
    const unsigned = dicomFile(ctFields(0, { ...fields, PixelRepresentation: 0 }));
    expect(readSeries([unsigned]).volume.voxels[0]).toBe(0xfff);
  });

  it('reads big endian voxels', () => {
    const data = Buffer.alloc(40);
    for (let n = 0; n < 20; n++) data.writeInt16BE(-n, 2 * n);
    const file = dicomFile(ctFields(0, { PixelData: data }), 'a', { transferSyntax: '1.2.840.10008.1.2.2' });
    expect([...readSeries([file]).volume.voxels]).toEqual(Array.from({ length: 20 }, (_, n) => 0 - n));
  });

  it('refuses missing, doubled, uneven and sheared slices, by their positions', () => {
    const files = ctFiles(6);
    const missing = failureOf(() => readSeries([...files.slice(0, 2), ...files.slice(4)]));
    expect(missing.code).toBe('SERIES_UNEVEN');
    expect(missing.message).toBe('2 slices are missing between 33 mm and 42 mm, where others are 3 mm apart');
    expect(missing.details).toMatchObject({ kind: 'missing', millimetres: [33, 42] });
    const doubled = failureOf(() => readSeries([...files, dicomFile(ctFields(2), 'copy.dcm')]));
    expect(doubled.message).toBe('two slices lie at 36 mm: slice-2.dcm and copy.dcm');
    const at = (x: number, z: (k: number) => number) =>
      ctFiles(6, (k) => ({ ImagePositionPatient: `${-10 + x * k}\\20\\${z(k)}` }));
    const uneven = failureOf(() => readSeries(at(0, (k) => 3 * k + (k === 3 ? 0.2 : 0))));
    expect(uneven.message).toBe('the slice at 9.2 mm is 0.2 mm off an even spacing of 3 mm');
    const sheared = failureOf(() => readSeries(at(0.1, (k) => 3 * k)));
    expect(sheared.details).toMatchObject({ kind: 'sheared' });
    expect(readSeries(at(0, (k) => 3 * k + (k === 3 ? 0.02 : 0))).volume.spacing[2]).toBe(3);
  });

  it.each<[string, DicomFields]>([
    ['SeriesInstanceUID', { SeriesInstanceUID: '1.2.4' }],
    ['FrameOfReferenceUID', { FrameOfReferenceUID: '' }],
    ['Modality', { Modality: 'MR' }],
    ['Rows', { Rows: 2, PixelData: new Uint8Array(20) }],
    ['PixelSpacing', { PixelSpacing: '1.5\\2.1' }],
    ['ImageOrientationPatient', { ImageOrientationPatient: '0\\1\\0\\1\\0\\0' }],
  ])('refuses files that differ in %s', (field, changed) => {
    const failure = failureOf(() => readSeries(ctFiles(3, (k) => (k === 1 ? changed : {}))));
    expect(failure.code).toBe('SERIES_MIXED');
    expect(failure.details).toMatchObject({ field, file: 'slice-1.dcm', other: 'slice-0.dcm' });
  });

  it.each<[string, string, DicomFields]>([
    ['FILE_CORRUPT', '(0028,0030) PixelSpacing is missing or empty', { PixelSpacing: '' }],
    [
      'FILE_CORRUPT',
      '(0020,0032) ImagePositionPatient has 2 values, not 3',
      { ImagePositionPatient: '1\\2' },
    ],
    ['FILE_CORRUPT', '(0028,0010) Rows is 0', { Rows: 0 }],
    ['FILE_CORRUPT', '(0028,0101) BitsStored is 17 of 16', { BitsStored: 17, HighBit: 16 }],
    ['FILE_CORRUPT', '(0028,1053) RescaleSlope is 0', { RescaleSlope: '0' }],
    ['FILE_TRUNCATED', 'PixelData has 40 bytes, not 80', { Rows: 8 }],
    ['FILE_CORRUPT', 'PixelData has 40 bytes, not 20', { Rows: 2 }],
    ['FILE_UNSUPPORTED', 'the image is in colour', { SamplesPerPixel: 3, PhotometricInterpretation: 'RGB' }],
    ['FILE_UNSUPPORTED', 'the modality US', { Modality: 'US' }],
    ['FILE_UNSUPPORTED', 'the image has 24 bits allocated', { BitsAllocated: 24 }],
    ['FILE_UNSUPPORTED', 'the highest bit is 15', { BitsStored: 12 }],
    [
      'FILE_UNSUPPORTED',
      'the image has 2 frames that say not where',
      { NumberOfFrames: '2', PixelData: new Uint8Array(80) },
    ],
    ['FILE_UNSUPPORTED', 'look-up table', { ModalityLUTSequence: [{}] }],
    ['IMAGE_GEOMETRY_INVALID', 'not two unit vectors', { ImageOrientationPatient: '1\\0\\0\\1\\0\\0' }],
    ['IMAGE_GEOMETRY_INVALID', 'the only slice', { SliceThickness: '' }],
  ])('refuses with %s: %s', (code, message, changed) => {
    const failure = failureOf(() => readSeries([dicomFile(ctFields(0, changed))]));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(message);
    expect(failure.details.file).toBe('a.dcm');
  });

  it('refuses an image that would take more than the limit, before it takes memory', () => {
    const before = process.memoryUsage().arrayBuffers;
    const huge = { Rows: 65_535, Columns: 65_535 };
    expect(failureOf(() => readSeries([dicomFile(ctFields(0, huge))])).code).toBe('FILE_TOO_LARGE');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
    expect(failureOf(() => readSeries(ctFiles(3), { maxVoxelBytes: 119 })).code).toBe('FILE_TOO_LARGE');
    expect(failureOf(() => readSeries([])).code).toBe('ARGUMENT_INVALID');
  });

  it('refuses by name what is compressed otherwise', () => {
    const of = (suffix: string) =>
      failureOf(() =>
        readSeries([
          dicomFile(ctFields(0, { PixelData: new Uint8Array() }), 'a', {
            transferSyntax: `1.2.840.10008.1.2.4.${suffix}`,
          }),
        ]),
      ).message;
    expect(of('50')).toContain('images compressed as JPEG Baseline (Process 1) are not read');
    expect(of('201')).toContain(
      'images compressed as High-Throughput JPEG 2000 (Lossless Only) are not read',
    );
  });

  it('says that an image was once compressed with loss', () => {
    const files = ctFiles(2, () => ({ LossyImageCompression: '01', LossyImageCompressionRatio: '8.5' }));
    expect(readSeries(files).warnings).toMatchObject([{ code: 'IMAGE_LOSSY' }]);
  });
});

describe('multi-frame images', () => {
  const frames = [2, 0, 1];
  const { ImagePositionPatient: _, ImageOrientationPatient, PixelSpacing, ...rest } = ctFields(0);
  const enhanced = (changed: DicomFields = {}) =>
    ({
      ...rest,
      NumberOfFrames: '3',
      RescaleSlope: '',
      SharedFunctionalGroupsSequence: [
        {
          PlaneOrientationSequence: [{ ImageOrientationPatient }],
          PixelMeasuresSequence: [{ PixelSpacing, SliceThickness: '3' }],
        },
      ],
      PerFrameFunctionalGroupsSequence: frames.map((k) => ({
        PlanePositionSequence: [{ ImagePositionPatient: `-10\\20\\${30 + 3 * k}` }],
        PixelValueTransformationSequence: [{ RescaleSlope: '1', RescaleIntercept: String(10 * k) }],
      })),
      PixelData: new Uint8Array(
        Int16Array.from({ length: 60 }, (_, n) => 100 * frames[Math.floor(n / 20)]).buffer,
      ),
      ...changed,
    }) as DicomFields;

  it('are put in order by their functional groups', () => {
    const { volume, slices } = readSeries([dicomFile(enhanced())]);
    expect(volume).toMatchObject({ size: [5, 4, 3], spacing: [2, 1.5, 3], origin: [-10, 20, 30] });
    expect([0, 20, 40].map((n) => volume.voxels[n])).toEqual([0, 110, 220]);
    expect(slices.map(({ frame }) => frame)).toEqual([1, 2, 0]);
  });

  it('are refused where the groups are not theirs', () => {
    expect(
      failureOf(() => readSeries([dicomFile(enhanced({ SharedFunctionalGroupsSequence: [{}] }))])).message,
    ).toContain('(0020,9116) PlaneOrientationSequence is missing');
    const four = enhanced({ NumberOfFrames: '4', PixelData: new Uint8Array(160) });
    expect(failureOf(() => readSeries([dicomFile(four)])).message).toContain('has 3 items for 4 frames');
  });
});

describe('RLE images', () => {
  /** Runs of literal bytes only. */
  const literal = (bytes: number[]) => {
    const runs: number[] = [];
    for (let n = 0; n < bytes.length; n += 128) {
      const run = bytes.slice(n, n + 128);
      runs.push(run.length - 1, ...run);
    }
    return runs;
  };
  const frame = (values: number[], encode = literal) => {
    const segments = [values.map((value) => (value >> 8) & 255), values.map((value) => value & 255)].map(
      encode,
    );
    const header = Buffer.alloc(64);
    header.writeUInt32LE(2, 0);
    header.writeUInt32LE(64, 4);
    header.writeUInt32LE(64 + segments[0].length, 8);
    return new Uint8Array(Buffer.concat([header, Buffer.from(segments.flat())]));
  };
  const { PixelData: _, ...fields } = ctFields(0);
  const values = Array.from({ length: 20 }, (_, n) => n * n - 100);
  const read = (bytes: Uint8Array) =>
    readSeries([dicomFile(fields, 'a.dcm', { transferSyntax: rle, frames: [bytes] })]).volume.voxels;

  it('are decoded, by literals and runs', () => {
    expect([...read(frame(values))]).toEqual(values);
    const runs = (bytes: number[]) => [128, 257 - bytes.length, bytes[0]];
    expect([
      ...read(
        frame(
          values.map(() => -3),
          runs,
        ),
      ),
    ]).toEqual(values.map(() => -3));
  });

  it('are decoded or refused, whatever bytes are changed', () => {
    const sound = frame(values);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        (changes) => {
          const changed = sound.slice();
          for (const [at, value] of changes) changed[at] = value;
          try {
            expect(read(changed)).toHaveLength(20);
          } catch (error) {
            expect(error).toMatchObject({
              name: 'Failure',
              code: expect.stringMatching(/^FILE_(CORRUPT|TRUNCATED)/),
            });
          }
        },
      ),
      { seed: 6, numRuns: 2000 },
    );
  });
});
