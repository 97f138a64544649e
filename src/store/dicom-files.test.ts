import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import codecs from 'dcmjs-codecs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DicomFields, dicomBytes } from '../../test/support/dicom-bytes.ts';
import { ctFields } from '../../test/support/dicom-series.ts';
import { failureOf } from '../../test/support/failure-of.ts';
import { Failure } from '../engine/failure.ts';
import { parseDicom, readSeries } from '../engine/imaging/dicom/index.ts';
import { archiveEntries } from './archive.ts';
import { readDicomSeries } from './dicom-files.ts';
import { createFrameDecoder } from './frame-decoder.ts';

const limits = { maxEntries: 100, maxBytes: 2 ** 20 };

interface Member {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the directory announces, where it lies. */
  readonly size?: number;
}

/** A ZIP by PKWARE's APPNOTE, apart from the code that it tests. */
function zip(members: readonly Member[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, size } of members) {
    const data = deflateRawSync(bytes);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(size ?? bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

const slice = (k: number, changed: DicomFields = {}) => dicomBytes(ctFields(k, changed));
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no failure',
    (error) => (error instanceof Failure ? error.code : Promise.reject(error)),
  );

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nomograph-dicom-'));
  await mkdir(join(folder, 'scan/more'), { recursive: true });
  await writeFile(join(folder, 'scan/b'), slice(0));
  await writeFile(join(folder, 'scan/a.dcm'), slice(2));
  await writeFile(join(folder, 'scan/more/c.dcm'), slice(1));
  await writeFile(join(folder, 'scan/notes.txt'), 'no DICOM');
  await writeFile(join(folder, 'scan/rs.dcm'), dicomBytes({ Modality: 'RTSTRUCT' }));
});
afterAll(() => rm(folder, { recursive: true }));

describe('readDicomSeries', () => {
  it('reads a folder with what lies below it', async () => {
    const { series, annotations, skipped } = await readDicomSeries([join(folder, 'scan')]);
    expect(series.slices.map(({ fileName }) => fileName)).toEqual(['b', 'more/c.dcm', 'a.dcm']);
    expect(series.volume.size).toEqual([5, 4, 3]);
    expect(annotations.map(({ name }) => name)).toEqual(['rs.dcm']);
    expect(skipped).toEqual(['notes.txt']);
  });

  it('reads archives as they read folders', async () => {
    const { series } = await readDicomSeries([join(folder, 'scan')]);
    execFileSync('tar', ['-C', folder, '-czf', join(folder, 'a.tar.gz'), 'scan']);
    execFileSync('tar', ['-C', folder, '-cf', join(folder, 'a.tar'), 'scan']);
    const members = [0, 1, 2].map((k) => ({ name: `x/${k}.dcm`, bytes: slice(k) }));
    await writeFile(join(folder, 'a.zip'), zip([{ name: 'x/', bytes: new Uint8Array() }, ...members]));
    for (const name of ['a.tar.gz', 'a.tar', 'a.zip']) {
      const read = await readDicomSeries([join(folder, name)]);
      expect(read.series.volume).toEqual(series.volume);
    }
  });

  it('finds one series among several', async () => {
    const path = join(folder, 'other.dcm');
    await writeFile(path, slice(0, { SeriesInstanceUID: '1.2.4' }));
    const paths = [join(folder, 'scan'), path];
    expect(await codeOf(readDicomSeries(paths))).toBe('SERIES_MIXED');
    const { series } = await readDicomSeries(paths, { seriesInstanceUid: '1.2.4' });
    expect(series.volume.size).toEqual([5, 4, 1]);
    expect(await codeOf(readDicomSeries(paths, { seriesInstanceUid: '1.2.5' }))).toBe('NOT_FOUND');
  });

  it('refuses what is not there or not DICOM', async () => {
    expect(await codeOf(readDicomSeries([join(folder, 'absent')]))).toBe('FILE_UNREADABLE');
    expect(await codeOf(readDicomSeries([join(folder, 'scan/notes.txt')]))).toBe('FILE_FORMAT_UNKNOWN');
    await mkdir(join(folder, 'none'));
    expect(await codeOf(readDicomSeries([join(folder, 'none')]))).toBe('FILE_FORMAT_UNKNOWN');
  });
});

describe('a small archive', () => {
  it('is not unpacked to more than 640 MiB', async () => {
    const path = join(folder, 'bomb.zip');
    const zeros = new Uint8Array(2 ** 20);
    const members = (size: number) =>
      Array.from({ length: 5 }, (_, n) => ({ name: `${n}`, bytes: zeros, size }));
    await writeFile(path, zip(members(2 ** 27 + 1)));
    expect(await codeOf(readDicomSeries([path]))).toBe('FILE_TOO_LARGE');
    await writeFile(path, zip(members(2 ** 27)));
    expect(await codeOf(readDicomSeries([path]))).toBe('FILE_CORRUPT');
  });
});

