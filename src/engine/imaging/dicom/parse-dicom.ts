import { Failure } from '../../failure.ts';
import type { Inflate } from '../volume.ts';
import { type DataSet, shorten } from './data-set.ts';
import { dictionary, tagName } from './dictionary.ts';
import { cursorOn, parseDataSet, peekTag, readElement } from './parse-data-set.ts';
import { type TransferSyntax, transferSyntax } from './transfer-syntax.ts';

const defaultMaxInflatedBytes = 2 ** 28;

export interface ParseDicomOptions {
  /** The name that the user knows the file by; every failure gives it. */
  readonly fileName: string;
  /** Inflates raw deflate data (RFC 1951), without the header of gzip or zlib. Without it deflated files are refused. */
  readonly inflateRaw?: Inflate;
  /** The most that a deflated data set may inflate to. Default 256 MiB. */
  readonly maxInflatedBytes?: number;
}

/** A DICOM file that was read: its data set, and what its values are coded in. */
export interface DicomFile {
  readonly name: string;
  readonly transferSyntax: TransferSyntax;
  readonly dataSet: DataSet;
}

/** Whether the bytes are a DICOM file's, by the mark behind its preamble. */
export function isDicom(bytes: Uint8Array): boolean {
  return bytes.length >= 132 && String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';
}

/**
 * Reads a DICOM file (PS3.10, chapter 7): preamble, file meta information, and the data set in any known transfer syntax; pixel
 * data are left as they are coded. See `parseDataSet` for what is checked.
 *
 * Throws, with `details.file`, `FILE_FORMAT_UNKNOWN` (no preamble), `FILE_TRUNCATED`, `FILE_CORRUPT`, `FILE_TOO_LARGE`, and
 * `FILE_UNSUPPORTED` for a transfer syntax that is not known.
 */
export function parseDicom(bytes: Uint8Array, options: ParseDicomOptions): DicomFile {
  return inFile(options.fileName, () => {
    if (bytes.length === 0) throw new Failure('FILE_TRUNCATED', 'the file is empty', { found: 0 });
    if (!isDicom(bytes)) {
      throw new Failure(
        'FILE_FORMAT_UNKNOWN',
        'the content does not begin with the preamble of a DICOM file',
      );
    }
    const { uid, end } = readMeta(bytes);
    const syntax = transferSyntax(uid);
    if (!syntax.deflated) {
      return { name: options.fileName, transferSyntax: syntax, dataSet: parseDataSet(bytes, syntax, end) };
    }
    if (options.inflateRaw === undefined) {
      throw new Failure('FILE_UNSUPPORTED', `files coded as ${syntax.name} are not read here`, {
        transferSyntax: uid,
      });
    }
    const limit = options.maxInflatedBytes ?? defaultMaxInflatedBytes;
    const inflated = options.inflateRaw(bytes.subarray(end), limit, 'whole');
    return { name: options.fileName, transferSyntax: syntax, dataSet: parseDataSet(inflated, syntax) };
  });
}

/** The transfer syntax's UID, and where the file meta information ends. */
function readMeta(bytes: Uint8Array): { uid: string; end: number } {
  const cursor = cursorOn(bytes, { explicit: true, littleEndian: true });
  cursor.at = 132;
  let uid: string | null = null;
  while (cursor.at < bytes.length && peekTag(cursor, bytes.length) >>> 16 === 2) {
    const { tag, value } = readElement(cursor, bytes.length, 'windows-1252', 0);
    if (tag === dictionary.TransferSyntaxUID[0]) {
      uid = String.fromCharCode(...value.subarray(0, 64)).replace(/[ \0]+$/, '');
    }
  }
  if (uid === null) {
    const name = tagName(dictionary.TransferSyntaxUID[0]);
    throw new Failure('FILE_CORRUPT', `${name} is missing`, { tag: name });
  }
  if (!/^[\d.]+$/.test(uid)) {
    const name = tagName(dictionary.TransferSyntaxUID[0]);
    throw new Failure('FILE_CORRUPT', `${name} is "${shorten(uid)}", not a UID`, { tag: name });
  }
  return { uid, end: cursor.at };
}

/** Does `work`, and names the file in the failures that come of it. */
export function inFile<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Failure) || error.details.file !== undefined) throw error;
    throw new Failure(error.code, `${name}: ${error.message}`, { ...error.details, file: name });
  }
}
