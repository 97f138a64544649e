import type { Vector3 } from '../../imaging/index.ts';

/** A triangle of the hull, anticlockwise as seen from outside, and the points beyond its plane. */
interface Face {
  readonly corners: readonly [number, number, number];
  readonly normal: Vector3;
  readonly height: number;
  outside: number[];
  visible: boolean;
}

/**
 * Surface area and volume of the convex hull of points with whole-number coordinates (below 2¹⁵ apart, so that all is exact until
 * it is scaled), which do not all lie in one plane; a coordinate counts as `scale` mm along its axis.
 *
 * Quickhull: Barber, Dobkin and Huhdanpaa, ACM Trans. Math. Softw. 22 (1996) 469. A point in the plane of a face is not beyond it.
 */
export function convexHull(points: readonly Vector3[], scale: Vector3): { area: number; volume: number } {
  let [twiceArea, sixVolume] = [0, 0];
  for (const { corners, normal } of facesOf(points)) {
    const [nx, ny, nz] = normal;
    twiceArea += Math.hypot(nx * scale[1] * scale[2], ny * scale[0] * scale[2], nz * scale[0] * scale[1]);
    sixVolume += dot(normal, points[corners[0]]);
  }
  return { area: twiceArea / 2, volume: (sixVolume / 6) * scale[0] * scale[1] * scale[2] };
}

function facesOf(points: readonly Vector3[]): Iterable<Face> {
  const edges = new Map<number, Face>();
  const key = (from: number, to: number) => from * points.length + to;
  const faces = new Set<Face>();
  const waiting: Face[] = [];

  function addFace(a: number, b: number, c: number, candidates: readonly number[]): number[] {
    const normal = cross(minus(points[b], points[a]), minus(points[c], points[a]));
    const face: Face = {
      corners: [a, b, c],
      normal,
      height: dot(normal, points[a]),
      outside: [],
      visible: false,
    };
    edges.set(key(a, b), face).set(key(b, c), face).set(key(c, a), face);
    faces.add(face);
    const left: number[] = [];
    for (const point of candidates) {
      (dot(normal, points[point]) > face.height ? face.outside : left).push(point);
    }
    if (face.outside.length > 0) waiting.push(face);
    return left;
  }

  const [a, b, c, d] = simplexOf(points);
  let rest = points.map((_, n) => n);
  for (const [p, q, r] of [
    [a, b, c],
    [a, d, b],
    [b, d, c],
    [c, d, a],
  ]) {
    rest = addFace(p, q, r, rest);
  }

  for (let face = waiting.pop(); face !== undefined; face = waiting.pop()) {
    if (!faces.has(face)) continue;
    const peak = farthest(face.outside, (point) => dot(face.normal, points[point]));
    // Every face that the peak sees goes; the edges between them and the others are joined to the peak.
    const seen = [face];
    face.visible = true;
    const horizon: [from: number, to: number][] = [];
    let orphans: number[] = [];
    for (let n = 0; n < seen.length; n++) {
      const { corners, outside } = seen[n];
      orphans = orphans.concat(outside);
      faces.delete(seen[n]);
      for (let side = 0; side < 3; side++) {
        const [from, to] = [corners[side], corners[(side + 1) % 3]];
        const beyond = edges.get(key(to, from))!;
        if (beyond.visible) continue;
        if (dot(beyond.normal, points[peak]) > beyond.height) {
          beyond.visible = true;
          seen.push(beyond);
        } else {
          horizon.push([from, to]);
        }
      }
    }
    for (const [from, to] of horizon) orphans = addFace(from, to, peak, orphans);
  }
  return faces;
}

/** Four points that are not in one plane, the fourth on the inner side of the triangle of the first three. */
function simplexOf(points: readonly Vector3[]): [number, number, number, number] {
  const all = points.map((_, n) => n);
  const a = farthest(all, (n) => -points[n][0]);
  const b = farthest(all, (n) => squared(minus(points[n], points[a])));
  const along = minus(points[b], points[a]);
  const c = farthest(all, (n) => squared(cross(along, minus(points[n], points[a]))));
  const normal = cross(along, minus(points[c], points[a]));
  const above = (n: number) => dot(normal, minus(points[n], points[a]));
  const d = farthest(all, (n) => Math.abs(above(n)));
  if (above(d) === 0) {
    throw new Error('the points of a hull lie in one plane');
  }
  return above(d) < 0 ? [a, b, c, d] : [a, c, b, d];
}

function farthest(candidates: readonly number[], distance: (point: number) => number): number {
  let [best, largest] = [candidates[0], -Infinity];
  for (const candidate of candidates) {
    const found = distance(candidate);
    if (found > largest) [best, largest] = [candidate, found];
  }
  return best;
}

const minus = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const squared = (a: Vector3): number => dot(a, a);
const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
