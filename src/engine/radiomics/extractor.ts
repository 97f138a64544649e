import { Failure } from '../failure.ts';
import { resegment, type Volume } from '../imaging/index.ts';
import { boxOffsets, derivedImages } from './derived-images.ts';
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
import { preprocess } from './preprocessing.ts';
import { type ExtractionProfile, featureNames, imagesOf, imageTypesOf } from './profile.ts';
import { type Region, regionOf, valuesAt } from './region.ts';
import type { Settings } from './settings.ts';
import { shape } from './shape.ts';
import { shape2D } from './shape-2d.ts';
import { ValueRoom } from './value-room.ts';
import { shapeOfVoxels } from './voxel-shape.ts';

/** Part of the key of a stored feature vector: it changes whenever any value might. */
export const extractorVersion = '3';

/**
 * Extracts a profile's features from the voxels of `image` that carry the label in `mask`. Yields after each feature class;
 * returns the vector, whose names and order are `featureNames(profile)`.
 *
 * Throws `MASK_…_MISMATCH` where the mask does not lie on the image's grid, what `preprocess` does, `IMAGE_NOT_FINITE`, `MASK_INVALID`, `MASK_LABEL_ABSENT`,
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
  const prepared = preprocess(image, mask, setting, names);
  const margin = Math.max(
    ...setting.distances,
    ...Object.values(profile.imageType).flatMap((own) => own?.distances ?? []),
  );
  const drawn = regionOf(prepared.image, labelledPositions(prepared.mask, setting.label, names.mask), margin);
  requireExtent(drawn, setting, names.mask);
  let drawnValues = valuesAt(prepared.image.voxels, drawn.positions);
  const { resegmentRange, resegmentMode } = setting;
  const kept = resegmentRange && resegment(drawnValues, resegmentRange, resegmentMode);
  const region = kept
    ? regionOf(
        prepared.image,
        kept.map((n) => drawn.positions[n]),
        margin,
      )
    : drawn;
  requireExtent(region, setting, names.mask);

  let diagnostics: Diagnostics = {};
  if (setting.additionalInfo) {
    const { stage } = prepared;
    const asRead = stage === null && !setting.preCrop ? drawn : regionAsRead(mask, setting.label, names.mask);
    diagnostics = {
      ...configurationDiagnostics(extractorVersion, setting, profile.imageType),
      ...imageDiagnostics(image, sha1),
      ...maskHash(mask, sha1),
      ...regionDiagnostics('original', mask, asRead),
      ...(stage === 'interpolated' ? imageDiagnostics(prepared.image, undefined, stage) : {}),
      ...(stage === null ? {} : regionDiagnostics(stage, prepared.mask, drawn, drawnValues)),
      ...(kept
        ? regionDiagnostics(
            'resegmented',
            prepared.mask,
            region,
            valuesAt(prepared.image.voxels, region.positions),
          )
        : {}),
    };
  }

  // Of a large region they would take much of the memory from here on.
  drawnValues = new Float64Array(0);
  const found = new Map<string, number>();
  const reasons = new Map<string, string>();
  const classes = Object.keys(profile.featureClass) as FeatureClass[];
  const shapes = classes.filter((name) => name === 'shape' || name === 'shape2D');
  const total = shapes.length + imagesOf(profile).length * (classes.length - shapes.length);
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
    yield report('original', family, shapeOf(family, outline, setting));
  }
  const offsets = boxOffsets(region);
  const room = ValueRoom.for(region.voxels);
  for (const { type, settings } of imageTypesOf(profile, setting)) {
    for (const derived of derivedImages(type, prepared.image, region, settings)) {
      const values = derived.volume && valuesAt(derived.volume.voxels, offsets, room.values);
      if (derived.volume === null) reasons.set(derived.name, derived.reason);
      let levels: Levels | undefined;
      for (const family of classes) {
        if (family === 'shape' || family === 'shape2D') continue;
        if (values === null) {
          yield report(derived.name, family, null);
          continue;
        }
        levels ??= discretise(region, values, settings);
        const features =
          family === 'firstorder' ? firstOrder(values, levels, settings) : textures[family](levels, settings);
        yield report(derived.name, family, features);
      }
    }
  }
  return { ...namedValues(featureNames(profile), found, prepared.warnings, reasons), diagnostics };
}

function shapeOf(
  family: 'shape' | 'shape2D',
  region: Region,
  { force2Ddimension, voxelShape }: Settings,
): Readonly<Record<string, number>> | null {
  if (family === 'shape2D') return shape2D(region, force2Ddimension);
  return voxelShape === true ? shapeOfVoxels(region) : shape(region);
}

/** The region on the mask as it was read, for the diagnostics. */
function regionAsRead(mask: Volume, label: number, name: string): Region {
  return regionOf(mask, labelledPositions(mask, label, name), 1);
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
