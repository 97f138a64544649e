import type { Geometry, Vector3 } from '../engine/imaging/volume.ts';

/** Real spherical harmonics of degrees 1 to 3 (15), then the sectoral ones of orders 4 to 7 (8). */
export const HARMONIC_COUNT = 23;

/**
 * A star-shaped solid: an ellipsoid whose radius is scaled by 1 + Σ coefficient · harmonic(direction). With a
 * Σ coefficient² well under 0.1 it is a lobulated lesion without holes.
 */
export interface LesionShape {
  /** Where its centre lies in the patient, mm in LPS. */
  readonly centre: Vector3;
  /** Semi-axes along x, y, z in mm. */
  readonly semiAxes: Vector3;
  /** `HARMONIC_COUNT` coefficients, relative to the radius; each harmonic has about unit mean square. */
  readonly harmonics: Float64Array;
}

/** The same shape elsewhere. */
export function moved(shape: LesionShape, by: Vector3): LesionShape {
  const [x, y, z] = shape.centre;
  return { ...shape, centre: [x + by[0], y + by[1], z + by[2]] };
}

/**
 * The depth of every voxel below the surface of a shape, in mm along the ray from its centre: positive inside, negative
 * outside. The volume's axes must run along x, y, z. Only +, −, ×, ÷ and √ are used, which IEEE 754 rounds
 * alike everywhere, so that the field is the same to the bit on any machine.
 */
export function depthField(geometry: Geometry, shape: LesionShape): Float64Array {
  const [nx, ny, nz] = geometry.size;
  const [dx, dy, dz] = geometry.spacing;
  const [a, b, c] = shape.semiAxes;
  const depth = new Float64Array(nx * ny * nz);
  let at = 0;
  for (let k = 0; k < nz; k++) {
    const z = geometry.origin[2] + k * dz - shape.centre[2];
    for (let j = 0; j < ny; j++) {
      const y = geometry.origin[1] + j * dy - shape.centre[1];
      for (let i = 0; i < nx; i++) {
        const x = geometry.origin[0] + i * dx - shape.centre[0];
        const u = x / a;
        const v = y / b;
        const w = z / c;
        const radius = Math.sqrt(u * u + v * v + w * w);
        const distance = Math.sqrt(x * x + y * y + z * z);
        if (radius < 1e-6) depth[at] = Math.min(a, b, c);
        // Far outside, where no lobe reaches, the ellipsoid alone will do.
        else if (radius > 2) depth[at] = ((1 - radius) * distance) / radius;
        else {
          const surface = surfaceRadius(shape.harmonics, u / radius, v / radius, w / radius);
          depth[at] = ((surface - radius) * distance) / radius;
        }
        at++;
      }
    }
  }
  return depth;
}

const SQRT3 = Math.sqrt(3);
const SQRT5 = Math.sqrt(5);
const SQRT7 = Math.sqrt(7);
const SQRT15 = Math.sqrt(15);
const SQRT42 = Math.sqrt(42);
const SQRT70 = Math.sqrt(70);
const SQRT105 = Math.sqrt(105);

/** 1 + Σ h · harmonic at the unit vector (x, y, z). */
function surfaceRadius(h: Float64Array, x: number, y: number, z: number): number {
  const xx = x * x;
  const yy = y * y;
  const zz = z * z;
  let sum = 1 + SQRT3 * (h[0] * x + h[1] * y + h[2] * z);
  sum += SQRT15 * (h[3] * x * y + h[4] * y * z + h[5] * x * z + 0.5 * h[6] * (xx - yy));
  sum += 0.5 * SQRT5 * h[7] * (3 * zz - 1);
  sum += SQRT105 * z * (h[8] * x * y + 0.5 * h[9] * (xx - yy));
  sum += 0.5 * SQRT7 * h[10] * z * (5 * zz - 3);
  sum += 0.25 * SQRT42 * (5 * zz - 1) * (h[11] * x + h[12] * y);
  let re = x * (xx - 3 * yy);
  let im = y * (3 * xx - yy);
  sum += 0.25 * SQRT70 * (h[13] * re + h[14] * im);
  for (let at = 15; at < HARMONIC_COUNT; at += 2) {
    const next = re * x - im * y;
    im = re * y + im * x;
    re = next;
    sum += 2 * (h[at] * re + h[at + 1] * im);
  }
  return sum;
}
