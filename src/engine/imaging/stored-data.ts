import { Failure } from '../failure.ts';
import type { ReadOptions } from './volume.ts';

/** 640 MiB: a scan of 512 × 512 × 300 voxels takes 600 as float64, and whoever reads it shall stay below 1 GiB. */
const defaultMaxVoxelBytes = 640 * 2 ** 20;

/** Deflate codes at most 258 bytes in two bits, so nothing inflates to more than 1032 times its length. */
const greatestRatio = 1032;

export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Throws `FILE_TOO_LARGE` where `count` voxels of `width` bytes in memory pass the limit. */
export function requireVoxelBytes(
  count: number,
  width: number,
  options: Pick<ReadOptions, 'maxVoxelBytes'>,
): void {
  const limit = options.maxVoxelBytes ?? defaultMaxVoxelBytes;
  if (count * width <= limit) return;
  throw new Failure(
    'FILE_TOO_LARGE',
    `${count} voxels would take ${count * width} bytes, the limit is ${limit}`,
    {
      voxels: count,
      bytes: count * width,
      limit,
    },
  );
}

/** Gives `data` back if it has exactly `length` bytes; throws `FILE_TRUNCATED` or `FILE_CORRUPT`. */
export function requireLength(data: Uint8Array, length: number): Uint8Array {
  if (data.length === length) return data;
  if (data.length < length) {
    throw new Failure(
      'FILE_TRUNCATED',
      `the header announces ${length} bytes, but there are ${data.length}`,
      {
        expected: length,
        found: data.length,
      },
    );
  }
  throw new Failure('FILE_CORRUPT', `the header announces ${length} bytes, but there are ${data.length}`, {
    expected: length,
    found: data.length,
  });
}

/** All that `data` inflates to, which must be exactly `length` bytes; never makes more, nor tries what cannot be. */
export function inflateExactly(data: Uint8Array, length: number, options: ReadOptions): Uint8Array {
  if (data.length * greatestRatio < length) {
    throw new Failure(
      'FILE_TRUNCATED',
      `the header announces ${length} bytes, but ${data.length} compressed bytes cannot hold as many`,
      { expected: length, found: data.length },
    );
  }
  try {
    return requireLength(options.inflate(data, length, 'whole'), length);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'FILE_TOO_LARGE') throw error;
    throw new Failure(
      'FILE_TOO_LARGE',
      `the header announces ${length} bytes, but the data inflate to more`,
      {
        expected: length,
      },
    );
  }
}
