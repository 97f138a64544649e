import { Failure } from '../failure.ts';
import { interpolationOf } from '../imaging/index.ts';
import { type ImageType, imageNames, imageTypes } from './derived-images.ts';
import {
  defaultFeatureClasses,
  deprecatedFeatures,
  type FeatureClass,
  featureClasses,
  removedFeatures,
  voxelShapeFeatures,
} from './features.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { parseMapping, parseSettings, unknownName } from './settings-parser.ts';

/**
 * What to compute, as data: PyRadiomics' parameter document with every default and every feature written out, and a name.
 * The order of image types, classes and features is that of the feature vector.
 */
export interface ExtractionProfile {
  readonly name: string;
  readonly setting: Settings;
  /** Each image type with the settings that hold for it alone. */
  readonly imageType: Readonly<Partial<Record<ImageType, Partial<Settings>>>>;
  readonly featureClass: Readonly<Partial<Record<FeatureClass, readonly string[]>>>;
}

/**
 * Makes a profile of a parsed PyRadiomics parameter file (YAML or JSON; the sections `setting`, `voxelSetting`,
 * `imageType`, `featureClass`, each optional). A section left out takes PyRadiomics' default: the original image, all
 * classes but shape2D, a bin width of 25. A class without features, or with an empty list, means all that are not deprecated.
 *
 * Throws `PROFILE_INVALID` for what PyRadiomics does not know either, naming the key and the nearest known name, and
 * `PROFILE_UNSUPPORTED` for what it knows and this extractor does not honour.
 */
export function parseProfile(parameters: unknown, name: string): ExtractionProfile {
  const sections = parseMapping(parameters, 'parameters');
  const known = ['setting', 'voxelSetting', 'imageType', 'featureClass'];
  for (const section of Object.keys(sections)) {
    if (!known.includes(section)) {
      throw unknownName(section, section, known);
    }
  }
  const given = parseSettings(sections.setting, 'setting');
  const setting = {
    ...defaultSettings,
    ...given,
    ...parseSettings(sections.voxelSetting, 'voxelSetting', true),
  };
  refuseUnsupported(setting);
  const imageType = parseImageTypes(sections.imageType, setting);
  return { name, setting, imageType, featureClass: parseFeatureClasses(sections.featureClass, setting) };
}

/** The names of the values that a profile gives, in their order, e.g. `original_glcm_JointEntropy`. */
export function featureNames(profile: ExtractionProfile): string[] {
  const names: string[] = [];
  const classes = Object.entries(profile.featureClass) as [FeatureClass, readonly string[]][];
  for (const shape of ['shape', 'shape2D'] as const) {
    for (const feature of profile.featureClass[shape] ?? []) {
      names.push(`original_${shape}_${feature}`);
    }
  }
  for (const image of imagesOf(profile)) {
    for (const [featureClass, features] of classes) {
      if (featureClass !== 'shape' && featureClass !== 'shape2D') {
        names.push(...features.map((feature) => `${image}_${featureClass}_${feature}`));
      }
    }
  }
  return names;
}

/** The images, original and filtered, that features are taken from: the first part of a feature's name. */
export function imagesOf(profile: ExtractionProfile): string[] {
  return imageTypesOf(profile, profile.setting).flatMap(({ type, settings }) => imageNames(type, settings));
}

/** The image types in their order, each with the settings that hold for it. */
export function imageTypesOf({ imageType }: Pick<ExtractionProfile, 'imageType'>, setting: Settings) {
  return Object.entries(imageType).map(([type, own]) => ({
    type: type as ImageType,
    settings: { ...setting, ...own },
  }));
}

