import { Failure } from '../failure.ts';
import { axisNames, requireGeometry, voxelCount } from './geometry.ts';
import { niftiDatatypes, niftiHeaderLength, niftiPositions as positions } from './nifti-header.ts';
import type { Matrix3, Volume } from './volume.ts';
import { encodeVoxels, storedType } from './voxel-data.ts';

const at = positions[1];
const voxelOffset = niftiHeaderLength[1] + 4;
const greatestSize = 32_767;

/**
 * The bytes of a single-file NIfTI-1 (`.nii`), little-endian, with the geometry as both sform and qform (code 1, scanner) in
 * RAS and mm. `readNifti` gives the voxels back as they are and the geometry as its single-precision header holds it.
 *
 * Throws `IMAGE_GEOMETRY_INVALID`, and `FILE_UNSUPPORTED` for an axis of more than 32,767 voxels.
 */
export function writeNifti(volume: Volume): Uint8Array {
  const { size, spacing, origin, direction, voxels } = requireGeometry(volume);
  if (voxels.length !== voxelCount(volume)) {
    throw new Error(`${voxels.length} voxels for a volume of ${size.join(' × ')}`);
  }
  size.forEach((length, axis) => {
    if (length <= greatestSize) return;
    throw new Failure('FILE_UNSUPPORTED', `NIfTI-1 cannot hold ${length} voxels along ${axisNames[axis]}`, {
      axis: axisNames[axis],
      value: length,
    });
  });
  const bytes = new Uint8Array(voxelOffset + voxels.byteLength);
  const view = new DataView(bytes.buffer);
  const reals = (position: number, values: readonly number[]) => {
    for (const [n, value] of values.entries()) view.setFloat32(position + 4 * n, value, true);
  };

  const type = storedType(voxels);
  const code = Object.keys(niftiDatatypes).find((key) => niftiDatatypes[Number(key)] === type);
  view.setInt32(0, niftiHeaderLength[1], true);
  for (const [n, value] of [3, ...size, 1, 1, 1, 1].entries()) view.setInt16(at.dim + 2 * n, value, true);
  view.setInt16(at.datatype, Number(code), true);
  view.setInt16(at.datatype + 2, 8 * voxels.BYTES_PER_ELEMENT, true);
  reals(at.voxelOffset, [voxelOffset]);
  reals(at.slope, [1]);
  bytes[at.units] = 2;

  const ras = direction.map((cosine, n) => (n < 6 ? -cosine : cosine)) as unknown as Matrix3;
  const [x, y, z] = [-origin[0], -origin[1], origin[2]];
  const { quaternion, handedness } = quaternionOf(ras);
  reals(at.pixdim, [handedness, ...spacing, 1, 1, 1, 1]);
  view.setInt16(at.qformCode, 1, true);
  view.setInt16(at.sformCode, 1, true);
  reals(at.quaternion, [...quaternion, x, y, z]);
  [x, y, z].forEach((offset, row) => {
    const steps = [0, 1, 2].map((axis) => ras[3 * row + axis] * spacing[axis]);
    reals(at.affine + 16 * row, [...steps, offset]);
  });
  bytes.set([0x6e, 0x2b, 0x31], at.magic); // "n+1"
  bytes.set(encodeVoxels(voxels), voxelOffset);
  return bytes;
}

/**
 * The parts b, c, d of the unit quaternion, with a ≥ 0, of a rotation; of a left-handed matrix that with its last column
 * negated, and handedness -1 (nifti1.h, method 2).
 */
function quaternionOf(m: Matrix3): { quaternion: readonly number[]; handedness: 1 | -1 } {
  const determinant =
    m[0] * (m[4] * m[8] - m[5] * m[7]) -
    m[1] * (m[3] * m[8] - m[5] * m[6]) +
    m[2] * (m[3] * m[7] - m[4] * m[6]);
  const handedness = determinant < 0 ? -1 : 1;
  const [r11, r12, r21, r22, r31, r32] = [m[0], m[1], m[3], m[4], m[6], m[7]];
  const [r13, r23, r33] = [handedness * m[2], handedness * m[5], handedness * m[8]];
  // The four components by their squares; the greatest is the safe divisor of the rest.
  const squares = [1 + r11 + r22 + r33, 1 + r11 - r22 - r33, 1 - r11 + r22 - r33, 1 - r11 - r22 + r33];
  const greatest = squares.indexOf(Math.max(...squares));
  const products = [
    [squares[0], r32 - r23, r13 - r31, r21 - r12],
    [r32 - r23, squares[1], r21 + r12, r13 + r31],
    [r13 - r31, r21 + r12, squares[2], r32 + r23],
    [r21 - r12, r13 + r31, r32 + r23, squares[3]],
  ][greatest];
  const divisor = 2 * Math.sqrt(squares[greatest]);
  const sign = products[0] < 0 ? -1 : 1;
  return { quaternion: products.slice(1).map((product) => (sign * product) / divisor), handedness };
}
