import type { Random } from '../../src/engine/statistics/random.ts';
import { type DicomCoding, type DicomFields, type DicomValue, dicomBytes } from '../support/dicom-bytes.ts';
import { byteMutations, changes, type Mutated, type Mutation, pick } from './byte-mutations.ts';

const texts = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1',
    '2',
    '1.5',
    '1e308',
    '-1e308',
    '1e-320',
    'NaN',
    'Infinity',
    '99999999999',
    'x',
    '\\',
    '\\\\',
  ],
  ...[
    '1\\1',
    '0\\0',
    '1\\0\\0\\0\\1\\0',
    '0\\0\\0\\0\\0\\0',
    '1\\0\\0\\1\\0\\0',
    '0.7\\0.7\\0\\-0.7\\0.7\\0',
    '1\\2\\3',
  ],
  ...[
    'CT',
    'MR',
    'PT',
    'SEG',
    'RTSTRUCT',
    'MONOCHROME1',
    'RGB',
    'POINT',
    'FRACTIONAL',
    '1.2.3.1',
    '1'.repeat(70),
  ],
];
const numbers = [
  ...texts.filter((text) => /^-?[\d.e-]+$/.test(text)),
  '-0.5',
  '1.5',
  '2',
  '3',
  '30',
  '33',
  '48',
  '1e-5',
  '1e5',
];
const times = [
  '',
  '000000',
  '093000',
  '102930',
  '1030',
  '103000',
  '103100.25',
  '235959',
  '246060',
  '10:30:00',
];
const shorts = [0, 1, 2, 7, 8, 12, 15, 16, 17, 32, 64, 255, 4096, 32_768, 65_535];
const codings = [
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.5',
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.4.91',
];

/** Writes a DICOM file anew with one to three of its elements, at any depth, set to extremes or left out, or in another coding. */
export function dicomField(fields: DicomFields, draw: Random, coding: DicomCoding = {}): Mutated {
  let changed = fields;
  const what = Array.from({ length: pick(draw, changes) }, () => {
    const change = changeOne(changed, draw);
    changed = change.fields;
    return change.what;
  });
  const recoded = draw.integer(4) === 0;
  const transferSyntax = recoded ? pick(draw, codings) : (coding.transferSyntax ?? '1.2.840.10008.1.2.1');
  const undefinedLengths = draw.integer(4) === 0;
  return {
    bytes: dicomBytes(changed, { ...coding, transferSyntax, undefinedLengths }),
    what: [...what, recoded ? transferSyntax : '', undefinedLengths ? 'undefined lengths' : '']
      .filter(Boolean)
      .join(', '),
  };
}

function changeOne(fields: DicomFields, draw: Random): { fields: DicomFields; what: string } {
  const all = Object.keys(fields);
  if (all.length === 0) return { fields, what: 'nothing, as it is empty' };
  const telling = all.filter((key) =>
    /^(Rows|Columns|Bits|Pixel|Rescale|ImagePos|Contour|Number|Referenced|.*Sequence)/.test(key),
  );
  const name = pick(draw, draw.integer(2) === 0 && telling.length > 0 ? telling : all) as keyof DicomFields;
  const value = fields[name] as DicomValue;
  const isItems = Array.isArray(value) && typeof value[0] !== 'number';
  if (isItems && value.length > 0 && draw.integer(4) !== 0) {
    const items = value as readonly DicomFields[];
    const n = draw.integer(items.length);
    const inner = changeOne(items[n], draw);
    return {
      fields: { ...fields, [name]: items.with(n, inner.fields) },
      what: `${name}[${n}].${inner.what}`,
    };
  }
  const change = draw.integer(5);
  if (change === 0) {
    const { [name]: _, ...rest } = fields;
    return { fields: rest, what: `without ${name}` };
  }
  if (isItems) {
    const items = value as readonly DicomFields[];
    const other = change === 1 ? [] : [...items, items[0] ?? {}];
    return { fields: { ...fields, [name]: other }, what: `${name} with ${other.length} items` };
  }
  let other: DicomValue;
  if (value instanceof Uint8Array)
    other = pick(draw, [value.slice(2), new Uint8Array(0), new Uint8Array(value.length + 2)]);
  else if (typeof value === 'number') other = pick(draw, shorts);
  else if (typeof value === 'string' && value.includes('\\') && change > 1) {
    const parts = value.split('\\');
    const n = draw.integer(parts.length);
    const isShorter = draw.integer(4) === 0;
    other = (isShorter ? parts.toSpliced(n, draw.integer(3)) : parts.with(n, pick(draw, numbers))).join('\\');
  } else if (/^\d{6}$/.test(String(value))) other = pick(draw, times);
  else other = pick(draw, /^[\d.-]+$/.test(String(value)) ? numbers : texts);
  const shown = other instanceof Uint8Array ? `${other.length} bytes` : JSON.stringify(other);
  return { fields: { ...fields, [name]: other }, what: `${name} = ${shown}` };
}

/** Sets the length of an element of an explicit little-endian DICOM file, at any depth, to an extreme. */
export const dicomLength: Mutation = (bytes, draw) => {
  const copy = Uint8Array.from(bytes);
  const view = new DataView(copy.buffer);
  const places: { at: number; wide: boolean }[] = [];
  for (let n = 132; n + 12 < copy.length; n++) {
    const vr = String.fromCharCode(copy[n + 4], copy[n + 5]);
    if (/^(OB|OW|SQ|UN|UT)$/.test(vr)) places.push({ at: n + 8, wide: true });
    else if (/^(UI|CS|DS|IS|US|UL|LO)$/.test(vr)) places.push({ at: n + 6, wide: false });
    else if (view.getUint32(n, true) === 0xe000fffe) places.push({ at: n + 4, wide: true });
  }
  const { at, wide } = pick(draw, places);
  const now = wide ? view.getUint32(at, true) : view.getUint16(at, true);
  const values = [
    0,
    1,
    now + 1,
    now - 1,
    now + 2,
    now - 2,
    2 * now,
    0xffff,
    0xfffe,
    0xffffffff,
    0xfffffffe,
    0x7fffffff,
  ];
  const value = pick(draw, values) >>> 0;
  if (wide) view.setUint32(at, value, true);
  else view.setUint16(at, value & 0xffff, true);
  return { bytes: copy, what: `the length at ${at} from ${now} to ${value}` };
};

/** Changes the frame of a compressed slice, or how it is cut into fragments, and writes the file anew around it. */
export function dicomFrame(
  fields: DicomFields,
  draw: Random,
  { transferSyntax, frame }: { readonly transferSyntax: string; readonly frame: Uint8Array },
): Mutated {
  const write = (frames: readonly Uint8Array[], offsets: readonly number[]) =>
    dicomBytes(fields, { transferSyntax, frames, offsets });
  if (draw.integer(4) > 0) {
    const [name, mutation] = pick(draw, Object.entries(byteMutations));
    const changed = mutation(frame, draw, frame);
    return { bytes: write([changed.bytes], [0]), what: `of the frame: ${name}, ${changed.what}` };
  }
  const cut = 2 * draw.integer(Math.ceil(frame.length / 2));
  const parts = pick(draw, [
    [frame.subarray(0, cut), frame.subarray(cut)],
    [frame.subarray(cut), frame.subarray(0, cut)],
    [frame, frame],
    [],
  ]);
  const offsets = pick(draw, [[], [0], [8], [0, cut + 8]]);
  return {
    bytes: write(parts, offsets),
    what: `${parts.length} fragments, the first of ${parts[0]?.length} bytes, and offsets ${offsets}`,
  };
}
