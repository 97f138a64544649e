import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../test/support/failure-of.ts';
import { niftiBytes } from '../../test/support/nifti-bytes.ts';
import { Failure } from '../engine/failure.ts';
import { type Volume, writeNifti } from '../engine/imaging/index.ts';
import { decodeImage, inflate, readImageFile } from './image-file.ts';

/** A header that announces `sizes` of int16, with no voxels. */
const header = (x: number, y: number, z: number) =>
  niftiBytes({ dim: [3, x, y, z, 1, 1, 1, 1], data: new Uint8Array() });

const nrrd = (data: Uint8Array, sizes = '2 3 4') =>
  Buffer.concat([
    Buffer.from(
      `NRRD0004\ntype: short\ndimension: 3\nspace: LPS\nsizes: ${sizes}\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nendian: little\nencoding: gzip\n\n`,
    ),
    data,
  ]);

describe('inflate', () => {
  const text = Buffer.from('abc'.repeat(1000));

  it('inflates gzip and zlib data, of several members too', () => {
    expect(inflate(gzipSync(text), 3000, 'whole')).toEqual(text);
    expect(inflate(deflateSync(text), 3000, 'whole')).toEqual(text);
    const members = Buffer.concat([gzipSync(text.subarray(0, 1000)), gzipSync(text.subarray(1000))]);
    expect(inflate(members, 3000, 'whole')).toEqual(text);
  });

  it('says what is wrong', () => {
    const data = gzipSync(text);
    expect(failureOf(() => inflate(data, 2999, 'whole')).code).toBe('FILE_TOO_LARGE');
    expect(failureOf(() => inflate(data.subarray(0, -1), 3000, 'whole')).code).toBe('FILE_TRUNCATED');
    data[data.length - 6] ^= 1; // the check sum
    expect(failureOf(() => inflate(data, 3000, 'whole')).code).toBe('FILE_CORRUPT');
    expect(failureOf(() => inflate(text, 3000, 'whole')).code).toBe('FILE_CORRUPT');
  });

  it('gives a prefix, also of a stream that is cut off', () => {
    const data = gzipSync(text);
    expect(inflate(data, 10, 'prefix')).toEqual(text.subarray(0, 10));
    expect(inflate(data.subarray(0, -8), 5000, 'prefix')).toEqual(text);
  });

  it('looks for the prefix behind a long file name, within bounds', () => {
    const named = (length: number) => {
      const data = gzipSync(text);
      data[3] |= 8;
      return Buffer.concat([
        data.subarray(0, 10),
        Buffer.alloc(length, 'n'),
        Buffer.of(0),
        data.subarray(10),
      ]);
    };
    expect(inflate(named(10_000), 10, 'prefix')).toEqual(text.subarray(0, 10));
    expect(failureOf(() => inflate(named(1_000_000), 10, 'prefix')).code).toBe('FILE_CORRUPT');
  });
});

