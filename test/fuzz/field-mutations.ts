import { gzipSync } from 'node:zlib';
import type { Random } from '../../src/engine/statistics/random.ts';
import type { DicomFields, DicomValue } from '../support/dicom-bytes.ts';
import { dicomBytes } from '../support/dicom-bytes.ts';
import { type Mutated, type Mutation, pick } from './byte-mutations.ts';
import { nrrdBytes, nrrdFields } from './seed-files.ts';

type Kind = 'byte' | 'short' | 'int' | 'long' | 'float' | 'double';
type Position = readonly [name: string, at: number, kind: Kind];

/** The fields of nifti1.h and nifti2.h that a reader looks at. */
const niftiFields: Readonly<Record<1 | 2, readonly Position[]>> = {
  1: [
    ['sizeof_hdr', 0, 'int'],
    ...Array.from({ length: 8 }, (_, n) => [`dim[${n}]`, 40 + 2 * n, 'short'] as const),
    ['datatype', 70, 'short'],
    ['bitpix', 72, 'short'],
    ...Array.from({ length: 5 }, (_, n) => [`pixdim[${n}]`, 76 + 4 * n, 'float'] as const),
    ['vox_offset', 108, 'float'],
    ['scl_slope', 112, 'float'],
    ['scl_inter', 116, 'float'],
    ['xyzt_units', 123, 'byte'],
    ['qform_code', 252, 'short'],
    ['sform_code', 254, 'short'],
    ...Array.from({ length: 6 }, (_, n) => [`quaternion[${n}]`, 256 + 4 * n, 'float'] as const),
    ...Array.from({ length: 12 }, (_, n) => [`srow[${n}]`, 280 + 4 * n, 'float'] as const),
    ['magic', 344, 'int'],
  ],
  2: [
    ['sizeof_hdr', 0, 'int'],
    ['magic', 4, 'int'],
    ['datatype', 12, 'short'],
    ...Array.from({ length: 8 }, (_, n) => [`dim[${n}]`, 16 + 8 * n, 'long'] as const),
    ...Array.from({ length: 5 }, (_, n) => [`pixdim[${n}]`, 104 + 8 * n, 'double'] as const),
    ['vox_offset', 168, 'long'],
    ['scl_slope', 176, 'double'],
    ['scl_inter', 184, 'double'],
    ['qform_code', 344, 'int'],
    ['sform_code', 348, 'int'],
    ...Array.from({ length: 6 }, (_, n) => [`quaternion[${n}]`, 352 + 8 * n, 'double'] as const),
    ...Array.from({ length: 12 }, (_, n) => [`srow[${n}]`, 400 + 8 * n, 'double'] as const),
    ['xyzt_units', 500, 'int'],
  ],
};

const integers = [0, 1, -1, 2, 3, 4, 7, 8, 16, 64, 127, 255, 256, 348, 512, 1024, 1280, 32_767, -32_768];
const longs = [...integers.map(BigInt), 2n ** 31n, 2n ** 32n + 8n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];
const reals = [
  ...[0, -0, 1, -1, 0.5, 2, 1.5, 3.25, 1e-45, 1e-30, 1e-6, 1e6, 1e30, 3e38, -3e38, 348, 352, 352.5, 1e9],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, 5e-324],
];

/** Mostly one at a time, as of several the first one that is refused hides the others. */
const changes = [1, 1, 1, 2, 3];

