import { crc32, inflateRawSync } from 'node:zlib';
import { Failure } from '../engine/failure.ts';
import { inflate } from './image-file.ts';

/** One file of an archive. */
export interface ArchiveEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ArchiveLimits {
  /** The most files that are taken out. */
  readonly maxEntries: number;
  /** The most bytes that all files together may have. */
  readonly maxBytes: number;
}

const zipEntry = 0x02014b50;
const zipEnd = 0x06054b50;
const zipLocal = 0x04034b50;
const block = 512;

/**
 * The files of a ZIP (stored or deflated), tar or gzipped tar archive; null where the bytes are none of these. Sizes are checked against
 * the limits before anything is inflated, so that a bomb costs nothing. Folders, links and devices are left out, and names are
 * only names: nothing is written anywhere.
 *
 * Throws `FILE_TOO_LARGE`, `FILE_TRUNCATED`, `FILE_CORRUPT`, `FILE_UNSUPPORTED` (encrypted, ZIP64, other compressions).
 */
export function archiveEntries(bytes: Uint8Array, limits: ArchiveLimits): ArchiveEntry[] | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length >= 4 && [zipLocal, zipEnd].includes(buffer.readUInt32LE(0)))
    return zipEntries(buffer, limits);
  if (buffer.length >= 2 && buffer.readUInt16BE(0) === 0x1f8b) {
    const inflated = inflate(buffer, limits.maxBytes, 'whole');
    return isTar(Buffer.from(inflated.buffer, inflated.byteOffset, inflated.byteLength))
      ? archiveEntries(inflated, limits)
      : null;
  }
  return isTar(buffer) ? tarEntries(buffer, limits) : null;
}

/** Whether the bytes begin as a ZIP, tar or gzipped tar archive does; of a gzip only the beginning is inflated. */
export function isArchive(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length >= 4 && [zipLocal, zipEnd].includes(buffer.readUInt32LE(0))) return true;
  if (buffer.length < 2 || buffer.readUInt16BE(0) !== 0x1f8b) return isTar(buffer);
  try {
    return isTar(Buffer.from(inflate(buffer, block, 'prefix')));
  } catch {
    return false; // Not a sound gzip: whoever reads it says so.
  }
}

/** Keeps count of what is taken out of an archive. */
function meter({ maxEntries, maxBytes }: ArchiveLimits): (name: string, size: number) => void {
  let [entries, total] = [0, 0];
  return (name, size) => {
    entries++;
    total += size;
    if (entries > maxEntries) {
      throw new Failure('FILE_TOO_LARGE', `the archive has more than ${maxEntries} files`, {
        limit: maxEntries,
      });
    }
    if (total > maxBytes) {
      throw new Failure(
        'FILE_TOO_LARGE',
        `the archive's files up to ${name} have ${total} bytes, the limit is ${maxBytes}`,
        {
          entry: name,
          bytes: total,
          limit: maxBytes,
        },
      );
    }
  };
}

/** By the central directory (PKWARE APPNOTE 6.3, 4.3.12). */
function zipEntries(buffer: Buffer, limits: ArchiveLimits): ArchiveEntry[] {
  const end = endOfDirectory(buffer);
  const count = buffer.readUInt16LE(end + 10);
  let at = buffer.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff)
    throw new Failure('FILE_UNSUPPORTED', 'archives of the form ZIP64 are not read');
  const spend = meter(limits);
  // All sizes are added up before the first file is inflated.
  const entries: (() => ArchiveEntry)[] = [];
  for (let n = 0; n < count; n++) {
    if (at + 46 > end || buffer.readUInt32LE(at) !== zipEntry)
      corrupt(`has no entry ${n + 1} in its directory`);
    const [flags, method] = [buffer.readUInt16LE(at + 8), buffer.readUInt16LE(at + 10)];
    const [stored, size] = [buffer.readUInt32LE(at + 20), buffer.readUInt32LE(at + 24)];
    const nameLength = buffer.readUInt16LE(at + 28);
    const name = buffer.toString('utf8', at + 46, Math.min(end, at + 46 + nameLength));
    if (!name.endsWith('/')) {
      spend(name, size);
      if (flags & 1)
        throw new Failure('FILE_UNSUPPORTED', `the archive's ${name} is encrypted`, { entry: name });
      const [sum, place] = [buffer.readUInt32LE(at + 16), buffer.readUInt32LE(at + 42)];
      entries.push(() => {
        const content = unpack(localData(buffer, place, stored, name), method, size, name);
        if (crc32(content) !== sum) corrupt(`holds ${name} with a wrong check sum`);
        return { name, bytes: content };
      });
    }
    at += 46 + nameLength + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32);
  }
  return entries.map((take) => take());
}

