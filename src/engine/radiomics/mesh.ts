import { corners, edgeMidpoints, triangles } from './marching-cubes.ts';
import type { Region } from './region.ts';

/**
 * Area in mm² and enclosed volume in mm³ of the triangle mesh half-way between the region's voxels and the others
 * (marching cubes at 0.5 on the mask with a margin of empty voxels, by PyRadiomics' table; IBSI C0JK, RNU0).
 */
export function meshOf(region: Region): { area: number; volume: number } {
  const { spacing } = region;
  const cases = countCases(region);
  let [area, volume] = [0, 0];
  for (let cubeCase = 1; cubeCase < 255; cubeCase++) {
    const count = cases.count[cubeCase];
    if (count === 0) {
      continue;
    }
    // A cube's triangles differ from those of its case only by where it is. The volume below a triangle, det(a, b, c) / 6,
    // changes with a shift t by t·n / 6, n = a×b + b×c + c×a: sums of whole numbers over the cubes of a case are enough.
    const inverted = (cubeCase & 0x80) !== 0;
    const edges = triangles[inverted ? cubeCase ^ 0xff : cubeCase];
    const shift = [
      cases.x[cubeCase] * spacing[0],
      cases.y[cubeCase] * spacing[1],
      cases.z[cubeCase] * spacing[2],
    ];
    let signed = 0;
    for (let t = 0; t < edges.length; t += 3) {
      const [a, b, c] = [0, 1, 2].map((n) => {
        const midpoint = edgeMidpoints[Number.parseInt(edges[t + n], 16)];
        return midpoint.map((part, axis) => part * spacing[axis]);
      });
      const normal = [0, 1, 2].map((axis) => {
        const [p, q] = [(axis + 1) % 3, (axis + 2) % 3];
        return (b[p] - a[p]) * (c[q] - a[q]) - (b[q] - a[q]) * (c[p] - a[p]);
      });
      area += (count * Math.hypot(...normal)) / 2;
      signed += (count * dot(a, normal) + dot(shift, normal)) / 6;
    }
    // The table's triangles wind so that, along z, y, x, their normals point outwards; along x, y, z they point inwards.
    volume += inverted ? signed : -signed;
  }
  return { area, volume };
}

const dot = (a: readonly number[], b: readonly number[]): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** How many cubes are of each case, and the sums of their positions in the box. */
function countCases({ size, margin, row, plane, mask }: Region) {
  const [count, sumX, sumY, sumZ] = [0, 1, 2, 3].map(() => new Float64Array(256));
  // The corners of a cube at its lower and its upper x: bits 0, 3, 4, 7 and 1, 2, 5, 6 of its case.
  const face = (x: number, bits: number) =>
    corners.reduce(
      (cubeCase, [cx, cy, cz], n) =>
        cx === x && (bits >> (cy + 2 * cz)) & 1 ? cubeCase | (1 << n) : cubeCase,
      0,
    );
  const lowerFace = Uint8Array.from({ length: 16 }, (_, bits) => face(0, bits));
  const upperFace = Uint8Array.from({ length: 16 }, (_, bits) => face(1, bits));
  for (let z = 0; z <= size[2]; z++) {
    for (let y = 0; y <= size[1]; y++) {
      const start = (z + margin - 1) * plane + (y + margin - 1) * row + margin - 1;
      let lower = 0;
      for (let x = 0; x <= size[0]; x++) {
        const at = start + x + 1;
        const upper =
          mask[at] | (mask[at + row] << 1) | (mask[at + plane] << 2) | (mask[at + plane + row] << 3);
        if (upper !== lower || (upper !== 0 && upper !== 15)) {
          const cubeCase = lowerFace[lower] | upperFace[upper];
          count[cubeCase]++;
          sumX[cubeCase] += x;
          sumY[cubeCase] += y;
          sumZ[cubeCase] += z;
        }
        lower = upper;
      }
    }
  }
  return { count, x: sumX, y: sumY, z: sumZ };
}
