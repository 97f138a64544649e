import type { Geometry } from '../engine/imaging/volume.ts';
import type { Random } from '../engine/statistics/random.ts';
import { dyadic } from './latents.ts';
import { depthField, type LesionShape } from './lesion-shape.ts';
import { drawHarmonics } from './tumour.ts';

/** One delineation: who drew it, and whether for the first or the second time. */
export interface Reading {
  readonly reader: 'reader-1' | 'reader-2';
  readonly session: 1 | 2;
}

/** How a reader errs, in mm: a habit of drawing wide, a waver along the outline, and a jump from slice to slice. */
const habits = {
  'reader-1': { wide: 0.1, waver: 0.2, jump: 0.35 },
  'reader-2': { wide: 0.3, waver: 0.28, jump: 0.4 },
} as const;

/** The voxels that a reader takes for the lesion: its true outline, moved by the reader's errors; label 1. */
export function delineate(
  geometry: Geometry,
  shape: LesionShape,
  reader: Reading['reader'],
  random: Random,
): Uint8Array {
  const { wide, waver, jump } = habits[reader];
  const [nx, ny, nz] = geometry.size;
  const radius = (shape.semiAxes[0] + shape.semiAxes[1] + shape.semiAxes[2]) / 3;
  const errors = drawHarmonics(waver / radius, random);
  const harmonics = shape.harmonics.map((value, at) => value + errors[at]);
  const depth = depthField(geometry, { ...shape, harmonics });
  const mask = new Uint8Array(depth.length);
  for (let k = 0; k < nz; k++) {
    const bias = dyadic(wide + jump * random.normal());
    for (let at = k * nx * ny; at < (k + 1) * nx * ny; at++) mask[at] = depth[at] + bias > 0 ? 1 : 0;
  }
  return mask;
}
