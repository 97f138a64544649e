/** A complex number. */
export type Complex = readonly [re: number, im: number];

/**
 * The spherical harmonic of degree n and order −n ≤ m ≤ n, orthonormal and with the Condon–Shortley phase, at a polar angle
 * given by its cosine and an azimuth in radians (NIST Digital Library of Mathematical Functions, 14.30.1).
 */
export function sphericalHarmonic(n: number, m: number, cosPolar: number, azimuth: number): Complex {
  const order = Math.abs(m);
  let factor = (2 * n + 1) / (4 * Math.PI);
  for (let k = n - order + 1; k <= n + order; k++) factor /= k;
  const sign = m < 0 && order % 2 === 1 ? -1 : 1;
  const size = sign * Math.sqrt(factor) * associatedLegendre(n, order, cosPolar);
  return [size * Math.cos(m * azimuth), size * Math.sin(m * azimuth)];
}

/** P of degree n and order m ≥ 0 by the recurrence in n. */
function associatedLegendre(n: number, m: number, x: number): number {
  const sine = Math.sqrt((1 - x) * (1 + x));
  let value = 1;
  for (let k = 1; k <= m; k++) value *= -(2 * k - 1) * sine;
  let before = 0;
  for (let k = m + 1; k <= n; k++) {
    const next = ((2 * k - 1) * x * value - (k + m - 1) * before) / (k - m);
    before = value;
    value = next;
  }
  return value;
}