/** Sets one to three fields of a NIfTI header to extremes. */
export function niftiField(version: 1 | 2): Mutation {
  return (bytes, draw) => {
    const copy = Uint8Array.from(bytes);
    const view = new DataView(copy.buffer);
    const what = Array.from({ length: pick(draw, changes) }, () => {
      // Half of the time one that says where voxels are and what they mean.
      const all = niftiFields[version];
      const telling = all.filter(([name]) => /^(dim\[[0-4]|datatype|vox_|scl_|xyzt|[qs]form)/.test(name));
      const [name, at, kind] = pick(draw, draw.integer(2) === 0 ? telling : all);
      const value =
        kind === 'long'
          ? pick(draw, longs)
          : pick(draw, kind === 'float' || kind === 'double' ? reals : integers);
      if (kind === 'long') view.setBigInt64(at, value as bigint, true);
      else if (kind === 'float') view.setFloat32(at, Number(value), true);
      else if (kind === 'double') view.setFloat64(at, Number(value), true);
      else if (kind === 'byte') view.setUint8(at, Number(value));
      else if (kind === 'short') view.setInt16(at, Number(value), true);
      else view.setInt32(at, Number(value), true);
      return `${name} = ${value}`;
    });
    return { bytes: copy, what: what.join(', ') };
  };
}

const words = [
  ...[
    '',
    '0',
    '1',
    '-1',
    '2',
    '3',
    '4',
    '6',
    '7',
    '8',
    '16',
    '17',
    '1e3',
    '0x10',
    'NaN',
    'inf',
    '1e308',
    '1e-320',
  ],
  ...[
    '99999999',
    '4294967296',
    '9007199254740993',
    '999999999999999',
    'none',
    '(',
    ')',
    '(1,0,0)',
    '(nan,nan,nan)',
  ],
  ...[
    'short',
    'uchar',
    'float',
    'double',
    'int64',
    'block',
    'raw',
    'gzip',
    'bzip2',
    'ascii',
    'little',
    'big',
    'RAS',
  ],
  ...['right-anterior-superior', '3D-right-handed', 'domain', 'vector', '(1,2)', '"mm"', '1 2 3 4 5 6 7 8 9'],
];
const ownWords: Readonly<Record<string, readonly string[]>> = {
  type: ['short', 'ushort', 'uchar', 'int16', 'uint16', 'float', 'double', 'int', 'uint', 'int64'],
  endian: ['big', 'little'],
  space: ['RAS', 'LAS', 'LPS', 'right-anterior-superior', 'left-anterior-superior', 'scanner-xyz'],
  encoding: ['raw', 'gz', 'gzip'],
};
const otherLines = [
  ...[
    'spacings: 1 1 1',
    'space dimension: 3',
    'byte skip: 8',
    'byte skip: -1',
    'line skip: 1',
    'data file: other.raw',
  ],
  ...[
    'units: "cm" "cm" "cm"',
    'space units: "mm" "mm" "mm"',
    'key:=value',
    '# a comment',
    'no field',
    'block size: 4',
  ],
  ...[
    'axis mins: 0 0 0',
    'measurement frame: (1,0,0) (0,1,0) (0,0,1)',
    'thicknesses: 1 1 1',
    'centerings: cell cell cell',
  ],
];

/** Changes one to three lines of an NRRD header. */
export const nrrdField: Mutation = (bytes, draw) => {
  const text = Buffer.from(bytes);
  const end = text.indexOf('\n\n');
  const lines = text.subarray(0, end).toString('latin1').split('\n').slice(1);
  const what = Array.from({ length: pick(draw, changes) }, () => {
    const n = draw.integer(lines.length);
    const field = lines[n].slice(0, lines[n].indexOf(':'));
    const change = draw.integer(6);
    if (change === 0) return `without ${lines.splice(n, 1)}`;
    if (change === 1) {
      const line = pick(
        draw,
        draw.integer(2) === 0 ? otherLines : [lines[n], `${field}: ${pick(draw, words)}`],
      );
      lines.splice(n, 0, line);
      return `with ${line}`;
    }
    const value = (nrrdFields[field] ?? '').split(' ');
    const word = pick(draw, draw.integer(2) === 0 ? words : (ownWords[field] ?? words));
    if (change === 2) lines[n] = `${field}: ${word}`;
    else lines[n] = `${field}: ${value.with(draw.integer(value.length), word).join(' ')}`;
    return lines[n];
  });
  return { bytes: nrrdBytes(lines, text.subarray(end + 2)), what: what.join(', ') };
};

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
const shorts = [0, 1, 2, 7, 8, 12, 15, 16, 17, 32, 64, 255, 4096, 32_768, 65_535];
const codings = [
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.5',
  '1.2.840.10008.1.2.4.50',
];

/** Writes a DICOM file anew with one to three of its elements, at any depth, set to extremes or left out, or in another coding. */
export function dicomField(fields: DicomFields, draw: Random): Mutated {
  let changed = fields;
  const what = Array.from({ length: pick(draw, changes) }, () => {
    const change = changeOne(changed, draw);
    changed = change.fields;
    return change.what;
  });
  const recoded = draw.integer(4) === 0;
  const transferSyntax = recoded ? pick(draw, codings) : '1.2.840.10008.1.2.1';
  const undefinedLengths = draw.integer(4) === 0;
  return {
    bytes: dicomBytes(changed, { transferSyntax, undefinedLengths }),
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
  } else other = pick(draw, /^[\d.-]+$/.test(String(value)) ? numbers : texts);
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

/** The change of a plain file, carried out inside of a gzip stream. */
export function gzipped(mutation: Mutation): Mutation {
  return (bytes, draw, donor) => {
    const mutated = mutation(bytes, draw, donor);
    return { bytes: gzipSync(mutated.bytes), what: `${mutated.what}, then gzipped` };
  };
}
