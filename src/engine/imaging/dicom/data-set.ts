import { Failure } from '../../failure.ts';
import { dictionary, type Keyword, tagName } from './dictionary.ts';

/** One data element. `value` is a view on the file; it is empty where there are items or fragments. */
export interface Element {
  readonly tag: number;
  /** The value representation that the file states; empty under implicit VR. */
  readonly vr: string;
  readonly value: Uint8Array;
  /** The items of a sequence. */
  readonly items: readonly DataSet[] | null;
  /** The fragments of encapsulated pixel data; the first is the offset table. */
  readonly fragments: readonly Uint8Array[] | null;
}

/** A data set or a sequence's item: its elements by tag. */
export interface DataSet {
  readonly elements: ReadonlyMap<number, Element>;
  readonly littleEndian: boolean;
  /** What `TextDecoder` calls the character set. */
  readonly encoding: string;
}

const numeric = /^[-+.\de]+$/i;

const numberWidth: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 };

/** Throws `FILE_CORRUPT` for an element. */
export function corruptElement(keyword: Keyword, message: string): never {
  const [tag] = dictionary[keyword];
  throw new Failure('FILE_CORRUPT', `${tagName(tag)} ${message}`, { tag: tagName(tag) });
}

/** The element, or null where there is none or its value is empty. Throws `FILE_CORRUPT` where its VR is another than the dictionary's. */
export function findElement({ elements }: DataSet, keyword: Keyword): Element | null {
  const [tag, expected] = dictionary[keyword];
  const element = elements.get(tag);
  if (element === undefined) return null;
  const { vr } = element;
  const fits =
    vr === expected ||
    vr === '' ||
    vr === 'UN' ||
    (expected === 'US' && vr === 'SS') ||
    (expected === 'OW' && vr === 'OB') ||
    // Some write whole numbers as decimal strings and text of one kind as another.
    (isText(expected) && isText(vr));
  if (!fits) corruptElement(keyword, `has the value representation ${vr}, not ${expected}`);
  return element.value.length === 0 && element.items === null && element.fragments === null ? null : element;
}

function isText(vr: string): boolean {
  return [
    'AE',
    'AS',
    'CS',
    'DA',
    'DS',
    'DT',
    'IS',
    'LO',
    'LT',
    'PN',
    'SH',
    'ST',
    'TM',
    'UC',
    'UI',
    'UT',
  ].includes(vr);
}

/** The values of a text element, without padding; empty where it is absent or empty. */
export function texts(dataSet: DataSet, keyword: Keyword): string[] {
  const element = findElement(dataSet, keyword);
  if (element === null) return [];
  if (element.items !== null || element.fragments !== null)
    corruptElement(keyword, 'is a sequence, not text');
  const text = new TextDecoder(dataSet.encoding).decode(element.value);
  const values = text.split('\\').map(unpadded);
  return values.length === 1 && values[0] === '' ? [] : values;
}

function unpadded(value: string): string {
  let [start, end] = [0, value.length];
  while (start < end && isPadding(value.charCodeAt(start))) start++;
  while (end > start && isPadding(value.charCodeAt(end - 1))) end--;
  return start === 0 && end === value.length ? value : value.slice(start, end);
}

const isPadding = (code: number) => code === 0 || code === 32;

/** The first value of a text element, or null. */
export function text(dataSet: DataSet, keyword: Keyword): string | null {
  return texts(dataSet, keyword)[0] ?? null;
}

/** The numbers of an element of text (DS, IS) or of binary numbers; empty where it is absent or empty. Throws `FILE_CORRUPT`. */
export function numbers(dataSet: DataSet, keyword: Keyword): number[] {
  const expected = dictionary[keyword][1];
  if (expected === 'DS' || expected === 'IS') return textNumbers(dataSet, keyword, expected === 'IS');
  const element = findElement(dataSet, keyword);
  if (element === null) return [];
  const type = element.vr === 'SS' ? 'SS' : expected;
  const width = numberWidth[type];
  const { value } = element;
  if (element.items !== null || width === undefined || value.length % width !== 0) {
    corruptElement(keyword, `has ${value.length} bytes, not numbers of type ${type}`);
  }
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const little = dataSet.littleEndian || element.vr === 'UN';
  return Array.from({ length: value.length / width }, (_, n) => {
    const number = readNumber(view, n * width, type, little);
    if (!Number.isFinite(number)) corruptElement(keyword, `is ${number}`);
    return number;
  });
}

/** Numbers written as text; a contour may have millions. */
function textNumbers(dataSet: DataSet, keyword: Keyword, whole: boolean): number[] {
  const values = texts(dataSet, keyword);
  return values.map((value) => {
    // Number() would read hexadecimals and words, too, and nothing as 0.
    const number = numeric.test(value) ? Number(value) : Number.NaN;
    if (!Number.isFinite(number) || (whole && !Number.isInteger(number))) {
      corruptElement(keyword, `is "${shorten(value)}", not a ${whole ? 'whole ' : ''}number`);
    }
    return number;
  });
}

function readNumber(view: DataView, at: number, type: string, little: boolean): number {
  switch (type) {
    case 'US':
      return view.getUint16(at, little);
    case 'SS':
      return view.getInt16(at, little);
    case 'UL':
      return view.getUint32(at, little);
    case 'SL':
      return view.getInt32(at, little);
    case 'FL':
      return view.getFloat32(at, little);
    default:
      return view.getFloat64(at, little);
  }
}

/** The only number of an element, or null where it is absent or empty. Throws `FILE_CORRUPT`. */
export function number(dataSet: DataSet, keyword: Keyword): number | null {
  const values = numbers(dataSet, keyword);
  if (values.length > 1) corruptElement(keyword, `has ${values.length} values, not one`);
  return values[0] ?? null;
}

/** Exactly `count` numbers. Throws `FILE_CORRUPT`. */
export function requireNumbers(dataSet: DataSet, keyword: Keyword, count: number): number[] {
  const values = numbers(dataSet, keyword);
  if (values.length === 0) missing(keyword);
  if (values.length !== count) corruptElement(keyword, `has ${values.length} values, not ${count}`);
  return values;
}

export function requireNumber(dataSet: DataSet, keyword: Keyword): number {
  return requireNumbers(dataSet, keyword, 1)[0];
}

export function requireText(dataSet: DataSet, keyword: Keyword): string {
  return text(dataSet, keyword) ?? missing(keyword);
}

/** The items of a sequence; none where it is absent. Throws `FILE_CORRUPT` where the element is none. */
export function itemsOf(dataSet: DataSet, keyword: Keyword): readonly DataSet[] {
  const element = dataSet.elements.get(dictionary[keyword][0]);
  if (element === undefined) return [];
  if (element.items !== null) return element.items;
  if (element.value.length > 0 || element.fragments !== null) corruptElement(keyword, 'is not a sequence');
  return [];
}

/** The items of a sequence that must have one at least. */
export function requireItems(dataSet: DataSet, keyword: Keyword): readonly DataSet[] {
  const items = itemsOf(dataSet, keyword);
  return items.length > 0 ? items : missing(keyword);
}

/** Throws `FILE_CORRUPT` for an element that must be there. */
export function missing(keyword: Keyword): never {
  return corruptElement(keyword, 'is missing or empty');
}

/** A value of a file, short enough for a message. */
export function shorten(value: string): string {
  return value.length > 40 ? `${value.slice(0, 40)}…` : value;
}
