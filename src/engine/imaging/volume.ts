export type Vector3 = readonly [x: number, y: number, z: number];
/** Row-major 3 × 3 matrix; its columns are the directions of the i, j and k axes. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

export type VoxelArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/**
 * Where the voxels of a volume lie in the patient, in DICOM's LPS coordinates (x to the left, y to the back, z to the
 * head), as ITK holds it. The centre of voxel (i, j, k) is `origin + direction · (i·spacing.x, j·spacing.y, k·spacing.z)`.
 */
export interface Geometry {
  /** Number of voxels along i, j, k. */
  readonly size: Vector3;
  /** Distance of voxel centres along i, j, k in mm, positive. */
  readonly spacing: Vector3;
  /** Centre of voxel (0, 0, 0) in mm. */
  readonly origin: Vector3;
  readonly direction: Matrix3;
}

/** A scalar image in space. `voxels[i + size.x · (j + size.y · k)]`: x varies fastest. */
export interface Volume<T extends VoxelArray = VoxelArray> extends Geometry {
  readonly voxels: T;
}

/**
 * Inflates gzip or zlib data; given by the caller, as the engine has no I/O. `whole`: gives all of the output; throws
 * `FILE_TOO_LARGE` beyond `maxLength` bytes, `FILE_TRUNCATED` where the stream does not end, `FILE_CORRUPT` where it is
 * broken. `prefix`: gives the first `maxLength` bytes of the output, or fewer where there are no more.
 */
export type Inflate = (data: Uint8Array, maxLength: number, part: 'whole' | 'prefix') => Uint8Array;

/** What every reader of images is given beside the bytes. */
export interface ReadOptions {
  readonly inflate: Inflate;
  /** The most memory that the voxels of the result may take. Default 640 MiB. */
  readonly maxVoxelBytes?: number;
}
