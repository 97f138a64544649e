/** What a NIfTI header may say, right or wrong; absent: a valid 2 × 3 × 4 int16 volume in mm without orientation. */
export interface NiftiFields {
  version?: 1 | 2;
  littleEndian?: boolean;
  headerLength?: number;
  magic?: string;
  dim?: number[];
  datatype?: number;
  pixdim?: number[];
  voxelOffset?: number;
  slope?: number;
  intercept?: number;
  units?: number;
  qformCode?: number;
  sformCode?: number;
  /** quatern_b, c, d and qoffset_x, y, z. */
  quaternion?: number[];
  /** srow_x, srow_y, srow_z. */
  affine?: number[];
  /** The bytes from `voxelOffset` on. */
  data?: Uint8Array;
}

/** A single-file NIfTI with these fields, written by nifti1.h and nifti2.h, apart from the code that it tests. */
export function niftiBytes(fields: NiftiFields = {}): Uint8Array {
  const { version = 1, littleEndian = true, dim = [3, 2, 3, 4, 1, 1, 1, 1] } = fields;
  const first = version === 1;
  const offset = first ? 352 : 544;
  const data = fields.data ?? new Uint8Array(2 * 24).map((_, n) => n);
  const bytes = new Uint8Array(offset + data.length);
  const view = new DataView(bytes.buffer);
  const short = (at: number, value: number) => view.setInt16(at, value, littleEndian);
  const int = (at: number, value: number) => view.setInt32(at, value, littleEndian);
  const long = (at: number, value: number) => view.setBigInt64(at, BigInt(value), littleEndian);
  const reals = (at: number, values: number[]) => {
    for (const [n, value] of values.entries()) {
      if (first) view.setFloat32(at + 4 * n, value, littleEndian);
      else view.setFloat64(at + 8 * n, value, littleEndian);
    }
  };
  int(0, fields.headerLength ?? (first ? 348 : 540));
  for (const [n, size] of dim.entries()) first ? short(40 + 2 * n, size) : long(16 + 8 * n, size);
  short(first ? 70 : 12, fields.datatype ?? 4);
  reals(first ? 76 : 104, fields.pixdim ?? [1, 1, 1, 1]);
  if (first) reals(108, [fields.voxelOffset ?? offset]);
  else long(168, fields.voxelOffset ?? offset);
  reals(first ? 112 : 176, [fields.slope ?? 0, fields.intercept ?? 0]);
  if (first) bytes[123] = fields.units ?? 2;
  else int(500, fields.units ?? 2);
  (first ? short : int)(first ? 252 : 344, fields.qformCode ?? 0);
  (first ? short : int)(first ? 254 : 348, fields.sformCode ?? 0);
  reals(first ? 256 : 352, fields.quaternion ?? [0, 0, 0, 0, 0, 0]);
  reals(first ? 280 : 400, fields.affine ?? new Array(12).fill(0));
  const magic = fields.magic ?? (first ? 'n+1\0' : 'n+2\0\r\n\x1a\n');
  bytes.set(new TextEncoder().encode(magic), first ? 344 : 4);
  bytes.set(data, offset);
  return bytes;
}
