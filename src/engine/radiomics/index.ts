export {
  type ConventionalProfile,
  extractByConvention,
  namedParameters,
  type ProfileFeature,
  parseParameters,
  profileFeatureNames,
  profileFeatures,
} from './convention.ts';
export type { ImageType } from './derived-images.ts';
export type { Diagnostics, DiagnosticValue } from './diagnostics.ts';
export type { ExtractionOptions, ExtractionProgress, FeatureVector } from './extraction.ts';
export { extractFeatures, extractorVersion } from './extractor.ts';
export { deprecatedFeatures, type FeatureClass, featureClasses } from './features.ts';
export {
  type Aggregation,
  type Dimension,
  type IbsiFamily,
  type IbsiFeature,
  ibsiFeatures,
} from './ibsi/catalogue.ts';
export { ibsiCode } from './ibsi/codes.ts';
export { type IbsiConformance, ibsiConformance } from './ibsi/conformance.ts';
export { extractIbsiFeatures, type IbsiProgress } from './ibsi/extractor.ts';
export { type IbsiDiscretisation, type IbsiProfile, ibsiProfiles } from './ibsi/profile.ts';
export { type ExtractionProfile, featureNames, parseProfile } from './profile.ts';
export { builtInParameters, profiles } from './profiles.ts';
export type { Settings, WeightingNorm } from './settings.ts';
