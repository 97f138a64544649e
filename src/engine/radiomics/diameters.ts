import type { Vector3 } from '../imaging/index.ts';
import type { Region } from './region.ts';

/** Largest distances in mm between vertices of a region's mesh. */
export interface Diameters {
  readonly all: number;
  /** Between vertices in one plane across z, across y, and across x. */
  readonly slice: number;
  readonly column: number;
  readonly row: number;
  /** The vertices that may be on the mesh's convex hull, in half voxels from the box's lower corner. */
  readonly outermost: readonly Vector3[];
}

/**
 * The largest distances between mesh vertices, which lie half-way between each voxel of the region and a neighbour across
 * one of its six faces that is outside (PyRadiomics' Maximum3DDiameter and Maximum2DDiameterSlice, Column, Row); or, for `voxels`, between voxel centres.
 *
 * Only vertices on the convex hull matter. Coordinates are counted in half voxels, so that the hulls are exact: on each line
 * only the first and the last vertex can be on a hull, on each plane only those on the plane's hull, and in space only
 * those that are on the hulls of all three planes through them.
 */
export function diametersOf(region: Region, between: 'vertices' | 'voxels' = 'vertices'): Diameters {
  const { spacing } = region;
  const half = spacing.map((length) => length / 2);
  const size = region.size.map((length) => 2 * length + 1);
  const [alongX, alongY] = [extents(size[1], size[2]), extents(size[0], size[2])];
  if (between === 'vertices') markVertices(region, alongX, alongY);
  else markVoxels(region, alongX, alongY);
  const [width, height, depth] = size;
  const key = (x: number, y: number, z: number) => x + width * (y + height * z);
  const [slices, columns, rows]: number[][] = [[], [], []];
  const slice = largestInPlanes(alongX, 'second', half[1], half[0], (z, y, x) => slices.push(key(x, y, z)));
  const column = largestInPlanes(alongX, 'first', half[2], half[0], (y, z, x) => columns.push(key(x, y, z)));
  const row = largestInPlanes(alongY, 'first', half[2], half[1], (x, z, y) => rows.push(key(x, y, z)));
  const [onColumns, onRows] = [new Set(columns), new Set(rows)];
  const hull = slices.filter((vertex) => onColumns.has(vertex) && onRows.has(vertex));
  const outermost = hull.map((vertex): Vector3 => {
    const y = Math.floor(vertex / width) % height;
    return [vertex % width, y, Math.floor(vertex / (width * height))];
  });
  const points = outermost.map(([x, y, z]) => [x * half[0], y * half[1], z * half[2]] as const);
  const centre = [(width - 1) / 2, (height - 1) / 2, (depth - 1) / 2].map((c, axis) => c * half[axis]);
  return { all: farthestPair(points, centre), slice, column, row, outermost };
}

/** The lowest and highest vertex on each of a grid of parallel lines. */
interface Extents {
  readonly first: number;
  readonly second: number;
  readonly lowest: Int32Array;
  readonly highest: Int32Array;
}

function extents(first: number, second: number): Extents {
  return {
    first,
    second,
    lowest: new Int32Array(first * second).fill(0x7fffffff),
    highest: new Int32Array(first * second).fill(-1),
  };
}

/** Notes each vertex on its line along x and on its line along y, in half voxels from the box's lower corner. */
function markVertices({ voxels, mask, margin, row, plane }: Region, alongX: Extents, alongY: Extents): void {
  for (let n = 0; n < voxels.length; n++) {
    const voxel = voxels[n];
    const inside =
      mask[voxel - 1] &
      mask[voxel + 1] &
      mask[voxel - row] &
      mask[voxel + row] &
      mask[voxel - plane] &
      mask[voxel + plane];
    if (inside === 1) {
      continue;
    }
    const z = 2 * (((voxel / plane) | 0) - margin) + 1;
    const inPlane = voxel % plane;
    const y = 2 * (((inPlane / row) | 0) - margin) + 1;
    const x = 2 * ((inPlane % row) - margin) + 1;
    if (mask[voxel - 1] === 0) mark(alongX, alongY, x - 1, y, z);
    if (mask[voxel + 1] === 0) mark(alongX, alongY, x + 1, y, z);
    if (mask[voxel - row] === 0) mark(alongX, alongY, x, y - 1, z);
    if (mask[voxel + row] === 0) mark(alongX, alongY, x, y + 1, z);
    if (mask[voxel - plane] === 0) mark(alongX, alongY, x, y, z - 1);
    if (mask[voxel + plane] === 0) mark(alongX, alongY, x, y, z + 1);
  }
}