describe('archiveEntries', () => {
  it('refuses bombs and lies', () => {
    const zeros = new Uint8Array(2 ** 21);
    const codeFor = (members: readonly Member[]) =>
      failureOf(() => archiveEntries(zip(members), limits)).code;
    expect(codeFor([{ name: 'a', bytes: zeros }])).toBe('FILE_TOO_LARGE');
    expect(codeFor([{ name: 'a', bytes: zeros, size: 100 }])).toBe('FILE_CORRUPT');
    // All sizes are looked at before anything is inflated, and so found to be a lie.
    const lie = { name: 'a', bytes: zeros, size: 2 ** 20 };
    expect(codeFor([lie])).toBe('FILE_CORRUPT');
    expect(codeFor([lie, lie])).toBe('FILE_TOO_LARGE');
    expect(codeFor(Array.from({ length: 101 }, (_, n) => ({ name: `${n}`, bytes: new Uint8Array() })))).toBe(
      'FILE_TOO_LARGE',
    );
    expect(failureOf(() => archiveEntries(gzipSync(zeros), limits)).code).toBe('FILE_TOO_LARGE');
    expect(archiveEntries(Buffer.from('neither'), limits)).toBeNull();
  });

  it('gives entries or a failure, whatever bytes are changed', () => {
    const tar = execFileSync('tar', ['-C', folder, '-cf', '-', 'scan/b', 'scan/notes.txt']);
    const sound = [zip([{ name: 'a', bytes: slice(0) }]), tar, gzipSync(tar)];
    const change = fc.tuple(fc.nat(100_000), fc.nat(255));
    fc.assert(
      fc.property(
        fc.constantFrom(...sound),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (bytes, changes) => {
          const changed = Uint8Array.from(bytes);
          for (const [at, value] of changes) changed[at % changed.length] = value;
          try {
            archiveEntries(changed, limits);
          } catch (error) {
            if (!(error instanceof Failure)) throw error;
          }
        },
      ),
      { seed: 9, numRuns: 2000 },
    );
  });
});

describe('compressed frames', () => {
  const { decodeFrame, close } = createFrameDecoder();
  afterAll(close);
  const columns = 32;
  const rows = 24;
  const values = Int16Array.from(
    { length: columns * rows },
    (_, n) => ((n * 37) % 1000) - 400 + (n % columns),
  );
  const { PixelData: _, ...fields } = ctFields(0, {
    Rows: rows,
    Columns: columns,
    BitsStored: 12,
    HighBit: 11,
  });
  const { Context, NativeCodecs } = codecs;
  const encoders = {
    '70': (context: InstanceType<typeof Context>) =>
      NativeCodecs.encodeJpeg(context, { lossy: false, predictor: 1 }),
    '80': (context: InstanceType<typeof Context>) => NativeCodecs.encodeJpegLs(context, { lossy: false }),
    '90': (context: InstanceType<typeof Context>) => NativeCodecs.encodeJpeg2000(context, { lossy: false }),
  };
  const suffixes = ['70', '80', '90'] as const;
  const frames = new Map<string, Uint8Array>();
  beforeAll(async () => {
    await NativeCodecs.initializeAsync();
    for (const suffix of suffixes) {
      const context = new Context({
        width: columns,
        height: rows,
        bitsAllocated: 16,
        bitsStored: 12,
        samplesPerPixel: 1,
        pixelRepresentation: 1,
        planarConfiguration: 0,
        photometricInterpretation: 'MONOCHROME2',
        decodedBuffer: new Uint8Array(values.buffer),
      });
      frames.set(suffix, new Uint8Array(encoders[suffix](context).getEncodedBuffer()!));
    }
  });
  const read = (suffix: string, frame: Uint8Array, options = {}) => {
    const bytes = dicomBytes(fields, { transferSyntax: `1.2.840.10008.1.2.4.${suffix}`, frames: [frame] });
    return readSeries([parseDicom(bytes, { fileName: 'a.dcm' })], { decodeFrame, ...options }).volume;
  };

  it.each(suffixes)('of transfer syntax …4.%s are decoded', (suffix) => {
    expect(read(suffix, frames.get(suffix)!).voxels).toEqual(values);
  });

  it('are refused where no decoder is given, or the frame is of another size', () => {
    const frame = frames.get('90')!;
    expect(failureOf(() => read('90', frame, { decodeFrame: undefined })).message).toBe(
      'a.dcm: images compressed as JPEG 2000 (Lossless Only) are not read here',
    );
    const huge = frame.slice();
    huge[8] = 0x70; // the width, in the marker SIZ
    expect(failureOf(() => read('90', huge)).code).toBe('FILE_CORRUPT');
  });

  it.each(suffixes)('of transfer syntax …4.%s are refused where they are cut off', (suffix) => {
    const whole = frames.get(suffix)!;
    for (const length of [whole.length - 1, whole.length - 2, whole.length - 30, 100]) {
      const padded = Buffer.concat([whole.subarray(0, length), new Uint8Array(4)]);
      expect(failureOf(() => read(suffix, padded)).code).toBe('FILE_TRUNCATED');
    }
    const padded = Buffer.concat([whole, new Uint8Array(4)]);
    expect(read(suffix, padded).voxels).toEqual(values);
  });

  it('are refused where the codec finds data to be missing', () => {
    const whole = frames.get('70')!;
    const half = Buffer.concat([whole.subarray(0, whole.length / 2), whole.subarray(-2)]);
    const { code, message } = failureOf(() => read('70', half));
    expect(code).toBe('FILE_CORRUPT');
    expect(message).toContain('Corrupt JPEG data: premature end of data segment');
    expect(read('70', whole).voxels).toEqual(values);
  });

  it('are decoded or refused, whatever bytes are changed', () => {
    const change = fc.tuple(fc.nat(10_000), fc.nat(255));
    fc.assert(
      fc.property(
        fc.constantFrom(...suffixes),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (suffix, changes) => {
          const changed = frames.get(suffix)!.slice();
          for (const [at, value] of changes) changed[at % changed.length] = value;
          try {
            expect(read(suffix, changed).voxels).toHaveLength(values.length);
          } catch (error) {
            if (!(error instanceof Failure)) throw error;
            expect(error.details.file).toBe('a.dcm');
          }
        },
      ),
      { seed: 10, numRuns: 60 },
    );
  });
});