/** The end record stands before a comment of at most 65,535 bytes. */
function endOfDirectory(buffer: Buffer): number {
  for (let at = buffer.length - 22; at >= Math.max(0, buffer.length - 22 - 0xffff); at--) {
    if (buffer.readUInt32LE(at) === zipEnd) return at;
  }
  throw new Failure('FILE_TRUNCATED', 'the archive has no directory at its end');
}

function localData(buffer: Buffer, at: number, length: number, name: string): Buffer {
  if (at + 30 > buffer.length || buffer.readUInt32LE(at) !== zipLocal)
    corrupt(`says wrongly where ${name} is`);
  const start = at + 30 + buffer.readUInt16LE(at + 26) + buffer.readUInt16LE(at + 28);
  if (start + length > buffer.length) {
    throw new Failure('FILE_TRUNCATED', `the archive ends within ${name}`, { entry: name });
  }
  return buffer.subarray(start, start + length);
}

function unpack(data: Buffer, method: number, size: number, name: string): Buffer {
  if (method !== 0 && method !== 8) {
    throw new Failure('FILE_UNSUPPORTED', `the archive's ${name} is compressed by method ${method}`, {
      entry: name,
      method,
    });
  }
  try {
    const content = method === 0 ? data : inflateRawSync(data, { maxOutputLength: Math.max(1, size) });
    if (content.length === size) return content;
  } catch {
    // Longer than announced, or broken: the same to whoever sent it.
  }
  return corrupt(`holds ${name} with other than the ${size} bytes that it announces`);
}

function isTar(buffer: Buffer): boolean {
  return buffer.length >= block && buffer.toString('latin1', 257, 262) === 'ustar' && hasTarSum(buffer, 0);
}

/** POSIX ustar; of its extensions the long names of GNU and pax are passed over, as names are only shown. */
function tarEntries(buffer: Buffer, limits: ArchiveLimits): ArchiveEntry[] {
  const spend = meter(limits);
  const entries: ArchiveEntry[] = [];
  let at = 0;
  while (at + block <= buffer.length && buffer[at] !== 0) {
    if (!hasTarSum(buffer, at)) corrupt(`has a wrong check sum in the header at byte ${at}`);
    const text = (from: number, length: number) =>
      buffer.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const prefix = text(345, 155);
    const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`;
    const digits = text(124, 12).trim();
    if (!/^[0-7]+$/.test(digits)) corrupt(`gives the size of ${name} as "${digits}"`);
    const size = Number.parseInt(digits, 8);
    const start = at + block;
    if (start + size > buffer.length) {
      throw new Failure('FILE_TRUNCATED', `the archive ends within ${name}`, { entry: name });
    }
    if (['0', '\0'].includes(String.fromCharCode(buffer[at + 156]))) {
      spend(name, size);
      entries.push({ name, bytes: buffer.subarray(start, start + size) });
    }
    at = start + Math.ceil(size / block) * block;
  }
  return entries;
}

/** The sum of a header's bytes, its own field counted as blanks. */
function hasTarSum(buffer: Buffer, at: number): boolean {
  let sum = 0;
  for (let n = 0; n < block; n++) sum += n >= 148 && n < 156 ? 32 : buffer[at + n];
  return sum === Number.parseInt(buffer.toString('latin1', at + 148, at + 156), 8);
}

function corrupt(message: string): never {
  throw new Failure('FILE_CORRUPT', `the archive ${message}`);
}
