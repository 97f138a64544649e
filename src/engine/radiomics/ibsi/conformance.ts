import type { FeatureClass } from '../features.ts';
import type { Settings } from '../settings.ts';
import { ibsiCode, partsOfName } from './codes.ts';

/** Whether a value is IBSI's, and if not, why: each difference in a sentence. */
export interface IbsiConformance {
  readonly conformant: boolean;
  readonly reasons: readonly string[];
}

/**
 * Whether PyRadiomics' feature of this name is, under these settings, the IBSI feature whose code it carries, for any image and
 * region but degenerate ones (isolated voxels, regions one voxel thick). What depends on the image is not conformant: a fixed
 * bin width makes IBSI's levels only by chance. `setting` is that of the feature's image type.
 */
export function ibsiConformance(featureName: string, setting: Settings): IbsiConformance {
  const parts = partsOfName(featureName);
  if (parts === null || ibsiCode(featureName) === null) {
    return { conformant: false, reasons: ['IBSI 1 has no such feature.'] };
  }
  const { image, featureClass, feature } = parts;
  const reasons = [
    ...(image === 'original' ? [] : ['IBSI 1 is about unfiltered images.']),
    ...preprocessingReasons(featureClass, setting),
    ...(isDiscretised(featureClass, feature) ? discretisationReasons(feature, setting) : []),
    ...(textures.includes(featureClass) ? neighbourhoodReasons(featureClass, setting) : []),
    ...formulaReasons(featureClass, feature, setting),
  ];
  return { conformant: reasons.length === 0, reasons };
}

const textures: readonly FeatureClass[] = ['glcm', 'gldm', 'glrlm', 'glszm', 'ngtdm'];

const isDiscretised = (featureClass: FeatureClass, feature: string): boolean =>
  textures.includes(featureClass) || feature === 'Entropy' || feature === 'Uniformity';

function preprocessingReasons(featureClass: FeatureClass, setting: Settings): string[] {
  const reasons: string[] = [];
  if (setting.resampledPixelSpacing !== null && setting.interpolator !== null) {
    reasons.push(
      'Resampling aligns the corners of the grids, cuts integers off and takes the nearest voxel of the mask; IBSI aligns centres, rounds, and interpolates the mask.',
    );
  }
  if (setting.resegmentRange !== null && setting.resegmentMode === 'relative') {
    reasons.push('IBSI has no re-segmentation relative to the maximum.');
  }
  if (featureClass === 'shape' && setting.resegmentRange !== null && setting.resegmentShape) {
    reasons.push('IBSI does not re-segment the mask that shape is of.');
  }
  return reasons;
}

function discretisationReasons(feature: string, setting: Settings): string[] {
  if (setting.binCount !== undefined) {
    return [];
  }
  const width = setting.binWidth ?? 25;
  const isAbsolute = (setting.resegmentMode ?? 'absolute') === 'absolute';
  if (setting.resegmentRange === null || !isAbsolute) {
    return ['Bin edges are multiples of the bin width; those of IBSI start at the lowest intensity.'];
  }
  const low = Math.min(...setting.resegmentRange);
  if (Math.abs(low / width - Math.round(low / width)) > 1e-9) {
    return [
      'Bin edges are multiples of the bin width; those of IBSI start at the lower end of the re-segmentation range.',
    ];
  }
  return dependsOnNumbers(feature)
    ? [
        'Grey levels are numbered from the lowest that is present; IBSI numbers them from the lower end of the re-segmentation range.',
      ]
    : [];
}

/** Whether a feature changes when all grey levels are raised by one. */
function dependsOnNumbers(feature: string): boolean {
  const named = ['Autocorrelation', 'Busyness', 'Idmn', 'Idn', 'JointAverage', 'SumAverage'];
  return named.includes(feature) || /(Low|High)GrayLevel/.test(feature);
}

function neighbourhoodReasons(featureClass: FeatureClass, setting: Settings): string[] {
  const reasons: string[] = [];
  const hasDirections = featureClass === 'glcm' || featureClass === 'glrlm';
  const norm = setting.weightingNorm;
  if (setting.force2D && setting.force2Ddimension !== 0) {
    reasons.push('The slices are not those across z.');
  }
  if (hasDirections && norm !== undefined && norm !== 'no_weighting') {
    reasons.push('IBSI does not weight directions by their length.');
  }
  if (featureClass === 'glcm' && setting.symmetricalGLCM === false) {
    reasons.push("IBSI's co-occurrence matrices are symmetric.");
  }
  const isAtDistance = featureClass === 'glcm' || featureClass === 'gldm' || featureClass === 'ngtdm';
  if (isAtDistance && setting.distances.join() !== '1') {
    reasons.push('IBSI 1 has reference values at distance 1 alone.');
  }
  return reasons;
}

function formulaReasons(featureClass: FeatureClass, feature: string, setting: Settings): string[] {
  const name = `${featureClass} ${feature}`;
  if (name === 'firstorder Kurtosis') {
    return ["IBSI's is the excess, 3 less."];
  }
  if (/^firstorder (Energy|RootMeanSquared)$/.test(name) && (setting.voxelArrayShift ?? 0) !== 0) {
    return ['The intensities are shifted by voxelArrayShift.'];
  }
  if (/^shape \w+AxisLength$/.test(name)) {
    return ['The covariance divides by the number of voxels; that of IBSI by one less.'];
  }
  return [];
}
