import { type Geometry, type Volume, writeNifti } from '../../src/engine/imaging/index.ts';
import { random } from '../../src/engine/statistics/random.ts';

const grid: Geometry = {
  size: [12, 11, 9],
  spacing: [1.5, 1.5, 3],
  origin: [-10, 20.5, 4],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

/** A small noisy image as a NIfTI file; other seeds are other images. */
export function imageFile(seed: number, change: Partial<Geometry> = {}): Uint8Array {
  const geometry = { ...grid, ...change };
  const draw = random(seed, 'image');
  const voxels = Int16Array.from({ length: count(geometry) }, () => Math.round(400 * draw.uniform()));
  return writeNifti({ ...geometry, voxels } as Volume);
}

/** A mask with a block of the label as a NIfTI file, `margin` voxels inside of the volume. */
export function maskFile(label = 1, change: Partial<Geometry> = {}, margin = 2): Uint8Array {
  const geometry = { ...grid, ...change };
  const [nx, ny, nz] = geometry.size;
  const voxels = new Uint8Array(count(geometry));
  for (let k = margin; k < nz - margin; k++)
    for (let j = margin; j < ny - margin; j++)
      for (let i = margin; i < nx - margin; i++) voxels[i + nx * (j + ny * k)] = label;
  return writeNifti({ ...geometry, voxels } as Volume);
}

function count({ size: [nx, ny, nz] }: Geometry): number {
  return nx * ny * nz;
}
