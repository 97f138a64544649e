import { Failure } from '../failure.ts';
import type { Volume } from '../imaging/index.ts';
import type { ExtractionOptions, ExtractionProgress, FeatureVector } from './extraction.ts';
import { extractFeatures } from './extractor.ts';
import { ibsiFeatures } from './ibsi/catalogue.ts';
import { ibsiCode } from './ibsi/codes.ts';
import { ibsiConformance } from './ibsi/conformance.ts';
import { extractIbsiFeatures, type IbsiProgress } from './ibsi/extractor.ts';
import { type IbsiProfile, ibsiProfiles } from './ibsi/profile.ts';
import { type ExtractionProfile, featureNames, parseProfile } from './profile.ts';
import { builtInParameters } from './profiles.ts';

/** What to extract, by PyRadiomics' conventions or by IBSI's. */
export type ConventionalProfile =
  | { readonly convention: 'PYRADIOMICS'; readonly profile: ExtractionProfile }
  | { readonly convention: 'IBSI'; readonly profile: IbsiProfile };

/** A feature as a profile defines it. */
export interface ProfileFeature {
  readonly name: string;
  /** IBSI's four-character code; null where IBSI has no such feature. */
  readonly ibsiCode: string | null;
  /** Whether the value is IBSI's under this profile, for any image and region. */
  readonly isIbsiConformant: boolean;
  /** Why it is not. */
  readonly reasons: readonly string[];
}

/** The parameters of every profile that comes with the program: PyRadiomics' documents, and `{ ibsi: <name> }`. */
export const namedParameters: Readonly<Record<string, object>> = {
  ...builtInParameters,
  ...Object.fromEntries(Object.keys(ibsiProfiles).map((name) => [name, { ibsi: name }])),
};

/**
 * Understands the parameters of a profile: `{ ibsi: 'ibsi-a' }` is one of IBSI's configurations, anything else is a
 * PyRadiomics parameter document. Throws `PROFILE_INVALID`, `PROFILE_UNSUPPORTED`.
 */
export function parseParameters(parameters: unknown, name: string): ConventionalProfile {
  const ibsi = (parameters as { ibsi?: unknown } | null)?.ibsi;
  if (ibsi === undefined) return { convention: 'PYRADIOMICS', profile: parseProfile(parameters, name) };
  if (typeof ibsi === 'string' && Object.hasOwn(ibsiProfiles, ibsi)) {
    return { convention: 'IBSI', profile: ibsiProfiles[ibsi] };
  }
  throw new Failure(
    'PROFILE_INVALID',
    `ibsi is ${String(ibsi).slice(0, 80)}, not one of ${Object.keys(ibsiProfiles).join(', ')}`,
    {
      key: 'ibsi',
      known: Object.keys(ibsiProfiles),
    },
  );
}

/** The names of a profile's features in the order of its vectors. */
export function profileFeatureNames({ convention, profile }: ConventionalProfile): string[] {
  return convention === 'IBSI'
    ? ibsiFeatures(profile.dimensions).map(({ name }) => name)
    : featureNames(profile);
}

/** The features of a profile in the order of its vectors. */
export function profileFeatures({ convention, profile }: ConventionalProfile): ProfileFeature[] {
  if (convention === 'IBSI') {
    return ibsiFeatures(profile.dimensions).map(({ name, code }) => ({
      name,
      ibsiCode: code,
      isIbsiConformant: true,
      reasons: [],
    }));
  }
  const setting = { ...profile.setting, ...profile.imageType.Original };
  return featureNames(profile).map((name) => {
    const { conformant, reasons } = ibsiConformance(name, setting);
    return { name, ibsiCode: ibsiCode(name), isIbsiConformant: conformant, reasons };
  });
}

/** Extracts a profile's features by its convention: see `extractFeatures` and `extractIbsiFeatures`. */
export function extractByConvention(
  image: Volume,
  mask: Volume,
  { convention, profile }: ConventionalProfile,
  options: ExtractionOptions = {},
): Generator<ExtractionProgress | IbsiProgress, FeatureVector> {
  return convention === 'IBSI'
    ? extractIbsiFeatures(image, mask, profile, options)
    : extractFeatures(image, mask, profile, options);
}
