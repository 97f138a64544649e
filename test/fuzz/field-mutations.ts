import { gzipSync } from 'node:zlib';
import { changes, type Mutation, pick } from './byte-mutations.ts';
import { nrrdBytes, nrrdFields } from './seed-volumes.ts';

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

/** The change of a plain file, carried out inside of a gzip stream. */
export function gzipped(mutation: Mutation): Mutation {
  return (bytes, draw, donor) => {
    const mutated = mutation(bytes, draw, donor);
    return { bytes: gzipSync(mutated.bytes), what: `${mutated.what}, then gzipped` };
  };
}
