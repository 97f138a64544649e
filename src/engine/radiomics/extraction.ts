import type { GeometryNames } from '../imaging/index.ts';
import type { Warning } from '../warning.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { FeatureClass } from './features.ts';

/** One feature class of one image is done. */
export interface ExtractionProgress {
  readonly type: 'family';
  /** The image, original or filtered, as in a feature's name. */
  readonly image: string;
  readonly family: FeatureClass;
  /** Classes done so far and in all, over all images. */
  readonly done: number;
  readonly total: number;
}

/** A feature vector: `values[i]` belongs to `names[i]`, in the order that the profile alone decides. */
export interface FeatureVector {
  readonly names: readonly string[];
  /** NaN where a feature is undefined on the region of interest; a `FEATURE_UNDEFINED` warning names each. */
  readonly values: Float64Array;
  /** PyRadiomics' `diagnostics_*`; empty where the profile sets `additionalInfo: false`. */
  readonly diagnostics: Diagnostics;
  readonly warnings: readonly Warning[];
}

export interface ExtractionOptions {
  /** The mask's label, instead of the profile's. */
  readonly label?: number;
  /** What messages call the two files; "image" and "mask" where not given. */
  readonly names?: GeometryNames;
  /** SHA-1 of all chunks together as lower-case hex, for the two hashes among the diagnostics; without it they are null. */
  readonly sha1?: (chunks: Iterable<Uint8Array>) => string;
}

/**
 * The values in the order of their names, with a warning for each that is undefined. `reasons`: by image, why it is not there, as a
 * clause.
 */
export function namedValues(
  names: readonly string[],
  found: ReadonlyMap<string, number>,
  warnings: readonly Warning[],
  reasons: ReadonlyMap<string, string> = new Map(),
): Pick<FeatureVector, 'names' | 'values' | 'warnings'> {
  const values = Float64Array.from(names, (name) => {
    const value = found.get(name);
    if (value === undefined) {
      throw new Error(`the feature ${name} was not computed`);
    }
    return Number.isFinite(value) ? value : Number.NaN;
  });
  const because = (subject: string) => {
    const reason = reasons.get(subject.slice(0, subject.indexOf('_')));
    return reason === undefined ? '' : `, as ${reason}`;
  };
  const undefinedFeatures = names.filter((_, i) => Number.isNaN(values[i]));
  return {
    names,
    values,
    warnings: [
      ...warnings,
      ...undefinedFeatures.map(
        (subject): Warning => ({
          code: 'FEATURE_UNDEFINED',
          message: `${subject} is undefined on this region of interest${because(subject)}.`,
          subject,
        }),
      ),
    ],
  };
}
