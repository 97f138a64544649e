import { type ExtractionProfile, parseProfile } from './profile.ts';

/**
 * PyRadiomics' parameters of the profiles that have a name of their own. `pyradiomics-default`: the 107 features that
 * PyRadiomics computes where it is given none (the original image, all classes, bin width 25).
 */
export const builtInParameters: Readonly<Record<string, object>> = {
  'pyradiomics-default': {},
};

/** The profiles that have a name of their own. */
export const profiles: Readonly<Record<string, ExtractionProfile>> = Object.fromEntries(
  Object.entries(builtInParameters).map(([name, parameters]) => [name, parseProfile(parameters, name)]),
);
