import { Failure } from '../failure.ts';
import { voxelCount } from './geometry.ts';
import { corrupt, nrrdGeometry, wholeNumber } from './nrrd-geometry.ts';
import { parseNrrdHeader, shorten } from './nrrd-header.ts';
import { inflateExactly, requireLength, requireVoxelBytes } from './stored-data.ts';
import type { ReadOptions, Volume } from './volume.ts';
import { bytesPerVoxel, decodeVoxels, type StoredType } from './voxel-data.ts';

const synonyms: Readonly<Record<StoredType, readonly string[]>> = {
  int8: ['signed char', 'int8', 'int8_t'],
  uint8: ['uchar', 'unsigned char', 'uint8', 'uint8_t'],
  int16: ['short', 'short int', 'signed short', 'signed short int', 'int16', 'int16_t'],
  uint16: ['ushort', 'unsigned short', 'unsigned short int', 'uint16', 'uint16_t'],
  int32: ['int', 'signed int', 'int32', 'int32_t'],
  uint32: ['uint', 'unsigned int', 'uint32', 'uint32_t'],
  int64: [
    'longlong',
    'long long',
    'long long int',
    'signed long long',
    'signed long long int',
    'int64',
    'int64_t',
  ],
  uint64: ['ulonglong', 'unsigned long long', 'unsigned long long int', 'uint64', 'uint64_t'],
  float32: ['float'],
  float64: ['double'],
};
/** Teem's own bound. */
const maxDimension = 16;

const types = new Map(
  Object.entries(synonyms).flatMap(([type, names]) =>
    names.map((name) => [name, type as StoredType] as const),
  ),
);

/**
 * Reads an NRRD volume (`.nrrd`) with its data attached, raw or gzipped, of either byte order.
 *
 * Voxels keep their stored type (64-bit integers become 32-bit ones) and may share the memory of `bytes`. Geometry: see
 * `nrrdGeometry`. Data are inflated to exactly the length that the header announces.
 *
 * Throws `FILE_FORMAT_UNKNOWN`, `FILE_TRUNCATED`, `FILE_CORRUPT`, `FILE_TOO_LARGE`, `FILE_UNSUPPORTED` (detached data, ascii,
 * hex and bzip2 encodings, blocks, skips), `IMAGE_NOT_3D`, `IMAGE_GEOMETRY_INVALID`.
 *
 * G. Kindlmann, Definition of NRRD File Format, https://teem.sourceforge.net/nrrd/format.html.
 */
export function readNrrd(bytes: Uint8Array, options: ReadOptions): Volume {
  const { fields, dataStart } = parseNrrdHeader(bytes);
  const required = (field: string) => {
    const value = fields.get(field);
    if (value === undefined)
      throw new Failure('FILE_CORRUPT', `the header lacks the field "${field}"`, { field });
    return value;
  };
  const type = types.get(required('type').toLowerCase().replace(/\s+/g, ' '));
  if (type === undefined) unsupported('type', required('type'));
  const encoding = required('encoding').toLowerCase();
  if (!/^(raw|gz|gzip)$/.test(encoding)) unsupported('encoding', encoding);
  for (const field of ['line skip', 'byte skip']) {
    if (Number(fields.get(field) ?? 0) !== 0) unsupported(field, required(field));
  }
  const width = bytesPerVoxel[type];
  const endian = width === 1 ? 'little' : required('endian').toLowerCase();
  if (endian !== 'little' && endian !== 'big') corrupt('endian', endian, 'little or big');

  const dimension = wholeNumber('dimension', required('dimension'));
  if (dimension > maxDimension) corrupt('dimension', `${dimension}`, `at most ${maxDimension}`);
  const sizes = required('sizes')
    .split(/\s+/, maxDimension + 1)
    .map((size) => wholeNumber('sizes', size));
  if (sizes.length !== dimension) corrupt('sizes', required('sizes'), `a list of ${dimension}`);
  const geometry = nrrdGeometry(fields, sizes);
  const count = voxelCount(geometry);
  requireVoxelBytes(count, width, options);

  const data = bytes.subarray(dataStart);
  const length = count * width;
  const stored = encoding === 'raw' ? requireLength(data, length) : inflateExactly(data, length, options);
  return { ...geometry, voxels: decodeVoxels(stored, type, endian === 'little') };
}

function unsupported(field: string, value: string): never {
  throw new Failure('FILE_UNSUPPORTED', `an NRRD file with ${field} "${shorten(value)}" is not read`, {
    field,
    value: shorten(value),
  });
}
