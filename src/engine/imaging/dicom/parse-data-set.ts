import { Failure, type FailureCode } from '../../failure.ts';
import type { DataSet, Element } from './data-set.ts';
import { dictionary, tagName } from './dictionary.ts';

/** Sequences inside of sequences: real files stay below 10. */
const maxDepth = 16;
/** Elements and items of one file: a structure set of 50,000 contours has as many. */
const maxElements = 2 ** 19;

const undefinedLength = 0xffffffff;
const item = 0xfffee000;
const itemEnd = 0xfffee00d;
const sequenceEnd = 0xfffee0dd;
const pixelData = dictionary.PixelData[0];
const characterSet = dictionary.SpecificCharacterSet[0];
const noBytes = new Uint8Array();

const shortForm = new Set('AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));
const longForm = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

/** ISO registrations and defined terms of DICOM PS3.3 C.12.1.1.2, as `TextDecoder` calls them. */
const encodings: Readonly<Record<string, string>> = {
  'IR 13': 'shift_jis',
  'IR 58': 'gbk',
  'IR 87': 'iso-2022-jp',
  'IR 101': 'iso-8859-2',
  'IR 109': 'iso-8859-3',
  'IR 110': 'iso-8859-4',
  'IR 126': 'iso-8859-7',
  'IR 127': 'iso-8859-6',
  'IR 138': 'iso-8859-8',
  'IR 144': 'iso-8859-5',
  'IR 148': 'windows-1254',
  'IR 149': 'euc-kr',
  'IR 159': 'iso-2022-jp',
  'IR 166': 'windows-874',
  'IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

export interface DataSetCoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

/** Where reading is. `left`: elements that may still come, shared by all that read the same file. */
export interface Cursor extends DataSetCoding {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly left: { elements: number };
  at: number;
}

export function cursorOn(bytes: Uint8Array, coding: DataSetCoding): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { ...coding, bytes, view, left: { elements: maxElements }, at: 0 };
}

/**
 * Reads a data set (DICOM PS3.5, chapter 7) up to the end of `bytes`: explicit or implicit VR of either byte order, sequences and
 * items of defined and undefined length, unknown elements that hold a sequence (implicit VR, UN), encapsulated pixel data.
 * Values stay views on `bytes`. Every length is checked against what holds it; sequences are followed 16 deep, and a file may have
 * 2¹⁹ elements. Elements need not be in order, but none may come twice.
 *
 * Throws `FILE_TRUNCATED` where a length leads past the end, `FILE_CORRUPT` where it leads out of its item, and for unknown value
 * representations and misplaced delimiters, `FILE_TOO_LARGE`; each names the tag and the byte.
 */
export function parseDataSet(bytes: Uint8Array, coding: DataSetCoding, start = 0): DataSet {
  const cursor = cursorOn(bytes, coding);
  cursor.at = start;
  return readItem(cursor, bytes.length, false, 'windows-1252', 0);
}

/** The elements up to `end`, or up to the delimiter of an item of undefined length. */
function readItem(
  cursor: Cursor,
  end: number,
  delimited: boolean,
  inherited: string,
  depth: number,
): DataSet {
  const elements = new Map<number, Element>();
  let encoding = inherited;
  for (;;) {
    if (cursor.at === end && !delimited) break;
    if (depth === 0 && isPadding(cursor, end)) break;
    if (peekTag(cursor, end) === itemEnd) {
      if (!delimited) fail('FILE_CORRUPT', cursor, itemEnd, 'ends an item that is of defined length');
      cursor.at += 8;
      break;
    }
    const element = readElement(cursor, end, encoding, depth);
    if (elements.has(element.tag)) fail('FILE_CORRUPT', cursor, element.tag, 'comes twice');
    elements.set(element.tag, element);
    if (element.tag === characterSet) encoding = encodingOf(element.value);
  }
  return { elements, littleEndian: cursor.littleEndian, encoding };
}

/** Some writers fill up the last block with zeros. */
function isPadding({ bytes, at }: Cursor, end: number): boolean {
  if (end - at > 4096 || bytes[at] !== 0) return false;
  for (let n = at; n < end; n++) if (bytes[n] !== 0) return false;
  return true;
}

/** The tag at the cursor, of which there must be eight bytes at least. */
export function peekTag(cursor: Cursor, end: number): number {
  const { view, at, littleEndian } = cursor;
  if (end - at < 8) {
    const cut = end === cursor.bytes.length;
    throw new Failure(
      cut ? 'FILE_TRUNCATED' : 'FILE_CORRUPT',
      `an element begins at byte ${at}, but ${cut ? 'the file' : 'what holds it'} ends at byte ${end}`,
      { offset: at, found: end },
    );
  }
  return ((view.getUint16(at, littleEndian) << 16) | view.getUint16(at + 2, littleEndian)) >>> 0;
}

export function readElement(cursor: Cursor, end: number, encoding: string, depth: number): Element {
  spend(cursor);
  const tag = peekTag(cursor, end);
  if (tag >>> 16 === 0xfffe) fail('FILE_CORRUPT', cursor, tag, 'is a delimiter where an element should be');
  const { vr, length } = readHead(cursor, tag, end);
  const inner = vr === 'UN' ? { ...cursor, explicit: false, littleEndian: true } : cursor;
  if (length === undefinedLength) {
    if (tag === pixelData && vr !== 'SQ') {
      return { tag, vr, value: noBytes, items: null, fragments: readFragments(cursor, tag, end) };
    }
    if (vr !== 'SQ' && vr !== 'UN' && vr !== '')
      fail('FILE_CORRUPT', cursor, tag, `of type ${vr} has no length`);
    const items = readItems(inner, end, true, encoding, depth);
    cursor.at = inner.at;
    return { tag, vr, value: noBytes, items, fragments: null };
  }
  const stop = cursor.at + length;
  if (stop > end) failLength(cursor, tag, length, end);
  if (vr === 'SQ') {
    return {
      tag,
      vr,
      value: noBytes,
      items: readItems(cursor, stop, false, encoding, depth),
      fragments: null,
    };
  }
  const value = cursor.bytes.subarray(cursor.at, stop);
  const items =
    (vr === '' || vr === 'UN') && tag !== pixelData ? tryItems(inner, stop, encoding, depth) : null;
  cursor.at = stop;
  return { tag, vr, value: items === null ? value : noBytes, items, fragments: null };
}

/** Reads VR and length, and leaves the cursor at the value. */
function readHead(cursor: Cursor, tag: number, end: number): { vr: string; length: number } {
  const { view, bytes, at, littleEndian } = cursor;
  if (!cursor.explicit) {
    cursor.at += 8;
    return { vr: '', length: view.getUint32(at + 4, littleEndian) };
  }
  const vr = String.fromCharCode(bytes[at + 4], bytes[at + 5]);
  if (shortForm.has(vr)) {
    cursor.at += 8;
    return { vr, length: view.getUint16(at + 6, littleEndian) };
  }
  if (!longForm.has(vr)) {
    const shown = /^[ -~]{2}$/.test(vr) ? `"${vr}"` : `of bytes ${bytes[at + 4]} and ${bytes[at + 5]}`;
    fail('FILE_CORRUPT', cursor, tag, `has the unknown value representation ${shown}`);
  }
  if (end - at < 12) failLength(cursor, tag, 12, end);
  cursor.at += 12;
  return { vr, length: view.getUint32(at + 8, littleEndian) };
}

function readItems(
  cursor: Cursor,
  end: number,
  delimited: boolean,
  encoding: string,
  depth: number,
): DataSet[] {
  const items: DataSet[] = [];
  while (delimited || cursor.at < end) {
    spend(cursor);
    const tag = peekTag(cursor, end);
    const length = cursor.view.getUint32(cursor.at + 4, cursor.littleEndian);
    if (tag === sequenceEnd && (delimited || cursor.at + 8 === end)) {
      cursor.at += 8;
      break;
    }
    if (tag !== item) fail('FILE_CORRUPT', cursor, tag, 'stands where the item of a sequence should begin');
    if (depth >= maxDepth) fail('FILE_CORRUPT', cursor, tag, `is more than ${maxDepth} sequences deep`);
    cursor.at += 8;
    const isDelimited = length === undefinedLength;
    const stop = isDelimited ? end : cursor.at + length;
    if (stop > end) failLength(cursor, tag, length, end);
    items.push(readItem(cursor, stop, isDelimited, encoding, depth + 1));
  }
  return items;
}

/** The items of an element of unknown type, where its value is a sequence; null where it is not. */
function tryItems(cursor: Cursor, stop: number, encoding: string, depth: number): DataSet[] | null {
  const { view, at } = cursor;
  if (stop - at < 8 || view.getUint32(at, true) !== 0xe000fffe) return null;
  try {
    return readItems({ ...cursor }, stop, false, encoding, depth);
  } catch (error) {
    if (error instanceof Failure && error.code !== 'FILE_TOO_LARGE') return null;
    throw error;
  }
}

function readFragments(cursor: Cursor, of: number, end: number): Uint8Array[] {
  const fragments: Uint8Array[] = [];
  for (;;) {
    spend(cursor);
    const tag = peekTag(cursor, end);
    const length = cursor.view.getUint32(cursor.at + 4, cursor.littleEndian);
    if (tag !== sequenceEnd && tag !== item)
      fail('FILE_CORRUPT', cursor, tag, `stands among the fragments of ${tagName(of)}`);
    cursor.at += 8;
    if (tag === sequenceEnd) return fragments;
    const stop = cursor.at + length;
    if (stop > end) failLength(cursor, of, length, end);
    fragments.push(cursor.bytes.subarray(cursor.at, stop));
    cursor.at = stop;
  }
}

function encodingOf(value: Uint8Array): string {
  const terms = String.fromCharCode(...value.subarray(0, 256)).split('\\');
  // Of several, the last that is known: the first is then ASCII, and the others come in by escape sequences.
  const known = terms
    .map((term) => encodings[term.trim().replace(/^ISO[_ ](2022 )?/, '')])
    .filter((name) => name);
  return known.at(-1) ?? 'windows-1252';
}

function spend({ left }: Cursor): void {
  if (left.elements-- > 0) return;
  throw new Failure('FILE_TOO_LARGE', `the file has more than ${maxElements} elements`, {
    limit: maxElements,
  });
}

function failLength(cursor: Cursor, tag: number, length: number, end: number): never {
  const truncated = end === cursor.bytes.length;
  const holder = truncated ? 'the file' : 'what holds it';
  const message = `announces ${length} bytes, but ${holder} ends after ${Math.max(0, end - cursor.at)}`;
  fail(truncated ? 'FILE_TRUNCATED' : 'FILE_CORRUPT', cursor, tag, message);
}

function fail(code: FailureCode, { at }: Cursor, tag: number, message: string): never {
  throw new Failure(code, `${tagName(tag)} at byte ${at} ${message}`, { tag: tagName(tag), offset: at });
}
