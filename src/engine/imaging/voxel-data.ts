import { Failure } from '../failure.ts';
import type { VoxelArray } from './volume.ts';

/** How a file stores one voxel. */
export type StoredType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64';

export const bytesPerVoxel: Readonly<Record<StoredType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
};

const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * The voxels that `data` stores, in their own type; 64-bit integers as 32-bit ones. Where alignment and byte order allow,
 * the result is a view on `data`, not a copy. `data` must hold whole voxels. Throws `FILE_UNSUPPORTED` where a 64-bit
 * integer does not fit in 32 bits.
 */
export function decodeVoxels(data: Uint8Array, type: StoredType, littleEndian: boolean): VoxelArray {
  const width = bytesPerVoxel[type];
  // Not data.slice(): that of a Buffer is a view.
  const aligned = data.byteOffset % width === 0 ? data : new Uint8Array(data);
  const native = littleEndian === hostIsLittleEndian || width === 1 ? aligned : reversed(aligned, width);
  const { buffer, byteOffset } = native;
  const count = native.length / width;
  switch (type) {
    case 'int8':
      return new Int8Array(buffer, byteOffset, count);
    case 'uint8':
      return new Uint8Array(buffer, byteOffset, count);
    case 'int16':
      return new Int16Array(buffer, byteOffset, count);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, count);
    case 'int32':
      return new Int32Array(buffer, byteOffset, count);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, count);
    case 'float32':
      return new Float32Array(buffer, byteOffset, count);
    case 'float64':
      return new Float64Array(buffer, byteOffset, count);
    case 'int64':
    case 'uint64':
      return narrowed(new Int32Array(buffer, byteOffset, 2 * count), type);
  }
}

/** How a file stores the voxels of an array. */
export function storedType(voxels: VoxelArray): StoredType {
  return voxels[Symbol.toStringTag].replace('Array', '').toLowerCase() as StoredType;
}

/** The voxels' bytes, the lowest of each first: a view on them where the machine has that order, too. */
export function encodeVoxels(voxels: VoxelArray): Uint8Array {
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  return hostIsLittleEndian ? bytes : reversed(bytes, voxels.BYTES_PER_ELEMENT);
}

/**
 * `slope · v + intercept` for every voxel, computed in float64 and kept, as by ITK, in float32 unless the voxels are
 * float64; always a copy.
 */
export function scaled(voxels: VoxelArray, slope: number, intercept: number): Float32Array | Float64Array {
  const values = voxels instanceof Float64Array ? voxels.slice() : new Float32Array(voxels);
  for (let n = 0; n < values.length; n++) values[n] = slope * values[n] + intercept;
  return values;
}

/** A copy of `data` with the bytes of every `width`-byte word in reverse order. */
function reversed(data: Uint8Array, width: number): Uint8Array {
  const copy = new Uint8Array(data.length);
  for (let start = 0; start < data.length; start += width) {
    for (let byte = 0; byte < width; byte++) copy[start + byte] = data[start + width - 1 - byte];
  }
  return copy;
}

/** 64-bit integers, given as pairs of 32-bit words in the host's order, as 32-bit ones. */
function narrowed(words: Int32Array, type: 'int64' | 'uint64'): Int32Array | Uint32Array {
  const low = hostIsLittleEndian ? 0 : 1;
  const high = 1 - low;
  const count = words.length / 2;
  let fitsSigned = true;
  let fitsUnsigned = true;
  for (let n = 0; n < count; n++) {
    const top = words[2 * n + high];
    if (top !== 0) fitsUnsigned = false;
    // As uint64 the top word of a negative int64 would be a huge number.
    if (top !== words[2 * n + low] >> 31 || (type === 'uint64' && top !== 0)) fitsSigned = false;
    if (!fitsSigned && !fitsUnsigned) {
      throw new Failure(
        'FILE_UNSUPPORTED',
        `the voxels are of type ${type} and by voxel ${n} (counted from 0) neither all fit in int32 nor in uint32`,
        { type, voxel: n },
      );
    }
  }
  const result = fitsSigned ? new Int32Array(count) : new Uint32Array(count);
  for (let n = 0; n < count; n++) result[n] = words[2 * n + low];
  return result;
}
