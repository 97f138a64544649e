import { diametersOf } from './diameters.ts';
import type { FeatureValues } from './features.ts';
import { meshOf } from './mesh.ts';
import { principalVariances } from './principal-axes.ts';
import type { Region } from './region.ts';

/**
 * Shape features of a region in space, in mm, mm², mm³: from the mesh around it, its diameters over the mesh's vertices, and
 * four standard deviations along the principal axes of its voxel centres. IBSI 3.1; names and formulas as PyRadiomics'
 * shape (version 2.1 and later).
 */
export function shape(region: Region): FeatureValues<'shape'> {
  const { area, volume } = meshOf(region);
  const diameters = diametersOf(region);
  const [major, minor, least] = principalVariances(region);
  const [spacingX, spacingY, spacingZ] = region.spacing;
  const sphereArea = Math.cbrt(36 * Math.PI * volume ** 2);
  return {
    Elongation: Math.sqrt(minor / major),
    Flatness: Math.sqrt(least / major),
    LeastAxisLength: 4 * Math.sqrt(least),
    MajorAxisLength: 4 * Math.sqrt(major),
    Maximum2DDiameterColumn: diameters.column,
    Maximum2DDiameterRow: diameters.row,
    Maximum2DDiameterSlice: diameters.slice,
    Maximum3DDiameter: diameters.all,
    MeshVolume: volume,
    MinorAxisLength: 4 * Math.sqrt(minor),
    Sphericity: sphereArea / area,
    SurfaceArea: area,
    SurfaceVolumeRatio: area / volume,
    VoxelVolume: region.voxels.length * spacingX * spacingY * spacingZ,
    // PyRadiomics multiplies by √π where the literature divides by it.
    Compactness1: volume / (area ** 1.5 * Math.sqrt(Math.PI)),
    Compactness2: (36 * Math.PI * volume ** 2) / area ** 3,
    SphericalDisproportion: area / sphereArea,
  };
}