function parseImageTypes(given: unknown, setting: Settings): ExtractionProfile['imageType'] {
  const types: Partial<Record<ImageType, Partial<Settings>>> = {};
  for (const [type, custom] of Object.entries(parseMapping(given, 'imageType'))) {
    const path = `imageType.${type}`;
    if (!imageTypes.includes(type as ImageType)) {
      throw unknownName(path, type, imageTypes);
    }
    const own = parseSettings(custom, path);
    const { sigma, lbp2DMethod, lbp2DSamples = 8 } = { ...setting, ...own };
    if (type === 'LoG' && sigma === undefined) {
      throw new Failure('PROFILE_INVALID', `${path} needs sigma, a list of lengths in mm.`, { key: path });
    }
    if (type === 'LBP2D' && (lbp2DMethod === 'default' || lbp2DMethod === 'ror') && lbp2DSamples > 31) {
      const key = `${path}.lbp2DSamples`;
      throw new Failure(
        'PROFILE_INVALID',
        `${key} is ${lbp2DSamples}, but must be at most 31 where lbp2DMethod is ${lbp2DMethod}.`,
        { key },
      );
    }
    types[type as ImageType] = own;
  }
  return Object.keys(types).length === 0 ? { Original: {} } : types;
}

function parseFeatureClasses(given: unknown, setting: Settings): ExtractionProfile['featureClass'] {
  const mapping = parseMapping(given, 'featureClass');
  const classes: Partial<Record<FeatureClass, readonly string[]>> = {};
  if (Object.keys(mapping).length === 0) {
    for (const name of defaultFeatureClasses) {
      classes[name] = featuresOf(name, setting);
    }
    return classes;
  }
  for (const [name, features] of Object.entries(mapping)) {
    const path = `featureClass.${name}`;
    if (!Object.hasOwn(featureClasses, name)) {
      throw unknownName(path, name, Object.keys(featureClasses));
    }
    if (name === 'shape2D' && !setting.force2D) {
      throw new Failure('PROFILE_INVALID', `${path} needs setting.force2D: true.`, { key: path });
    }
    classes[name as FeatureClass] = parseFeatures(features, name as FeatureClass, path, setting);
  }
  return classes;
}

function featuresOf(featureClass: FeatureClass, { voxelShape }: Settings): readonly string[] {
  return featureClass === 'shape' && voxelShape === true ? voxelShapeFeatures : featureClasses[featureClass];
}

function parseFeatures(
  given: unknown,
  featureClass: FeatureClass,
  path: string,
  setting: Settings,
): readonly string[] {
  const all = featuresOf(featureClass, setting);
  if (given === null || given === undefined) {
    return all;
  }
  if (!Array.isArray(given)) {
    throw new Failure('PROFILE_INVALID', `${path} is not a list of feature names.`, { key: path });
  }
  const known: readonly string[] = [...all, ...deprecatedFeatures[featureClass]];
  const chosen = new Set<string>();
  for (const feature of given) {
    const featurePath = `${path}.${String(feature).slice(0, 80)}`;
    const successor = removedFeatures[featureClass]?.[feature];
    if (successor !== undefined) {
      throw new Failure(
        'PROFILE_UNSUPPORTED',
        `${featurePath} is no longer computed by PyRadiomics either: it equals ${successor}.`,
        { key: featurePath },
      );
    }
    if (!known.includes(feature)) {
      throw unknownName(featurePath, String(feature), known);
    }
    chosen.add(feature);
  }
  return chosen.size === 0 ? all : [...chosen];
}

/** What PyRadiomics can do and this extractor cannot; the settings that only steer feature maps are kept and have no effect. */
function refuseUnsupported({ interpolator, resampledPixelSpacing, label_channel = 0 }: Settings): void {
  const refusals = {
    interpolator:
      resampledPixelSpacing !== null && interpolator !== null && interpolationOf(interpolator) === null,
    label_channel: label_channel > 0,
  };
  for (const [name, refused] of Object.entries(refusals)) {
    if (refused) {
      const key = `setting.${name}`;
      const computed = name === 'interpolator' ? ': sitkNearestNeighbor, sitkLinear and sitkBSpline are' : '';
      throw new Failure('PROFILE_UNSUPPORTED', `${key} is known but not honoured${computed}.`, { key });
    }
  }
}
