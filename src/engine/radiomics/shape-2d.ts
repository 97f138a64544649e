import { farthestPair } from './diameters.ts';
import type { FeatureValues } from './features.ts';
import { principalVariances } from './principal-axes.ts';
import type { Region } from './region.ts';

/**
 * Shape features of a region in one plane, in mm and mm², or null where it spans several planes across `fixed` (0 = z, 1 =
 * y, 2 = x). The outline joins the points half-way between inner and outer pixels (marching squares). Names and
 * formulas as PyRadiomics' shape2D.
 */
export function shape2D(region: Region, fixed: number): FeatureValues<'shape2D'> | null {
  if (region.size[2 - fixed] > 1) {
    return null;
  }
  const [u, v] = [0, 1, 2].filter((axis) => axis !== 2 - fixed);
  const outline = outlineOf(region, u, v);
  const { perimeter, surface } = outline;
  const [major, minor] = principalVariances(region, [u, v]);
  const sphericity = (2 * Math.sqrt(Math.PI * surface)) / perimeter;
  return {
    Elongation: Math.sqrt(minor / major),
    MajorAxisLength: 4 * Math.sqrt(major),
    MaximumDiameter: farthestPair(outline.points, outline.centre),
    MeshSurface: surface,
    MinorAxisLength: 4 * Math.sqrt(minor),
    Perimeter: perimeter,
    PerimeterSurfaceRatio: perimeter / surface,
    PixelSurface: region.voxels.length * region.spacing[u] * region.spacing[v],
    Sphericity: sphericity,
    SphericalDisproportion: 1 / sphericity,
  };
}

/** Walks over the squares between four pixel centres. */
function outlineOf({ size, spacing, margin, row, plane, mask }: Region, u: number, v: number) {
  const steps = [1, row, plane];
  const start = margin * (1 + row + plane) - steps[u] - steps[v];
  const [du, dv] = [spacing[u], spacing[v]];
  const points: (readonly [number, number, number])[] = [];
  let [perimeter, pixels] = [0, 0];
  for (let j = 0; j <= size[v]; j++) {
    for (let i = 0; i <= size[u]; i++) {
      const at = start + i * steps[u] + j * steps[v];
      const a = mask[at];
      const b = mask[at + steps[u]];
      const c = mask[at + steps[u] + steps[v]];
      const d = mask[at + steps[v]];
      const inside = a + b + c + d;
      if (inside === 1 || inside === 3) {
        // One corner is cut off, along half a diagonal.
        perimeter += Math.hypot(du, dv) / 2;
        pixels += inside === 1 ? 1 / 8 : 7 / 8;
      } else if (inside === 2 && a === c) {
        // Opposite corners stay apart.
        perimeter += Math.hypot(du, dv);
        pixels += 1 / 4;
      } else if (inside === 2) {
        perimeter += a === b ? du : dv;
        pixels += 1 / 2;
      } else if (inside === 4) {
        pixels += 1;
      }
      if (a !== b) points.push([(i + 0.5) * du, j * dv, 0]);
      if (a !== d) points.push([i * du, (j + 0.5) * dv, 0]);
    }
  }
  const centre = [(size[u] * du) / 2, (size[v] * dv) / 2, 0];
  return { perimeter, surface: pixels * du * dv, points, centre };
}
