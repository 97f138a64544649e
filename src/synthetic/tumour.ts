import type { Vector3 } from '../engine/imaging/volume.ts';
import type { Random } from '../engine/statistics/random.ts';
import { dyadic, type Latents } from './latents.ts';
import { HARMONIC_COUNT, type LesionShape } from './lesion-shape.ts';

/** One patient's tumour and the liver around it: what all scans of the patient have in common. */
export interface Tumour {
  readonly shape: LesionShape;
  /** How far enhancement differs from the typical, in parts of a modality's own spread. */
  readonly enhancement: number;
  /** How bright the capsule shows, 0 to 1.5. */
  readonly capsule: number;
  /** The part that is dead and takes up no contrast agent, if any. */
  readonly core: LesionShape | null;
  readonly vessels: readonly Vessel[];
}

/** A straight vessel through the liver: a point on its axis, the axis' direction of length 1, and its radius in mm. */
export interface Vessel {
  readonly point: Vector3;
  readonly direction: Vector3;
  readonly radius: number;
}

/** Draws a tumour of the given latents: a lobulated ellipsoid whose longest axis has the latents' diameter. */
export function drawTumour(latents: Latents, random: Random): Tumour {
  const radius = latents.diameter / 2;
  const axes = [1, 0.84 + 0.14 * random.uniform(), 0.78 + 0.16 * random.uniform()];
  const longest = Math.floor(3 * random.uniform());
  const semiAxes: Vector3 = [
    radius * dyadic(axes[longest]),
    radius * dyadic(axes[(longest + 1) % 3]),
    radius * dyadic(axes[(longest + 2) % 3]),
  ];
  const centre: Vector3 = [
    quarter(-62 + 12 * random.normal()),
    quarter(8 * random.normal()),
    quarter(20 * random.normal()),
  ];
  const roughness = Math.max(0.004, 0.004 + 0.022 * random.uniform() + 0.003 * within(latents.grade));
  const shape: LesionShape = { centre, semiAxes, harmonics: drawHarmonics(roughness, random) };
  const enhancement = dyadic(random.normal());
  const capsule = dyadic(1.5 * random.uniform());
  const core = drawCore(shape, latents.size, random);
  const vessels = [drawVessel(centre, radius, random), drawVessel(centre, radius, random)];
  return { shape, enhancement, capsule, core, vessels };
}

/** A dead core somewhat off the middle, the larger in larger tumours; none where it would be too small to see. */
function drawCore(lesion: LesionShape, size: number, random: Random): LesionShape | null {
  const fraction = dyadic(Math.min(0.6, 0.08 + 0.12 * size + 0.14 * random.normal()));
  const offset = [0, 1, 2].map((axis) => dyadic(0.12 * random.normal()) * lesion.semiAxes[axis]);
  const harmonics = drawHarmonics(0.045, random);
  if (fraction < 0.2) return null;
  const [a, b, c] = lesion.semiAxes;
  const [x, y, z] = lesion.centre;
  return {
    centre: [x + offset[0], y + offset[1], z + offset[2]],
    semiAxes: [a * fraction, b * fraction, c * fraction],
    harmonics,
  };
}

/** Coefficients for a surface that is off by `deviation` of the radius in each harmonic; the finer ones by less. */
export function drawHarmonics(deviation: number, random: Random): Float64Array {
  const harmonics = new Float64Array(HARMONIC_COUNT);
  // Degree 1 only moves the centre.
  for (let at = 3; at < HARMONIC_COUNT; at++) {
    const size = at < 8 ? 1.2 : at < 15 ? 1 : 0.5;
    harmonics[at] = dyadic(size * deviation * random.normal());
  }
  return harmonics;
}

function drawVessel(centre: Vector3, radius: number, random: Random): Vessel {
  const raw = [random.normal(), random.normal(), random.normal()];
  const along = [random.normal(), random.normal(), 0.6 * random.normal()];
  const length = Math.hypot(...along);
  const distance = radius + 4 + 10 * random.uniform();
  const spread = Math.hypot(...raw);
  const point = raw.map((value, axis) => dyadic(centre[axis] + (value / spread) * distance));
  const direction = along.map((value) => dyadic(value / length));
  return {
    point: toVector(point),
    direction: toVector(direction),
    radius: dyadic(2 + 1.5 * random.uniform()),
  };
}

function toVector(values: readonly number[]): Vector3 {
  return [values[0], values[1], values[2]];
}

function quarter(value: number): number {
  return Math.round(value * 4) / 4;
}

/** A latent kept within ±2.5, so that no amplitude turns negative. */
export function within(latent: number): number {
  return Math.min(2.5, Math.max(-2.5, latent));
}
