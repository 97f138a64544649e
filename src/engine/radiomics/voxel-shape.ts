import { diametersOf } from './diameters.ts';
import type { voxelShapeFeatures } from './features.ts';
import { meshOf } from './mesh.ts';
import { principalVariances } from './principal-axes.ts';
import type { Region } from './region.ts';

/**
 * Shape as PyRadiomics 2.0 defined and named it, in mm, mm², mm³: the volume is that of the voxels, and with it the ratio of surface to
 * volume and sphericity; diameters are between voxel centres. The surface is the mesh's, axes are the voxel
 * centres', both as in `shape`. PyRadiomics 2.0.1, radiomics/shape.py and src/cshape.c.
 */
export function shapeOfVoxels(
  region: Region,
): Record<
  (typeof voxelShapeFeatures)[number] | 'Compactness1' | 'Compactness2' | 'SphericalDisproportion',
  number
> {
  const { area } = meshOf(region);
  const diameters = diametersOf(region, 'voxels');
  const [major, minor, least] = principalVariances(region);
  const [spacingX, spacingY, spacingZ] = region.spacing;
  const volume = region.voxels.length * spacingX * spacingY * spacingZ;
  const sphereArea = Math.cbrt(36 * Math.PI * volume ** 2);
  return {
    Elongation: Math.sqrt(minor / major),
    Flatness: Math.sqrt(least / major),
    LeastAxis: 4 * Math.sqrt(least),
    MajorAxis: 4 * Math.sqrt(major),
    Maximum2DDiameterColumn: diameters.column,
    Maximum2DDiameterRow: diameters.row,
    Maximum2DDiameterSlice: diameters.slice,
    Maximum3DDiameter: diameters.all,
    MinorAxis: 4 * Math.sqrt(minor),
    Sphericity: sphereArea / area,
    SurfaceArea: area,
    SurfaceVolumeRatio: area / volume,
    Volume: volume,
    Compactness1: volume / (area ** 1.5 * Math.sqrt(Math.PI)),
    Compactness2: (36 * Math.PI * volume ** 2) / area ** 3,
    SphericalDisproportion: area / sphereArea,
  };
}
