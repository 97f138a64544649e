import type { Random } from '../engine/statistics/random.ts';

/**
 * What nature knows of a tumour and no table says: each latent is standard normal. `size`, `ctTexture` and `mrTexture` are seen
 * in the images alone; `grade`, which moves all three a little, is not seen at all.
 */
export interface Latents {
  readonly grade: number;
  readonly size: number;
  readonly ctTexture: number;
  readonly mrTexture: number;
  /** Largest diameter in mm, 20 to 75, rising with `size`; 37 at its median. */
  readonly diameter: number;
}

/** Draws a tumour's latents. All are rounded to binary fractions, so that what is computed from them is exact everywhere. */
export function drawLatents(random: Random): Latents {
  const grade = random.normal();
  const size = dyadic(0.3 * grade + 0.954 * random.normal());
  return {
    grade: dyadic(grade),
    size,
    ctTexture: dyadic(0.4 * grade + 0.917 * random.normal()),
    mrTexture: dyadic(0.4 * grade + 0.917 * random.normal()),
    diameter: dyadic(20 + 55 / (1 + Math.exp(0.75 - 1.15 * size))),
  };
}

/** The nearest multiple of 1/1024, within ±1024: a last-bit difference between two machines' `log` or `exp` disappears. */
export function dyadic(value: number): number {
  return Math.round(value * 1024) / 1024;
}
