import type { Geometry, Matrix3, Vector3 } from '../volume.ts';

/** The matrix that turns a step of indices into one of mm. */
export function stepsOf({ direction, spacing }: Geometry): Matrix3 {
  return direction.map((cosine, n) => cosine * spacing[n % 3]) as unknown as Matrix3;
}

/** The matrix that turns a step of mm into one of indices; exact where the axes are those of space. */
export function inverseSteps({ direction, spacing }: Geometry): Matrix3 {
  const [a, b, c, d, e, f, g, h, i] = direction;
  const cofactors = [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
  const determinant = a * cofactors[0] + b * cofactors[3] + c * cofactors[6];
  return cofactors.map(
    (cofactor, n) => cofactor / determinant / spacing[Math.floor(n / 3)],
  ) as unknown as Matrix3;
}

/** The continuous index of a point in mm. */
export function pointToIndex(geometry: Geometry, point: Vector3): Vector3 {
  const { origin } = geometry;
  const steps = inverseSteps(geometry);
  const along = (axis: number) =>
    steps[3 * axis] * (point[0] - origin[0]) +
    steps[3 * axis + 1] * (point[1] - origin[1]) +
    steps[3 * axis + 2] * (point[2] - origin[2]);
  return [along(0), along(1), along(2)];
}
