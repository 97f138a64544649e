type Point = readonly [x: number, y: number, z: number];

/**
 * The vertices of an icosahedron whose every triangle was cut into four, `subdivisions` times over: points spread evenly on a
 * sphere of the given radius about the origin, 10·4ⁿ + 2 of them. Three coordinates a vertex.
 */
export function icosphereVertices(subdivisions: number, radius: number): Float64Array {
  const golden = (1 + Math.sqrt(5)) / 2;
  let points: Point[] = [];
  for (const a of [-1, 1]) {
    for (const b of [-golden, golden]) points.push([a, b, 0], [0, a, b], [b, 0, a]);
  }
  points = points.map((point) => onSphere(point, radius));
  let faces = trianglesOf(points);
  for (let n = 0; n < subdivisions; n++) {
    const middles = new Map<string, number>();
    const middle = (a: number, b: number): number => {
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      const known = middles.get(key);
      if (known !== undefined) return known;
      const [p, q] = [points[a], points[b]];
      points.push(onSphere([(p[0] + q[0]) / 2, (p[1] + q[1]) / 2, (p[2] + q[2]) / 2], radius));
      middles.set(key, points.length - 1);
      return points.length - 1;
    };
    faces = faces.flatMap(([a, b, c]) => {
      const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)];
      return [
        [a, ab, ca],
        [b, bc, ab],
        [c, ca, bc],
        [ab, bc, ca],
      ] as Point[];
    });
  }
  return Float64Array.from(points.flat());
}

/** The faces of the convex hull of an icosahedron's vertices: all threes that are next to each other. */
function trianglesOf(points: readonly Point[]): Point[] {
  const distance = (a: number, b: number) => Math.hypot(...points[a].map((x, axis) => x - points[b][axis]));
  const edge = Math.min(...points.slice(1).map((_, n) => distance(0, n + 1)));
  const isEdge = (a: number, b: number) => distance(a, b) < 1.1 * edge;
  const triangles: Point[] = [];
  for (let a = 0; a < points.length; a++) {
    for (let b = a + 1; b < points.length; b++) {
      for (let c = b + 1; c < points.length; c++) {
        if (isEdge(a, b) && isEdge(b, c) && isEdge(c, a)) triangles.push([a, b, c]);
      }
    }
  }
  return triangles;
}

function onSphere([x, y, z]: Point, radius: number): Point {
  const length = Math.sqrt(x * x + y * y + z * z);
  return [(x / length) * radius, (y / length) * radius, (z / length) * radius];
}
