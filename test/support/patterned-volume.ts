import type { Geometry, Vector3, Volume, VoxelArray } from '../../src/engine/imaging/index.ts';

/** Voxels of a kind, filled by a formula of x, y, z that other languages repeat to the bit. */
export function patterned<T extends VoxelArray>(
  type: new (length: number) => T,
  geometry: Pick<Geometry, 'size'> & Partial<Geometry>,
  value: (x: number, y: number, z: number) => number,
): Volume<T> {
  const [nx, ny, nz] = geometry.size;
  const voxels = new type(nx * ny * nz);
  let n = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) voxels[n++] = value(x, y, z);
  }
  return {
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    ...geometry,
    voxels,
  };
}

/** A label in a box of voxels, both corners included. */
export function boxMask(
  geometry: Pick<Geometry, 'size'> & Partial<Geometry>,
  lower: Vector3,
  upper: Vector3,
) {
  return patterned(Uint8Array, geometry, (...at) =>
    at.every((n, axis) => n >= lower[axis] && n <= upper[axis]) ? 1 : 0,
  );
}

/** Irregular whole numbers from −1000 to 1002. */
export function irregular(x: number, y: number, z: number): number {
  return (((x * 37 + y * 91 + z * 53 + x * y * z) * 7919) % 2003) - 1000;
}

/** Σ (n mod 97 + 1) · v[n]: voxels that change places change it. */
export function checksum(voxels: ArrayLike<number>): number {
  let sum = 0;
  for (let n = 0; n < voxels.length; n++) sum += ((n % 97) + 1) * voxels[n];
  return sum;
}
