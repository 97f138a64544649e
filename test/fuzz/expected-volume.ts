import { gunzipSync } from 'node:zlib';
import { plainBytes } from './fuzz-case.ts';

/** What a file says, read apart from the product's code and without its checks. */
export interface ExpectedVolume {
  readonly size: readonly number[];
  readonly spacing: readonly number[];
  /** Every origin that a form of the header gives. */
  readonly origins: readonly (readonly number[])[];
  readonly checksum: string;
}

type Read = (view: DataView, at: number, little: boolean) => number;

const readers: Readonly<Record<string, readonly [width: number, read: Read]>> = {
  int8: [1, (view, at) => view.getInt8(at)],
  uint8: [1, (view, at) => view.getUint8(at)],
  int16: [2, (view, at, little) => view.getInt16(at, little)],
  uint16: [2, (view, at, little) => view.getUint16(at, little)],
  int32: [4, (view, at, little) => view.getInt32(at, little)],
  uint32: [4, (view, at, little) => view.getUint32(at, little)],
  float32: [4, (view, at, little) => view.getFloat32(at, little)],
  float64: [8, (view, at, little) => view.getFloat64(at, little)],
  int64: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  uint64: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
};
const niftiTypes: Readonly<Record<number, string>> = {
  ...{ 2: 'uint8', 4: 'int16', 8: 'int32', 16: 'float32', 64: 'float64' },
  ...{ 256: 'int8', 512: 'uint16', 768: 'uint32', 1024: 'int64', 1280: 'uint64' },
};
const nrrdTypes: Readonly<Record<string, string>> = {
  ...{
    short: 'int16',
    ushort: 'uint16',
    uint: 'uint32',
    uchar: 'uint8',
    float: 'float32',
    double: 'float64',
    int: 'int32',
    int64: 'int64',
  },
};

/** A sum that tells voxels and their order apart. */
export function checksum(voxels: ArrayLike<number>): string {
  let [low, high] = [0x811c9dc5, 7];
  const word = new Float64Array(1);
  const halves = new Int32Array(word.buffer);
  for (let n = 0; n < voxels.length; n++) {
    word[0] = Number.isNaN(voxels[n]) ? Number.NaN : voxels[n];
    low = Math.imul(low ^ halves[0], 0x01000193) ^ halves[1];
    high = Math.imul(high + low, 0x85ebca6b) ^ (low >>> 13);
  }
  return `${voxels.length}:${low}:${high}`;
}

function voxelsAt(
  bytes: Uint8Array,
  start: number,
  count: number,
  type: string,
  little: boolean,
): number[] | null {
  const found = readers[type];
  if (!found || bytes.length !== start + count * found[0]) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: count }, (_, n) => found[1](view, start + found[0] * n, little));
}

const product = (numbers: readonly number[]) => numbers.reduce((one, other) => one * other, 1);

/** What a NIfTI or NRRD file says; null where its data are not as long as its header announces, or it is neither. */
export function expectedVolume(file: Uint8Array): ExpectedVolume | null {
  const bytes = plainBytes(file);
  if (bytes === null || bytes.length < 20) return null;
  return Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'NRRD'
    ? expectedNrrd(bytes)
    : expectedNifti(bytes);
}