/** As `markVertices`, the centre of each voxel. */
function markVoxels({ voxels, margin, row, plane }: Region, alongX: Extents, alongY: Extents): void {
  for (let n = 0; n < voxels.length; n++) {
    const z = 2 * (((voxels[n] / plane) | 0) - margin) + 1;
    const inPlane = voxels[n] % plane;
    const y = 2 * (((inPlane / row) | 0) - margin) + 1;
    const x = 2 * ((inPlane % row) - margin) + 1;
    mark(alongX, alongY, x, y, z);
  }
}

function mark(alongX: Extents, alongY: Extents, x: number, y: number, z: number): void {
  note(alongX, y + alongX.first * z, x);
  note(alongY, x + alongY.first * z, y);
}

function note({ lowest, highest }: Extents, line: number, position: number): void {
  if (position < lowest[line]) lowest[line] = position;
  if (position > highest[line]) highest[line] = position;
}

/**
 * The largest distance between two vertices of one plane; `planes` says which grid axis numbers the planes, the other
 * numbers the lines in each. Visits the vertices of each plane's hull as (plane, line, position on the line).
 */
function largestInPlanes(
  { first, second, lowest, highest }: Extents,
  planes: 'first' | 'second',
  lineStep: number,
  positionStep: number,
  visit: (plane: number, line: number, position: number) => void,
): number {
  const [planeCount, lineCount] = planes === 'first' ? [first, second] : [second, first];
  const [planeStride, lineStride] = planes === 'first' ? [1, first] : [first, 1];
  const lines = new Int32Array(2 * lineCount);
  const positions = new Int32Array(2 * lineCount);
  let largest = 0;
  for (let plane = 0; plane < planeCount; plane++) {
    let length = hullSide(lines, positions, 0, lowest, plane * planeStride, lineStride, lineCount, 1);
    length = hullSide(lines, positions, length, highest, plane * planeStride, lineStride, lineCount, -1);
    for (let i = 0; i < length; i++) {
      visit(plane, lines[i], positions[i]);
      for (let j = 0; j < i; j++) {
        const u = (lines[i] - lines[j]) * lineStep;
        const v = (positions[i] - positions[j]) * positionStep;
        const squared = u * u + v * v;
        if (squared > largest) {
          largest = squared;
        }
      }
    }
  }
  return Math.sqrt(largest);
}

/** Appends the lower (side 1) or upper (side −1) part of a plane's hull, by Andrew's monotone chain; returns the new length. */
function hullSide(
  lines: Int32Array,
  positions: Int32Array,
  from: number,
  extent: Int32Array,
  start: number,
  stride: number,
  lineCount: number,
  side: 1 | -1,
): number {
  let length = from;
  for (let line = 0; line < lineCount; line++) {
    const position = extent[start + line * stride];
    if (position === -1 || position === 0x7fffffff) {
      continue;
    }
    while (length - from >= 2) {
      const turn =
        (lines[length - 1] - lines[length - 2]) * (position - positions[length - 2]) -
        (positions[length - 1] - positions[length - 2]) * (line - lines[length - 2]);
      if (turn * side > 0) {
        break;
      }
      length--;
    }
    lines[length] = line;
    positions[length++] = position;
  }
  return length;
}

/** The largest distance between two of the points; those far from the centre first, until no pair left can be farther. */
export function farthestPair(
  points: readonly (readonly [number, number, number])[],
  centre: readonly number[],
): number {
  const radius = (p: readonly number[]) => Math.hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]);
  const sorted = points
    .map((point) => ({ point, radius: radius(point) }))
    .sort((a, b) => b.radius - a.radius);
  const x = Float64Array.from(sorted, ({ point }) => point[0]);
  const y = Float64Array.from(sorted, ({ point }) => point[1]);
  const z = Float64Array.from(sorted, ({ point }) => point[2]);
  const r = Float64Array.from(sorted, (entry) => entry.radius);
  let largest = 0;
  let bound = 0;
  for (let i = 1; i < r.length && (r[i] + r[0]) * (1 + 1e-12) >= bound; i++) {
    for (let j = 0; j < i && (r[i] + r[j]) * (1 + 1e-12) >= bound; j++) {
      const squared = (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2 + (z[i] - z[j]) ** 2;
      if (squared > largest) {
        largest = squared;
        bound = Math.sqrt(largest);
      }
    }
  }
  return bound;
}
