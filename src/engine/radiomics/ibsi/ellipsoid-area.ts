/**
 * What IBSI takes for the surface area of an ellipsoid with semi-axes a ≥ b ≥ c: 4πab Σ (αβ)^ν / (1 − 4ν²) · P_ν((α² + β²) / 2αβ) with
 * α² = 1 − b²/a², β² = 1 − c²/a². That series adds up to 4πb·R_G(a², b², c²) with Carlson's symmetric elliptic integral.
 *
 * It is the area only where b² = ac: the area, 4π R_G(a²b², a²c², b²c²) (DLMF 19.33.1), has 1 − c²/b² in place of 1 − b²/a². IBSI's reference values follow the series as printed (digital phantom: 1.36 ± 0.01; with the area it is 1.30). NaN if b is.
 */
export function ibsiEllipsoidArea(a: number, b: number, c: number): number {
  if (!(b > 0)) return b;
  // In units of a, so that no square overflows.
  const [p, q] = [b / a, c / a];
  return 4 * Math.PI * a * b * integralG(1, p * p, q * q);
}

/** R_G of three numbers, descending, the middle one above 0, by R_F and R_D (DLMF 19.21.10). */
function integralG(x: number, y: number, z: number): number {
  const forms = integralF(x, z, y);
  const second = integralD(x, z, y);
  return (y * forms - ((y - x) * (y - z) * second) / 3 + Math.sqrt((x * z) / y)) / 2;
}

/** R_F by duplication (DLMF 19.36.1). */
function integralF(x: number, y: number, z: number): number {
  let [a, b, c] = [x, y, z];
  for (;;) {
    const mean = (a + b + c) / 3;
    const [dx, dy, dz] = [1 - a / mean, 1 - b / mean, 1 - c / mean];
    if (Math.max(Math.abs(dx), Math.abs(dy), Math.abs(dz)) < 1e-3) {
      const e2 = dx * dy - dz * dz;
      const e3 = dx * dy * dz;
      return (1 - e2 / 10 + e3 / 14 + (e2 * e2) / 24 - (3 * e2 * e3) / 44) / Math.sqrt(mean);
    }
    const lambda = Math.sqrt(a * b) + Math.sqrt(a * c) + Math.sqrt(b * c);
    [a, b, c] = [(a + lambda) / 4, (b + lambda) / 4, (c + lambda) / 4];
  }
}

/** R_D by duplication (DLMF 19.36.2). */
function integralD(x: number, y: number, z: number): number {
  let [a, b, c] = [x, y, z];
  let [sum, power] = [0, 1];
  for (;;) {
    const mean = (a + b + 3 * c) / 5;
    const [dx, dy, dz] = [1 - a / mean, 1 - b / mean, 1 - c / mean];
    if (Math.max(Math.abs(dx), Math.abs(dy), Math.abs(dz)) < 1e-3) {
      const e2 = dx * dy - 6 * dz * dz;
      const e3 = (3 * dx * dy - 8 * dz * dz) * dz;
      const e4 = 3 * (dx * dy - dz * dz) * dz * dz;
      const e5 = dx * dy * dz * dz * dz;
      const series =
        1 - (3 * e2) / 14 + e3 / 6 + (9 * e2 * e2) / 88 - (3 * e4) / 22 - (9 * e2 * e3) / 52 + (3 * e5) / 26;
      return 3 * sum + (power * series) / (mean * Math.sqrt(mean));
    }
    const lambda = Math.sqrt(a * b) + Math.sqrt(a * c) + Math.sqrt(b * c);
    sum += power / (Math.sqrt(c) * (c + lambda));
    power /= 4;
    [a, b, c] = [(a + lambda) / 4, (b + lambda) / 4, (c + lambda) / 4];
  }
}