function expectedNifti(bytes: Uint8Array): ExpectedVolume | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = [348, 540].includes(view.getInt32(0, true));
  const first = view.getInt32(0, little) === 348;
  if (bytes.length < (first ? 352 : 544)) return null;
  const real = (at: number, n = 0) =>
    first ? view.getFloat32(at + 4 * n, little) : view.getFloat64(at + 8 * n, little);
  const dim = Array.from({ length: 8 }, (_, n) =>
    first ? view.getInt16(40 + 2 * n, little) : Number(view.getBigInt64(16 + 8 * n, little)),
  );
  const type = niftiTypes[view.getInt16(first ? 70 : 12, little)];
  const start = first ? real(108) : Number(view.getBigInt64(168, little));
  const size = dim.slice(1, 4);
  const stored = voxelsAt(bytes, start, product(size), type, little);
  if (stored === null) return null;
  const slope = real(first ? 112 : 176);
  const intercept = real(first ? 116 : 184);
  const isScaled = slope !== 0 && !Number.isNaN(slope) && (slope !== 1 || intercept !== 0);
  const narrow = (value: number) => (type === 'float64' ? value : Math.fround(value));
  const voxels = isScaled ? stored.map((value) => narrow(slope * narrow(value) + intercept)) : stored;
  const unit = [1, 1000, 1, 0.001][(first ? bytes[123] : view.getInt32(500, little)) & 7];
  const code = (at: number) => (first ? view.getInt16(at, little) : view.getInt32(at, little));
  const [q, s] = first ? [256, 280] : [352, 400];
  const lps = (x: number, y: number, z: number) => [-x * unit, -y * unit, z * unit];
  const hasQform = code(first ? 252 : 344) > 0;
  const hasSform = code(first ? 254 : 348) > 0;
  return {
    size,
    spacing: [1, 2, 3].map((n) => real(first ? 76 : 104, n) * unit),
    origins: [
      ...(hasQform ? [lps(real(q, 3), real(q, 4), real(q, 5))] : []),
      ...(hasSform ? [lps(real(s, 3), real(s, 7), real(s, 11))] : []),
      ...(hasQform || hasSform ? [] : [[0, 0, 0]]),
    ],
    checksum: checksum(voxels),
  };
}

function expectedNrrd(bytes: Uint8Array): ExpectedVolume | null {
  const text = Buffer.from(bytes).toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null) return null;
  const fields = new Map<string, string>();
  for (const line of text.slice(0, end.index).split(/\r?\n/)) {
    const [, field, value] = /^([^:]+):(?!=)(.*)$/.exec(line) ?? [];
    if (!field || field.startsWith('#')) continue;
    if (fields.has(field.trim().toLowerCase())) return null;
    fields.set(field.trim().toLowerCase(), value.trim());
  }
  if (['byte skip', 'line skip'].some((field) => Number(fields.get(field) ?? 0) !== 0)) return null;
  const vectors = (field: string) =>
    [...(fields.get(field) ?? '').matchAll(/\(([^)]*)\)|none/gi)].map(([, inner]) =>
      inner?.split(',').map(Number),
    );
  const sizes = (fields.get('sizes') ?? '').split(/\s+/).map(Number);
  const inSpace = fields.has('space') || fields.has('space dimension');
  const steps = inSpace
    ? vectors('space directions').map((step) => step && Math.hypot(...step))
    : (fields.get('spacings') ?? '').split(/\s+/).map(Number);
  const axes = [0, 1, 2];
  const type = (fields.get('type') ?? '').toLowerCase();
  const start = end.index + end[0].length;
  let data = bytes.subarray(start);
  try {
    if (fields.get('encoding')?.toLowerCase() !== 'raw') data = gunzipSync(data);
  } catch {
    return null;
  }
  const little = fields.get('endian')?.toLowerCase() !== 'big';
  const voxels = voxelsAt(data, 0, product(sizes), nrrdTypes[type] ?? type, little);
  if (voxels === null) return null;
  const [x, y, z] = (inSpace && vectors('space origin')[0]) || [0, 0, 0];
  const space = fields.get('space') ?? '';
  const flipX = /^ras$|^right-anterior-superior$/i.test(space) ? -1 : 1;
  const flipY = /^[rl]as$|^(right|left)-anterior-superior$/i.test(space) ? -1 : 1;
  return {
    size: axes.map((axis) => sizes[axis]),
    spacing: axes.map((axis) => steps[axis] ?? Number.NaN),
    origins: [[flipX * x, flipY * y, z]],
    checksum: checksum(voxels),
  };
}
