import { diametersOf } from '../diameters.ts';
import { meshOf } from '../mesh.ts';
import { principalVariances } from '../principal-axes.ts';
import type { Region } from '../region.ts';
import type { IbsiValues } from './catalogue.ts';
import { convexHull } from './convex-hull.ts';
import { ibsiEllipsoidArea } from './ellipsoid-area.ts';
import type { Masks } from './masks.ts';
import { spatialAutocorrelation } from './spatial-autocorrelation.ts';

/**
 * IBSI's morphological features (HCUG), in mm, mm² and mm³, of the morphological mask: from the mesh around it, the box and the
 * convex hull of the mesh, and the principal axes of its voxel centres, whose variances divide by one less than the number of
 * voxels. Centre of mass shift, integrated intensity, Moran's I and Geary's C are of the intensities in the intensity mask.
 */
export function morphology(masks: Masks): IbsiValues<'morph'> {
  const { morphological: outline, intensity, values } = masks;
  const { spacing, voxels } = outline;
  const { area, volume } = meshOf(outline);
  const { all: diameter, outermost } = diametersOf(outline);
  const hull = convexHull(outermost, [spacing[0] / 2, spacing[1] / 2, spacing[2] / 2]);
  const [width, height, depth] = outline.size.map((length, axis) => length * spacing[axis]);
  const correction = voxels.length / (voxels.length - 1);
  const [major, minor, least] = principalVariances(outline).map((variance) =>
    Math.sqrt(variance * correction),
  );
  const roundness = (36 * Math.PI * volume ** 2) / area ** 3;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const { moran, geary } = spatialAutocorrelation(intensity, values);
  return {
    morph_volume: volume,
    morph_vol_approx: voxels.length * spacing[0] * spacing[1] * spacing[2],
    morph_area_mesh: area,
    morph_av: area / volume,
    morph_comp_1: volume / (Math.sqrt(Math.PI) * area ** 1.5),
    morph_comp_2: roundness,
    morph_sph_dispr: 1 / Math.cbrt(roundness),
    morph_sphericity: Math.cbrt(roundness),
    morph_asphericity: 1 / Math.cbrt(roundness) - 1,
    morph_com: centreShift(masks),
    morph_diam: diameter,
    morph_pca_maj_axis: 4 * major,
    morph_pca_min_axis: 4 * minor,
    morph_pca_least_axis: 4 * least,
    morph_pca_elongation: minor / major,
    morph_pca_flatness: least / major,
    morph_vol_dens_aabb: volume / (width * height * depth),
    morph_area_dens_aabb: area / (2 * (width * height + width * depth + height * depth)),
    morph_vol_dens_aee: volume / ((4 / 3) * Math.PI * 8 * major * minor * least),
    morph_area_dens_aee: area / ibsiEllipsoidArea(2 * major, 2 * minor, 2 * least),
    morph_vol_dens_conv_hull: volume / hull.volume,
    morph_area_dens_conv_hull: area / hull.area,
    morph_integ_int: mean * volume,
    morph_moran_i: moran,
    morph_geary_c: geary,
  };
}

/** From the centre of the morphological mask to that of the intensities. */
function centreShift({ morphological, intensity, values }: Masks): number {
  const centre = weightedCentre(morphological, null);
  const heavy = weightedCentre(intensity, values);
  return Math.hypot(
    ...centre.map((position, axis) => (position - heavy[axis]) * morphological.spacing[axis]),
  );
}

/** In voxels of the box; infinite or NaN where the weights add up to 0. */
function weightedCentre({ voxels, row, plane }: Region, weights: Float64Array | null): number[] {
  let [x, y, z, total] = [0, 0, 0, 0];
  for (let n = 0; n < voxels.length; n++) {
    const weight = weights === null ? 1 : weights[n];
    const inPlane = voxels[n] % plane;
    x += weight * (inPlane % row);
    y += weight * ((inPlane / row) | 0);
    z += weight * ((voxels[n] / plane) | 0);
    total += weight;
  }
  return [x / total, y / total, z / total];
}
