import { Failure } from '../failure.ts';
import type { StoredType } from './voxel-data.ts';

/** The fields of a NIfTI-1 or NIfTI-2 header that matter for a volume, as stored. */
export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  /** `dim[1..dim[0]]`. */
  readonly dims: readonly number[];
  readonly datatype: StoredType;
  /** Where the voxels start, in bytes. */
  readonly voxelOffset: number;
  readonly slope: number;
  readonly intercept: number;
  /** `pixdim[0..3]`: qfac and the grid spacings. */
  readonly pixdim: readonly number[];
  readonly spatialUnit: number;
  readonly qformCode: number;
  readonly sformCode: number;
  /** `quatern_b, quatern_c, quatern_d`. */
  readonly quaternion: readonly number[];
  /** `qoffset_x, qoffset_y, qoffset_z`. */
  readonly quaternionOffset: readonly number[];
  /** `srow_x, srow_y, srow_z`, four numbers each. */
  readonly affine: readonly number[];
}

export const niftiHeaderLength = { 1: 348, 2: 540 } as const;

/** Byte positions of the fields, by version of the format. */
export const niftiPositions = {
  1: {
    dim: 40,
    datatype: 70,
    pixdim: 76,
    voxelOffset: 108,
    slope: 112,
    intercept: 116,
    units: 123,
    qformCode: 252,
    sformCode: 254,
    quaternion: 256,
    affine: 280,
    magic: 344,
  },
  2: {
    dim: 16,
    datatype: 12,
    pixdim: 104,
    voxelOffset: 168,
    slope: 176,
    intercept: 184,
    units: 500,
    qformCode: 344,
    sformCode: 348,
    quaternion: 352,
    affine: 400,
    magic: 4,
  },
} as const;

export const niftiDatatypes: Readonly<Record<number, StoredType>> = {
  2: 'uint8',
  4: 'int16',
  8: 'int32',
  16: 'float32',
  64: 'float64',
  256: 'int8',
  512: 'uint16',
  768: 'uint32',
  1024: 'int64',
  1280: 'uint64',
};

const otherDatatypes: Readonly<Record<number, string>> = {
  1: 'binary',
  32: 'complex64',
  128: 'RGB24',
  1536: 'float128',
  1792: 'complex128',
  2048: 'complex256',
  2304: 'RGBA32',
};

/** Which NIfTI header the bytes start with, by its length field and magic, or null. The pair of files (`ni1`) counts. */
export function niftiVersion(bytes: Uint8Array): 1 | 2 | null {
  const text = (start: number) => String.fromCharCode(...bytes.subarray(start, start + 3));
  if (bytes.length < 8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const is = (length: number) => view.getInt32(0, true) === length || view.getInt32(0, false) === length;
  if (is(540) && /^n[+i]2$/.test(text(4))) return 2;
  // A file cut off before the magic, which is at the header's end, is still known by its length field.
  if (is(348) && (bytes.length < 347 || /^n[+i]1$/.test(text(344)))) return 1;
  return null;
}

/**
 * Parses the header at the start of `bytes`, which must begin with one (`niftiVersion`). Throws `FILE_TRUNCATED`;
 * `FILE_CORRUPT` for a field outside the standard; `FILE_UNSUPPORTED` for a pair of files and for other than real scalars.
 *
 * R. W. Cox et al., NIfTI-1 Data Format (nifti1.h, 2003); NIfTI-2 (nifti2.h, 2011), https://nifti.nimh.nih.gov.
 */
export function parseNiftiHeader(bytes: Uint8Array, version: 1 | 2): NiftiHeader {
  const length = niftiHeaderLength[version];
  if (bytes.length < length) {
    throw new Failure(
      'FILE_TRUNCATED',
      `the file ends after ${bytes.length} bytes, within its header of ${length}`,
      { expected: length, found: bytes.length },
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const littleEndian = view.getInt32(0, true) === length;
  const at = niftiPositions[version];
  const int16 = (position: number) => view.getInt16(position, littleEndian);
  const int32 = (position: number) => view.getInt32(position, littleEndian);
  const int64 = (position: number) => Number(view.getBigInt64(position, littleEndian));
  const realWidth = version === 1 ? 4 : 8;
  const real = (position: number, n = 0) =>
    version === 1
      ? view.getFloat32(position + 4 * n, littleEndian)
      : view.getFloat64(position + 8 * n, littleEndian);
  const reals = (position: number, count: number) =>
    Array.from({ length: count }, (_, n) => real(position, n));

  if (bytes[at.magic + 1] !== 0x2b) {
    throw new Failure(
      'FILE_UNSUPPORTED',
      'the header is one of a .hdr and .img pair; only single .nii files are read',
    );
  }
  const dim = Array.from({ length: 8 }, (_, n) =>
    version === 1 ? int16(at.dim + 2 * n) : int64(at.dim + 8 * n),
  );
  if (dim[0] < 1 || dim[0] > 7) corrupt('dim[0]', dim[0], 'a number of dimensions from 1 to 7');
  const dims = dim.slice(1, dim[0] + 1);
  dims.forEach((size, n) => {
    if (size < 1 || !Number.isSafeInteger(size)) corrupt(`dim[${n + 1}]`, size, 'a positive size');
  });

  const code = int16(at.datatype);
  const datatype = niftiDatatypes[code];
  if (!datatype) {
    if (!(code in otherDatatypes)) corrupt('datatype', code, 'a type code of the standard');
    throw new Failure(
      'FILE_UNSUPPORTED',
      `voxels of type ${otherDatatypes[code]} are not read, only real scalars`,
      {
        field: 'datatype',
        value: code,
      },
    );
  }

  const least = length + 4; // The header and the four bytes that say whether extensions follow.
  const voxelOffset = version === 1 ? real(at.voxelOffset) : int64(at.voxelOffset);
  if (!Number.isSafeInteger(voxelOffset) || voxelOffset < least) {
    corrupt('vox_offset', voxelOffset, `a whole number from ${least}`);
  }
  return {
    version,
    littleEndian,
    dims,
    datatype,
    voxelOffset,
    slope: real(at.slope),
    intercept: real(at.intercept),
    pixdim: reals(at.pixdim, 4),
    spatialUnit: (version === 1 ? bytes[at.units] : int32(at.units)) & 7,
    qformCode: version === 1 ? int16(at.qformCode) : int32(at.qformCode),
    sformCode: version === 1 ? int16(at.sformCode) : int32(at.sformCode),
    quaternion: reals(at.quaternion, 3),
    quaternionOffset: reals(at.quaternion + 3 * realWidth, 3),
    affine: reals(at.affine, 12),
  };
}

function corrupt(field: string, value: number, expected: string): never {
  throw new Failure('FILE_CORRUPT', `the header's ${field} is ${value}, not ${expected}`, {
    field,
    value: Number.isFinite(value) ? value : String(value),
  });
}
