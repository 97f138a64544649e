import type { Volume } from '../imaging/index.ts';
import { derivedImages } from './derived-images.ts';
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
import { requireLabel } from './mask-positions.ts';
import { ngtdm } from './ngtdm.ts';
import { type ExtractionProfile, featureNames, imagesOf, imageTypesOf } from './profile.ts';
import { releaseRoom } from './rank-room.ts';
import { type Region, takeValues } from './region.ts';
import { type RegionOfInterest, regionOfInterest } from './region-of-interest.ts';
import type { Settings } from './settings.ts';
import { shape } from './shape.ts';
import { shape2D } from './shape-2d.ts';
import { ValueRoom } from './value-room.ts';
import { shapeOfVoxels } from './voxel-shape.ts';

/** Part of the key of a stored feature vector: it changes whenever any value might. */
export const extractorVersion = '3';

/**
 * Extracts a profile's features from the voxels of `image` that carry the label in `mask`, which is let go at once. Yields after each feature class;
 * returns the vector, whose names and order are `featureNames(profile)`.
 *
 * Throws `MASK_…_MISMATCH` where the mask does not lie on the image's grid, what `preprocess` does, `IMAGE_NOT_FINITE`, `MASK_INVALID`, `MASK_LABEL_ABSENT`,
 * `ROI_TOO_SMALL` (a single voxel, fewer extended axes than `minimumROIDimensions`, not more voxels than
 * `minimumROISize`), and `PROFILE_INVALID` where the bin width makes too many grey levels.
 */
export function extractFeatures(
  image: Volume,
  mask: Volume,
  profile: ExtractionProfile,
  options: ExtractionOptions = {},
): Generator<ExtractionProgress, FeatureVector> {
  const setting: Settings = {
    ...profile.setting,
    label: requireLabel(options.label ?? profile.setting.label),
  };
  return featuresOf(
    regionOfInterest(image, mask, setting, profile.imageType, options, extractorVersion),
    profile,
    setting,
  );
}

function* featuresOf(
  { image, drawn, region, diagnostics, warnings }: RegionOfInterest,
  profile: ExtractionProfile,
  setting: Settings,
): Generator<ExtractionProgress, FeatureVector> {
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
  // One array after the other would wait for the garbage collector, and take much of the memory of a large region.
  const room = ValueRoom.for(region.voxels);
  const ranks = new Uint16Array(region.mask.length);
  try {
    for (const { type, settings } of imageTypesOf(profile, setting)) {
      for (const derived of derivedImages(type, image, region, settings)) {
        if (derived.volume === null) reasons.set(derived.name, derived.reason);
        else takeValues(derived.volume.voxels, region, room.values);
        let levels: Levels | undefined;
        for (const family of classes) {
          if (family === 'shape' || family === 'shape2D') continue;
          if (derived.volume === null) {
            yield report(derived.name, family, null);
            continue;
          }
          levels ??= discretise(region, room.values, settings, ranks);
          const features =
            family === 'firstorder'
              ? firstOrder(room.values, levels, settings)
              : textures[family](levels, settings);
          yield report(derived.name, family, features);
        }
      }
    }
  } finally {
    ValueRoom.release(region.voxels);
    releaseRoom(region);
  }
  return { ...namedValues(featureNames(profile), found, warnings, reasons), diagnostics };
}

function shapeOf(
  family: 'shape' | 'shape2D',
  region: Region,
  { force2Ddimension, voxelShape }: Settings,
): Readonly<Record<string, number>> | null {
  if (family === 'shape2D') return shape2D(region, force2Ddimension);
  return voxelShape === true ? shapeOfVoxels(region) : shape(region);
}

const textures = { glcm, glrlm, glszm, gldm, ngtdm };
