import { Failure } from '../failure.ts';
import { requireFinite, requireSameGeometry, type Volume } from '../imaging/index.ts';
import type { Warning } from '../warning.ts';
import {
  configurationDiagnostics,
  type Diagnostics,
  imageDiagnostics,
  maskHash,
  regionDiagnostics,
} from './diagnostics.ts';
import {
  type ExtractionOptions,
  type ExtractionProgress,
  type FeatureVector,
  namedValues,
} from './extraction.ts';
import type { FeatureClass } from './features.ts';
import { firstOrder } from './first-order.ts';
import { glcm } from './glcm.ts';
import { gldm } from './gldm.ts';
import { glrlm } from './glrlm.ts';
import { glszm } from './glszm.ts';
import { discretise, type Levels } from './levels.ts';
import { labelledPositions, requireLabel } from './mask-positions.ts';
import { ngtdm } from './ngtdm.ts';
import { type ExtractionProfile, featureNames } from './profile.ts';
import { type Region, regionOf, valuesAt } from './region.ts';
import { resegment } from './resegmentation.ts';
import type { Settings } from './settings.ts';
import { shape } from './shape.ts';
import { shape2D } from './shape-2d.ts';

/** Part of the key of a stored feature vector: it changes whenever any value might. */
export const extractorVersion = '1';

/**
 * Extracts a profile's features from the voxels of `image` that carry the label in `mask`. Yields after each feature class;
 * returns the vector, whose names and order are `featureNames(profile)`.
 *
 * Throws `MASK_…_MISMATCH` where the mask does not lie on the image's grid, `IMAGE_NOT_FINITE`, `MASK_INVALID`, `MASK_LABEL_ABSENT`,
 * `ROI_TOO_SMALL` (a single voxel, fewer extended axes than `minimumROIDimensions`, not more voxels than
 * `minimumROISize`), and `PROFILE_INVALID` where the bin width makes too many grey levels.
 */
export function* extractFeatures(
  image: Volume,
  mask: Volume,
  profile: ExtractionProfile,
  options: ExtractionOptions = {},
): Generator<ExtractionProgress, FeatureVector> {
  const { names = { image: 'image', mask: 'mask' }, sha1 } = options;
  const setting: Settings = {
    ...profile.setting,
    label: requireLabel(options.label ?? profile.setting.label),
  };
  const { geometryTolerance } = setting;
  const warnings: Warning[] = requireSameGeometry(
    image,
    mask,
    names,
    geometryTolerance === undefined ? {} : { geometryTolerance },
  );
  requireFinite(image, names.image);

  const margin = Math.max(
    ...setting.distances,
    ...Object.values(profile.imageType).flatMap((own) => own?.distances ?? []),
  );
  const drawn = regionOf(image, labelledPositions(mask, setting.label, names.mask), margin);
  requireExtent(drawn, setting, names.mask);
  const drawnValues = valuesAt(image.voxels, drawn.positions);
  const isResegmented = setting.resegmentRange !== null;
  const region = isResegmented
    ? regionOf(image, resegment(drawn.positions, drawnValues, setting), margin)
    : drawn;
  requireExtent(region, setting, names.mask);
  const values = isResegmented ? valuesAt(image.voxels, region.positions) : drawnValues;

  let diagnostics: Diagnostics = {};
  if (setting.additionalInfo) {
    diagnostics = {
      ...configurationDiagnostics(extractorVersion, setting, profile.imageType),
      ...imageDiagnostics(image, sha1),
      ...maskHash(mask, sha1),
      ...regionDiagnostics('original', mask, drawn),
      ...(isResegmented ? regionDiagnostics('resegmented', mask, region, values) : {}),
    };
  }

  const found = new Map<string, number>();
  const classes = Object.keys(profile.featureClass) as FeatureClass[];
  const shapes = classes.filter((name) => name === 'shape' || name === 'shape2D');
  const total = shapes.length + Object.keys(profile.imageType).length * (classes.length - shapes.length);
  let done = 0;
  function report(
    imageName: string,
    family: FeatureClass,
    values: Readonly<Record<string, number>> | null,
  ): ExtractionProgress {
    for (const feature of profile.featureClass[family] ?? []) {
      found.set(`${imageName}_${family}_${feature}`, values?.[feature] ?? Number.NaN);
    }
    done++;
    return { type: 'family', image: imageName, family, done, total };
  }

  const outline = setting.resegmentShape ? region : drawn;
  for (const family of shapes) {
    const values = family === 'shape' ? shape(outline) : shape2D(outline, setting.force2Ddimension);
    yield report('original', family, values);
  }
  for (const [type, own] of Object.entries(profile.imageType)) {
    const settings: Settings = { ...setting, ...own };
    let levels: Levels | undefined;
    for (const family of classes) {
      if (family !== 'shape' && family !== 'shape2D') {
        levels ??= discretise(region, values, settings);
        const features =
          family === 'firstorder' ? firstOrder(values, levels, settings) : textures[family](levels, settings);
        yield report(type.toLowerCase(), family, features);
      }
    }
  }
  return { ...namedValues(featureNames(profile), found, warnings), diagnostics };
}

const textures = { glcm, glrlm, glszm, gldm, ngtdm };

function requireExtent(region: Region, settings: Settings, name: string): void {
  const { minimumROIDimensions, minimumROISize, label } = settings;
  const voxels = region.voxels.length;
  const dimensions = region.size.filter((length) => length > 1).length;
  const facts = { mask: name, label, voxels, dimensions };
  if (dimensions === 0) {
    throw new Failure('ROI_TOO_SMALL', `The region of label ${label} in ${name} is a single voxel.`, facts);
  }
  if (dimensions < minimumROIDimensions) {
    throw new Failure(
      'ROI_TOO_SMALL',
      `The region of label ${label} in ${name} extends along ${dimensions} of the axes, but minimumROIDimensions asks for ${minimumROIDimensions}.`,
      { ...facts, minimumROIDimensions },
    );
  }
  if (minimumROISize !== null && voxels <= minimumROISize) {
    throw new Failure(
      'ROI_TOO_SMALL',
      `The region of label ${label} in ${name} has ${voxels} voxels, but minimumROISize asks for more than ${minimumROISize}.`,
      { ...facts, minimumROISize },
    );
  }
}
