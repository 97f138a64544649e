import { type ExtractionProfile, parseProfile } from './profile.ts';

/**
 * The profiles that have a name of their own. `pyradiomics-default`: the 107 features that PyRadiomics computes where it
 * is given no parameters (the original image, all classes, bin width 25).
 */
export const profiles: Readonly<Record<string, ExtractionProfile>> = {
  'pyradiomics-default': parseProfile({}, 'pyradiomics-default'),
};
