import { gzipSync } from 'node:zlib';
import { type Volume, writeNifti } from '../../src/engine/imaging/index.ts';
import { random } from '../../src/engine/statistics/random.ts';
import { niftiBytes } from '../support/nifti-bytes.ts';

export type VolumeFormat = 'NIfTI-1' | 'NIfTI-2' | 'NIfTI gzip' | 'NRRD' | 'NRRD gzip';

const size = [8, 7, 6] as const;
const count = size[0] * size[1] * size[2];
const spacing = [1.5, 2, 3.25] as const;
const types = {
  short: Int16Array,
  uchar: Uint8Array,
  float: Float32Array,
  double: Float64Array,
  int: Int32Array,
};
type NrrdType = keyof typeof types;

const grid = { size, spacing, origin: [-10, 20.5, 4], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;

/** The voxels of a noisy image, or of a mask with a block of 1 away from the edges. */
function voxelsOf(role: 'image' | 'mask', type: NrrdType) {
  const draw = random(1, 'seed', role);
  const values = Array.from({ length: count }, (_, n) => {
    if (role === 'image') return Math.round((type === 'uchar' ? 255 : 400) * draw.uniform());
    const index = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))];
    return index.every((i, axis) => i >= 1 && i < size[axis] - 1) ? 1 : 0;
  });
  return new types[type](values);
}

export const nrrdFields: Readonly<Record<string, string>> = {
  type: 'short',
  dimension: '3',
  space: 'left-posterior-superior',
  sizes: size.join(' '),
  'space directions': `(${spacing[0]},0,0) (0,${spacing[1]},0) (0,0,${spacing[2]})`,
  kinds: 'domain domain domain',
  endian: 'little',
  encoding: 'raw',
  'space origin': '(-10,20.5,4)',
};

/** An NRRD file by its definition, apart from the code that it tests; `lines` are those of its header. */
export function nrrdBytes(lines: readonly string[], data: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`NRRD0004\n${lines.join('\n')}\n\n`), data]);
}

/** A sound volume file of a format, all of one grid. */
export function volumeFile(
  format: VolumeFormat,
  role: 'image' | 'mask',
  type: NrrdType = 'short',
): Uint8Array {
  const voxels = voxelsOf(role, type);
  const data = new Uint8Array(voxels.buffer);
  if (format.startsWith('NRRD')) {
    const gzip = format === 'NRRD gzip';
    const fields = { ...nrrdFields, type, encoding: gzip ? 'gzip' : 'raw' };
    return nrrdBytes(
      Object.entries(fields).map(([field, value]) => `${field}: ${value}`),
      gzip ? gzipSync(data) : data,
    );
  }
  if (format !== 'NIfTI-2') return writeNifti({ ...grid, voxels } as Volume);
  const codes = { uchar: 2, short: 4, int: 8, float: 16, double: 64 };
  const [x, y, z] = grid.origin;
  return niftiBytes({
    version: 2,
    dim: [3, ...size, 1, 1, 1, 1],
    datatype: codes[type],
    pixdim: [1, ...spacing],
    sformCode: 1,
    affine: [-spacing[0], 0, 0, -x, 0, -spacing[1], 0, -y, 0, 0, spacing[2], z],
    data,
  });
}
