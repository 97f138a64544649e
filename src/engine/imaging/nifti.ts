import { Failure } from '../failure.ts';
import { voxelCount } from './geometry.ts';
import { niftiGeometry } from './nifti-geometry.ts';
import { type NiftiHeader, niftiHeaderLength, niftiVersion, parseNiftiHeader } from './nifti-header.ts';
import { inflateExactly, isGzip, requireLength, requireVoxelBytes } from './stored-data.ts';
import type { ReadOptions, Volume } from './volume.ts';
import { bytesPerVoxel, decodeVoxels, scaled } from './voxel-data.ts';

const maxVoxelOffset = 2 ** 26;

/**
 * Reads a single-file NIfTI-1 or NIfTI-2 volume (`.nii`, or gzipped `.nii.gz`), of either byte order.
 *
 * Voxels keep their stored type (64-bit integers become 32-bit ones) and may share the memory of `bytes`; where the header
 * scales them (`scl_slope` neither 0 nor NaN, and not 1 with intercept 0) they become float32 as in ITK, from float64 float64.
 * Geometry: see `niftiGeometry`.
 * The header is checked before the rest is inflated, and then to exactly the length that it announces.
 *
 * Throws `FILE_FORMAT_UNKNOWN`, `FILE_TRUNCATED`, `FILE_CORRUPT`, `FILE_TOO_LARGE`, `FILE_UNSUPPORTED`, `IMAGE_NOT_3D` (more
 * or fewer than three dimensions, trailing ones of size 1 aside), `IMAGE_GEOMETRY_INVALID`.
 *
 * R. W. Cox et al., NIfTI-1 Data Format (nifti1.h, 2003); NIfTI-2 (nifti2.h, 2011), https://nifti.nimh.nih.gov.
 */
export function readNifti(bytes: Uint8Array, options: ReadOptions): Volume {
  const gzip = isGzip(bytes);
  const start = gzip ? options.inflate(bytes, niftiHeaderLength[2], 'prefix') : bytes;
  const version = niftiVersion(start);
  if (version === null) {
    throw new Failure('FILE_FORMAT_UNKNOWN', 'the content does not begin with a NIfTI header');
  }
  const header = parseNiftiHeader(start, version);
  requireThreeDimensions(header);
  const geometry = niftiGeometry(header);
  const scaling = scale(header);
  const count = voxelCount(geometry);
  const width = bytesPerVoxel[header.datatype];
  requireVoxelBytes(count, scaling ? Math.max(width, 4) : width, options);
  requireOffset(header);

  const length = header.voxelOffset + count * width;
  const whole = gzip ? inflateExactly(bytes, length, options) : requireLength(bytes, length);
  const voxels = decodeVoxels(whole.subarray(header.voxelOffset), header.datatype, header.littleEndian);
  return { ...geometry, voxels: scaling ? scaled(voxels, scaling.slope, scaling.intercept) : voxels };
}

function requireThreeDimensions({ dims }: NiftiHeader): void {
  if (dims.length >= 3 && dims.slice(3).every((size) => size === 1)) return;
  throw new Failure('IMAGE_NOT_3D', `the image has the dimensions ${dims.join(' × ')}`, { dimensions: dims });
}

function requireOffset({ voxelOffset }: NiftiHeader): void {
  if (voxelOffset <= maxVoxelOffset) return;
  throw new Failure(
    'FILE_TOO_LARGE',
    `the voxels start at byte ${voxelOffset}; at most ${maxVoxelOffset} bytes of header extensions are passed over`,
    { field: 'vox_offset', value: voxelOffset, limit: maxVoxelOffset },
  );
}

/** The scaling that the header asks for, or null. A slope of 0 or NaN means none, as does 1 with intercept 0. */
function scale({ slope, intercept }: NiftiHeader): { slope: number; intercept: number } | null {
  if (slope === 0 || Number.isNaN(slope) || (slope === 1 && intercept === 0)) return null;
  for (const [field, value] of [
    ['scl_slope', slope],
    ['scl_inter', intercept],
  ] as const) {
    if (!Number.isFinite(value)) {
      throw new Failure('FILE_CORRUPT', `the header's ${field} is ${value}`, { field, value: String(value) });
    }
  }
  return { slope, intercept };
}
