import { requireFinite, requireSameGeometry, resampleFromCentre, type Volume } from '../../imaging/index.ts';
import { imageDiagnostics, maskHash, regionDiagnostics } from '../diagnostics.ts';
import { type ExtractionOptions, type FeatureVector, namedValues } from '../extraction.ts';
import { labelledPositions, requireLabel } from '../mask-positions.ts';
import { regionOf } from '../region.ts';
import {
  type Aggregation,
  aggregations,
  aggregationsOf,
  type IbsiFamily,
  ibsiFeatures,
} from './catalogue.ts';
import { cooccurrences } from './cooccurrences.ts';
import { dependenceFeatures } from './dependence-features.ts';
import { ibsiDiscretise } from './discretisation.ts';
import { intensityHistogram } from './intensity-histogram.ts';
import { intensityStatistics } from './intensity-statistics.ts';
import { intensityVolumeHistogram } from './intensity-volume-histogram.ts';
import { localIntensity, peakRadius } from './local-intensity.ts';
import { type Masks, masksOf } from './masks.ts';
import { morphology } from './morphology.ts';
import type { IbsiProfile } from './profile.ts';
import { runLengthFeatures } from './run-lengths.ts';
import { toneDifferenceFeatures } from './tone-differences.ts';
import { zoneFeatures } from './zone-features.ts';

/** One family is done, in one aggregation where it has several. */
export interface IbsiProgress {
  readonly type: 'family';
  readonly image: 'original';
  readonly family: IbsiFamily;
  readonly aggregation: Aggregation | null;
  readonly done: number;
  readonly total: number;
}

/**
 * Extracts IBSI's features from the voxels of `image` that carry the label in `mask`: interpolation, re-segmentation,
 * discretisation and features as the profile has them. Yields after each family and aggregation; returns the vector, whose
 * names and order are those of `ibsiFeatures(profile.dimensions)`.
 *
 * Zwanenburg et al., Radiology 295 (2020) 328; https://ibsi.readthedocs.io.
 *
 * Throws `MASK_…_MISMATCH` where the mask does not lie on the image's grid, `IMAGE_NOT_FINITE`, `IMAGE_TOO_LARGE`, `MASK_INVALID`,
 * `MASK_LABEL_ABSENT`, `ROI_TOO_SMALL` (no voxel is left by interpolation or re-segmentation), `ARGUMENT_INVALID` for a
 * bin width or number out of range, and `PROFILE_INVALID` where one makes too many grey levels.
 */
export function* extractIbsiFeatures(
  image: Volume,
  mask: Volume,
  profile: IbsiProfile,
  options: ExtractionOptions = {},
): Generator<IbsiProgress, FeatureVector> {
  const { names = { image: 'image', mask: 'mask' }, sha1 } = options;
  const label = requireLabel(options.label ?? profile.label);
  const warnings = requireSameGeometry(image, mask, names);
  requireFinite(image, names.image);
  const drawn = labelledPositions(mask, label, names.mask);
  const grid = interpolated(image, mask, profile, label, names);
  const masks = masksOf(
    grid.image,
    grid.mask === mask ? drawn : labelledPositions(grid.mask, label, names.mask),
    profile.resegmentation,
  );

  const found = new Map<string, number>();
  const wanted = ibsiFeatures(profile.dimensions);
  const total = new Set(wanted.map(({ family, aggregation }) => `${family} ${aggregation}`)).size;
  let done = 0;
  for (const [family, aggregation, values] of valuesByFamily(grid.image, masks, profile)) {
    const suffix = aggregation === null ? '' : aggregations[aggregation][1];
    for (const [tag, value] of Object.entries(values)) found.set(tag + suffix, value);
    yield { type: 'family', image: 'original', family, aggregation, done: ++done, total };
  }

  const kept = regionOf(grid.image, masks.positions, 1);
  const diagnostics = {
    ...imageDiagnostics(image, sha1),
    ...maskHash(mask, sha1),
    ...regionDiagnostics('original', mask, regionOf(mask, drawn, 1)),
    ...regionDiagnostics('resegmented', grid.mask, kept, masks.values),
  };
  return {
    ...namedValues(
      wanted.map(({ name }) => name),
      found,
      warnings,
    ),
    diagnostics,
  };
}

/** Image and mask on the profile's grid, with as much of the image around the region as its intensity peaks take. */
function interpolated(
  image: Volume,
  mask: Volume,
  { interpolation }: IbsiProfile,
  label: number,
  names: NonNullable<ExtractionOptions['names']>,
) {
  if (interpolation === null) {
    return { image, mask };
  }
  const { spacing, method, round } = interpolation;
  const steps = spacing.map((length, axis) => (length === 0 ? image.spacing[axis] : length));
  return resampleFromCentre(image, mask, {
    spacing,
    interpolation: method,
    round,
    label,
    padDistance: Math.ceil(peakRadius / Math.min(...steps)),
    names,
  });
}

/** The values of one family after the other, by their tags without aggregation. */
function* valuesByFamily(
  image: Volume,
  masks: Masks,
  profile: IbsiProfile,
): Generator<[IbsiFamily, Aggregation | null, Readonly<Record<string, number>>]> {
  const { intensity, morphological, values } = masks;
  const { range = null } = profile.resegmentation;
  yield ['morph', null, morphology(masks)];
  yield ['loc', null, localIntensity(image, intensity, values)];
  const levels = ibsiDiscretise(intensity, values, profile.discretisation, range);
  yield ['stat', null, intensityStatistics(values, levels)];
  yield ['ih', null, intensityHistogram(levels)];
  yield ['ivh', null, intensityVolumeHistogram(values, profile)];
  const of = (family: 'glcm' | 'glszm') => aggregationsOf(family, profile.dimensions);
  for (const aggregation of of('glcm')) yield ['glcm', aggregation, cooccurrences(levels, aggregation)];
  for (const aggregation of of('glcm')) yield ['glrlm', aggregation, runLengthFeatures(levels, aggregation)];
  for (const aggregation of of('glszm')) {
    const zones = zoneFeatures(levels, morphological, aggregation);
    yield ['glszm', aggregation, zones];
    yield ['gldzm', aggregation, zones];
    yield ['ngtdm', aggregation, toneDifferenceFeatures(levels, aggregation)];
    yield ['ngldm', aggregation, dependenceFeatures(levels, aggregation)];
  }
}