describe('decodeImage', () => {
  it('reads gzipped NIfTI and NRRD', () => {
    const plain = decodeImage(niftiBytes(), 'a.nii').volume;
    expect(decodeImage(gzipSync(niftiBytes()), 'a.nii.gz').volume).toEqual(plain);
    const voxels = niftiBytes().subarray(352);
    expect(decodeImage(nrrd(gzipSync(voxels)), 'a.nrrd').volume.voxels).toEqual(plain.voxels);
  });

  it.each([0, 1, 10, 18, 100, -9, -8, -4, -1])('refuses a gzipped file cut off at %i', (length) => {
    const bytes = gzipSync(niftiBytes()).subarray(0, length);
    expect(failureOf(() => decodeImage(bytes, 'a.nii.gz')).code).toMatch(/^FILE_(TRUNCATED|FORMAT_UNKNOWN)$/);
  });

  it('refuses a bomb behind a modest header, before it goes off', () => {
    const bomb = gzipSync(Buffer.concat([niftiBytes(), Buffer.alloc(2 ** 28)]));
    const before = process.memoryUsage().arrayBuffers;
    const failure = failureOf(() => decodeImage(bomb, 'bomb.nii.gz'));
    expect(failure.code).toBe('FILE_TOO_LARGE');
    expect(failure.message).toBe('bomb.nii.gz: the header announces 400 bytes, but the data inflate to more');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
    expect(failureOf(() => decodeImage(nrrd(gzipSync(Buffer.alloc(2 ** 28))), 'bomb.nrrd')).code).toBe(
      'FILE_TOO_LARGE',
    );
  });

  it('refuses a header that announces more than the file can hold, before it allocates', () => {
    const before = process.memoryUsage().arrayBuffers;
    // 512 MiB, within the limit, in a file of some hundred bytes.
    const failure = failureOf(() => decodeImage(gzipSync(header(1024, 1024, 256)), 'a.nii.gz'));
    expect(failure.code).toBe('FILE_TRUNCATED');
    expect(failureOf(() => decodeImage(nrrd(gzipSync('x'), '1024 1024 256'), 'a.nrrd')).code).toBe(
      'FILE_TRUNCATED',
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });

  it('refuses a header that announces more than the limit', () => {
    expect(failureOf(() => decodeImage(gzipSync(header(4096, 4096, 4096)), 'a.nii.gz')).code).toBe(
      'FILE_TOO_LARGE',
    );
    expect(failureOf(() => decodeImage(gzipSync(niftiBytes()), 'a.nii.gz', { maxVoxelBytes: 47 })).code).toBe(
      'FILE_TOO_LARGE',
    );
  });

  it('refuses gzipped garbage', () => {
    expect(failureOf(() => decodeImage(gzipSync(Buffer.alloc(5000, 7)), 'a.nii.gz')).code).toBe(
      'FILE_FORMAT_UNKNOWN',
    );
    expect(
      failureOf(() =>
        decodeImage(Buffer.from([0x1f, 0x8b, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 255, 255]), 'a.nii.gz'),
      ).code,
    ).toMatch(/^FILE_(CORRUPT|TRUNCATED|FORMAT_UNKNOWN)$/);
  });

  const volume: Volume = {
    size: [3, 4, 5],
    spacing: [1, 2, 3],
    origin: [4, 5, 6],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    voxels: new Int16Array(60).map((_, n) => n * n),
  };
  const sound: [string, Uint8Array][] = [
    ['a.nii', writeNifti(volume)],
    ['a.nii', niftiBytes({ version: 2, sformCode: 1, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] })],
    ['a.nii.gz', gzipSync(writeNifti(volume))],
    ['a.nrrd', nrrd(gzipSync(new Uint8Array(volume.voxels.buffer)), '3 4 5')],
  ];

  it('gives a volume of finite geometry or a failure, whatever bytes are changed', () => {
    const change = fc.tuple(fc.nat(1200), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...sound),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        ([name, bytes], changes) => {
          const changed = Uint8Array.from(bytes);
          for (const [position, value] of changes) changed[position % changed.length] = value;
          expectVolumeOrFailure(name, changed);
        },
      ),
      { seed: 3, numRuns: 5000 },
    );
  });

  it('gives a failure for random bytes behind a magic', () => {
    const start = fc.constantFrom(
      [...Buffer.from('NRRD0004\n')],
      [0x1f, 0x8b, 8, 0],
      [0x5c, 1, 0, 0],
      [0, 0, 2, 0x1c, ...Buffer.from('n+2\0')],
    );
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 700 }), (magic, rest) => {
        expectVolumeOrFailure('a', Uint8Array.from([...magic, ...rest]));
      }),
      { seed: 4, numRuns: 2000 },
    );
  });
});

function expectVolumeOrFailure(name: string, bytes: Uint8Array): void {
  try {
    const { volume } = decodeImage(bytes, name, { maxVoxelBytes: 2 ** 20 });
    expect(volume.voxels.length).toBe(volume.size[0] * volume.size[1] * volume.size[2]);
    expect([...volume.spacing, ...volume.origin, ...volume.direction].every(Number.isFinite)).toBe(true);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.details.file).toBe(name);
  }
}

describe('readImageFile', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nomograph-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'no failure',
      (error) => (error instanceof Failure ? error.code : Promise.reject(error)),
    );

  it('reads a file, by its own name or another', async () => {
    const path = join(folder, 'a.nii');
    await writeFile(path, niftiBytes());
    expect((await readImageFile(path)).format).toBe('NIFTI1');
    expect(await codeOf(readImageFile(path, { name: 'b.nrrd' }))).toBe('FILE_FORMAT_MISMATCH');
  });

  it('refuses a file that is not there, a folder, and a file over the limit', async () => {
    expect(await codeOf(readImageFile(join(folder, 'absent.nii')))).toBe('FILE_UNREADABLE');
    expect(await codeOf(readImageFile(folder))).toBe('FILE_UNREADABLE');
    const path = join(folder, 'large.nii');
    await writeFile(path, '');
    await truncate(path, 2 ** 30 + 1);
    expect(await codeOf(readImageFile(path))).toBe('FILE_TOO_LARGE');
  });
});
