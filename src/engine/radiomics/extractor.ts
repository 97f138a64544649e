import type { Volume } from '../imaging/volume.ts';
import type { ExtractionOptions, ExtractionProgress, FeatureVector } from './extraction.ts';
import type { ExtractionProfile } from './profile.ts';

/** Part of the key of a stored feature vector: it changes whenever any value might. */
export const extractorVersion = '1';

// biome-ignore lint/correctness/useYield: the families follow
export function* extractFeatures(
  _image: Volume,
  _mask: Volume,
  _profile: ExtractionProfile,
  _options: ExtractionOptions = {},
): Generator<ExtractionProgress, FeatureVector> {
  throw new Error('The extractor is not complete yet.');
}
