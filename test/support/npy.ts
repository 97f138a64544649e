import { readFileSync } from 'node:fs';

/** A matrix of a NumPy file of float64, in C order whatever the file's. */
export interface NpyMatrix {
  readonly shape: readonly number[];
  readonly at: (...index: number[]) => number;
}

export function readNpy(path: string): NpyMatrix {
  const bytes = readFileSync(path);
  const headerLength = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + headerLength);
  if (!header.includes("'<f8'")) throw new Error(`${path} does not hold little-endian float64`);
  const shape = header
    .match(/\(([^)]*)\)/)![1]
    .split(',')
    .filter((length) => length.trim() !== '')
    .map(Number);
  const strides = shape.map(() => 1);
  const axes = [...shape.keys()];
  if (!header.includes("'fortran_order': True")) axes.reverse();
  axes.reduce((stride, axis) => {
    strides[axis] = stride;
    return stride * shape[axis];
  }, 1);
  const at = (...index: number[]) =>
    bytes.readDoubleLE(10 + headerLength + 8 * index.reduce((sum, i, axis) => sum + i * strides[axis], 0));
  return { shape, at };
}
