import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Volume, writeNifti } from '../../src/engine/imaging/index.ts';
import { namedParameters, parseParameters } from '../../src/engine/radiomics/index.ts';
import { random } from '../../src/engine/statistics/random.ts';
import type { ExtractTask } from '../../src/jobs/extract.worker.ts';

/** Regions a row, a column and a stack, each in a cell of its own of 7 × 7 × 7 voxels. */
const cells = 5;
const cell = 7;
const side = cells * cell;
export const regionsPerVolume = cells ** 3;

const grid = {
  size: [side, side, side],
  spacing: [0.8, 0.8, 3],
  origin: [-14, 3, 100],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
} as const;

/** Spheres of 2 to 3 voxels' radius, discs in each of the three planes, lines, pairs, and single voxels. */
const shapes: readonly ((x: number, y: number, z: number) => boolean)[] = [
  (x, y, z) => x * x + y * y + z * z <= 4,
  (x, y, z) => x * x + y * y + z * z <= 9,
  (x, y, z) => x * x + y * y + z * z <= 6.25,
  (x, y, z) => z === 0 && x * x + y * y <= 9,
  (x, y, z) => y === 0 && x * x + z * z <= 4,
  (x, y, z) => x === 0 && y * y + z * z <= 6.25,
  (x, y, z) => y === 0 && z === 0 && Math.abs(x) < 3,
  (x, y, z) => x === 0 && y === 0 && (z === 0 || z === 1),
  (x, y, z) => x === 0 && y === 0 && z === 0,
];
/** Mostly those that have textures. */
const turns = [0, 3, 1, 4, 2, 5, 0, 3, 1, 4, 2, 6, 5, 7, 1, 8];

/** The profiles take turns, as they take very different times. */
const profileNames = [
  'pyradiomics-default',
  'ak-1217',
  'ibsi-a',
  'pyradiomics-default',
  'pyradiomics-default',
];

/** A cell's region lies in its middle, or where the cell does on an edge, face or corner of the image, half cut off by it. */
function centreOf(place: number): number {
  if (place === 0) return 0;
  return place === cells - 1 ? side - 1 : cell * place + Math.floor(cell / 2);
}

/** Lays an image and a mask with `regionsPerVolume` tiny regions in a folder; gives a task for each. */
export async function tinyRegions(folder: string, number: number): Promise<ExtractTask[]> {
  const draw = random(number, 'tiny regions');
  const image = Int16Array.from({ length: side ** 3 }, () => Math.round(400 * draw.uniform()) - 100);
  const mask = new Int16Array(side ** 3);
  for (let n = 0; n < mask.length; n++) {
    const index = [n % side, Math.floor(n / side) % side, Math.floor(n / (side * side))];
    const places = index.map((i) => Math.floor(i / cell));
    const region = places[0] + cells * (places[1] + cells * places[2]);
    const [x, y, z] = index.map((i, axis) => i - centreOf(places[axis]));
    if (shapes[turns[(region + number) % turns.length]](x, y, z)) mask[n] = region + 1;
  }
  const stored = async (name: string, voxels: Int16Array) => {
    const bytes = writeNifti({ ...grid, voxels } satisfies Volume);
    const path = join(folder, `${number}-${name}.nii`);
    await writeFile(path, bytes);
    return { path, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  const [storedImage, storedMask] = [await stored('image', image), await stored('mask', mask)];
  return Array.from({ length: regionsPerVolume }, (_, region) => {
    const name = profileNames[region % profileNames.length];
    return {
      image: storedImage,
      mask: storedMask,
      label: region + 1,
      profile: parseParameters(namedParameters[name], name),
    };
  });
}
