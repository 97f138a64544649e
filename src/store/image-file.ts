import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { constants, unzipSync } from 'node:zlib';
import { Failure } from '../engine/failure.ts';
import { type DecodedImage, type Inflate, type ReadOptions, readImage } from '../engine/imaging/index.ts';

const maxFileBytes = 2 ** 30;

/** Compressed bytes that are tried for a prefix: the second only where a long gzip header fills the first. */
const prefixLengths = [4096, 65_536];
/** Nothing inflates to more than 1032 times its length, so this never cuts off a prefix. */
const greatestRatio = 1032;

/** The engine's `Inflate` on zlib, whose output it bounds. */
export const inflate: Inflate = (data, maxLength, part) => {
  try {
    if (part === 'whole') {
      return unzipSync(data, {
        maxOutputLength: Math.max(1, maxLength),
        // One chunk for all of the output saves the copy that would join many; the memory is only touched as it is filled.
        chunkSize: Math.max(constants.Z_MIN_CHUNK, maxLength + 1),
      });
    }
    for (const length of prefixLengths) {
      const start = unzipSync(data.subarray(0, length), {
        maxOutputLength: length * greatestRatio,
        finishFlush: constants.Z_SYNC_FLUSH,
      });
      if (start.length >= maxLength) return start.subarray(0, maxLength);
      if (data.length <= length) return start;
    }
    throw new Failure(
      'FILE_CORRUPT',
      `the first ${prefixLengths.at(-1)} compressed bytes do not hold the header`,
    );
  } catch (error) {
    throw asFailure(error, maxLength);
  }
};

/** The failure that an error of zlib stands for; any other error as it is. */
export function asFailure(error: unknown, maxLength: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return new Failure('FILE_TOO_LARGE', `the compressed data inflate to more than ${maxLength} bytes`, {
      limit: maxLength,
    });
  }
  if (code === 'Z_BUF_ERROR') {
    return new Failure('FILE_TRUNCATED', 'the compressed data end before their end mark');
  }
  if (code.startsWith('Z_')) {
    return new Failure('FILE_CORRUPT', `the compressed data are broken (${(error as Error).message})`);
  }
  return error;
}

/** Decodes an image file's bytes: see `readImage`. `name` is the name that the user knows the file by. */
export function decodeImage(
  bytes: Uint8Array,
  name: string,
  options: Omit<ReadOptions, 'inflate'> = {},
): DecodedImage {
  return readImage(bytes, { ...options, fileName: name, inflate });
}

/**
 * Reads and decodes the image file at `path`; `name`, by default the file's own, is what failures call it and what says
 * its format. Throws `FILE_UNREADABLE`, `FILE_TOO_LARGE` (over 1 GiB) and whatever `readImage` throws.
 */
export async function readImageFile(
  path: string,
  { name = basename(path), ...options }: ReadImageFileOptions = {},
): Promise<DecodedImage> {
  const bytes = await readBounded(path, name);
  return decodeImage(bytes, name, options);
}

interface ReadImageFileOptions extends Omit<ReadOptions, 'inflate'> {
  readonly name?: string;
}

/** The bytes of the file at `path`. Throws `FILE_UNREADABLE`, and `FILE_TOO_LARGE` before reading. */
export async function readBounded(path: string, name: string): Promise<Uint8Array> {
  const unreadable = (error: NodeJS.ErrnoException) => {
    throw new Failure('FILE_UNREADABLE', `${name} cannot be read (${error.code})`, {
      file: name,
      reason: error.code ?? '',
    });
  };
  const { size, isFile } = await stat(path).then(
    (stats) => ({ size: stats.size, isFile: stats.isFile() }),
    unreadable,
  );
  if (!isFile) throw new Failure('FILE_UNREADABLE', `${name} is not a file`, { file: name });
  if (size > maxFileBytes) {
    throw new Failure('FILE_TOO_LARGE', `${name} has ${size} bytes, the limit is ${maxFileBytes}`, {
      file: name,
      bytes: size,
      limit: maxFileBytes,
    });
  }
  return readFile(path).catch(unreadable);
}
