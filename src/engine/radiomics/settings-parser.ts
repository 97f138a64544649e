import { Failure } from '../failure.ts';
import { waveletNames } from '../imaging/filters/index.ts';
import { maximumGrayLevels, type Settings } from './settings.ts';
import { nearest } from './spelling.ts';

/** Neighbours further away than this are not looked at; their number grows with the cube of the distance. */
const maximumDistance = 16;

type Rule =
  | { readonly type: 'boolean' }
  | {
      readonly type: 'integer' | 'number';
      readonly min?: number;
      readonly above?: number;
      readonly max?: number;
      /** Whether `nan`, which YAML takes for a word, will do. */
      readonly orNan?: boolean;
    }
  | { readonly type: 'list'; readonly of: Rule; readonly lengths?: readonly number[] }
  | { readonly type: 'name'; readonly names: readonly string[] }
  | { readonly type: 'interpolator' };

const interpolators = [
  'sitkNearestNeighbor',
  'sitkLinear',
  'sitkBSpline',
  'sitkGaussian',
  'sitkLabelGaussian',
  'sitkHammingWindowedSinc',
  'sitkCosineWindowedSinc',
  'sitkWelchWindowedSinc',
  'sitkLanczosWindowedSinc',
  'sitkBlackmanWindowedSinc',
];

const positive: Rule = { type: 'number', above: 0 };
const boolean: Rule = { type: 'boolean' };

/** What each setting may be: the ranges of PyRadiomics' parameter schema, and our limits on sizes. */
const rules: Readonly<Record<keyof Settings, Rule>> = {
  minimumROIDimensions: { type: 'integer', min: 1, max: 3 },
  minimumROISize: { type: 'integer', min: 1 },
  normalize: boolean,
  normalizeScale: positive,
  removeOutliers: positive,
  resampledPixelSpacing: { type: 'list', of: { type: 'number', min: 0 }, lengths: [3] },
  interpolator: { type: 'interpolator' },
  preCrop: boolean,
  padDistance: { type: 'integer', min: 0 },
  distances: { type: 'list', of: { type: 'integer', min: 1, max: maximumDistance } },
  force2D: boolean,
  force2Ddimension: { type: 'integer', min: 0, max: 2 },
  resegmentRange: { type: 'list', of: { type: 'number' }, lengths: [1, 2] },
  label: { type: 'integer', min: 1 },
  additionalInfo: boolean,
  binWidth: positive,
  binCount: { type: 'integer', min: 1, max: maximumGrayLevels },
  voxelArrayShift: { type: 'number' },
  symmetricalGLCM: boolean,
  weightingNorm: { type: 'name', names: ['infinity', 'euclidean', 'manhattan', 'no_weighting'] },
  gldm_a: { type: 'integer', min: 0 },
  resegmentMode: { type: 'name', names: ['absolute', 'relative', 'sigma'] },
  resegmentShape: boolean,
  correctMask: boolean,
  label_channel: { type: 'integer', min: 0 },
  geometryTolerance: positive,
  sigma: { type: 'list', of: positive },
  start_level: { type: 'integer', min: 0, max: 32 },
  level: { type: 'integer', min: 1, max: 32 },
  wavelet: { type: 'name', names: waveletNames },
  gradientUseSpacing: boolean,
  lbp2DRadius: { type: 'number', above: 0, max: 1e6 },
  lbp2DSamples: { type: 'integer', min: 1, max: 1024 },
  lbp2DMethod: { type: 'name', names: ['default', 'ror', 'uniform', 'var'] },
  lbp3DLevels: { type: 'integer', min: 1, max: 16 },
  lbp3DIcosphereRadius: { type: 'number', above: 0, max: 1e6 },
  lbp3DIcosphereSubdivision: { type: 'integer', min: 0, max: 5 },
  kernelRadius: { type: 'integer', min: 1 },
  maskedKernel: boolean,
  initValue: { type: 'number', orNan: true },
  voxelBatch: { type: 'integer', min: 1 },
  voxelShape: boolean,
};

const voxelSettings = ['kernelRadius', 'maskedKernel', 'initValue', 'voxelBatch'];

/**
 * Checks one mapping of settings as a PyRadiomics parameter file has it. A setting without a value is PyRadiomics' None: it
 * takes its default, but for the interpolator, which is then none, so that nothing is resampled. `voxels` is for the `voxelSetting` section, whose settings steer feature maps and nothing here.
 * Throws `PROFILE_INVALID` for an unknown name, with the nearest known one, or a value out of its range.
 */
export function parseSettings(given: unknown, path: string, voxels = false): Partial<Settings> {
  const known = Object.keys(rules).filter((name) => voxelSettings.includes(name) === voxels);
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parseMapping(given, path))) {
    if (!known.includes(name)) {
      throw unknownName(`${path}.${name}`, name, known);
    }
    if (value !== null && value !== undefined) {
      check(value, rules[name as keyof Settings], `${path}.${name}`);
      settings[name] = value;
    } else if (name === 'interpolator') {
      settings[name] = null;
    }
  }
  return settings;
}

/** A mapping, or nothing at all, which counts as an empty one. */
export function parseMapping(given: unknown, path: string): Readonly<Record<string, unknown>> {
  if (given === null || given === undefined) {
    return {};
  }
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw new Failure('PROFILE_INVALID', `${path} is not a mapping of names to values.`, { key: path });
  }
  return given as Readonly<Record<string, unknown>>;
}

export function unknownName(path: string, name: string, known: readonly string[]): Failure {
  const suggestion = nearest(name, known);
  return new Failure(
    'PROFILE_INVALID',
    `${path} is not known${suggestion === null ? '' : `; the nearest known name is ${suggestion}`}.`,
    { key: path, nearest: suggestion },
  );
}

function check(value: unknown, rule: Rule, path: string): void {
  const expected = mismatch(value, rule, path);
  if (expected !== null) {
    const shown = show(value);
    throw new Failure('PROFILE_INVALID', `${path} is ${shown}, but must be ${expected}.`, {
      key: path,
      value: shown,
      expected,
    });
  }
}

/** Without what is inside: a parameter file's lists and mappings may be long, and may even hold themselves. */
function show(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return String(JSON.stringify(value)).slice(0, 80);
  }
  return Array.isArray(value) ? `a list of ${value.length}` : 'a mapping';
}

/** What the value should have been, or null where it is that. */
function mismatch(value: unknown, rule: Rule, path: string): string | null {
  switch (rule.type) {
    case 'boolean':
      return typeof value === 'boolean' ? null : 'true or false';
    case 'name':
      if (rule.names.includes(value as string)) return null;
      // PyWavelets has more than a hundred.
      return rule.names.length > 16 ? `a name such as ${rule.names[0]}` : `one of ${rule.names.join(', ')}`;
    case 'interpolator':
      return interpolators.includes(value as string) ||
        (Number.isInteger(value) && 1 <= (value as number) && (value as number) <= 10)
        ? null
        : `one of ${interpolators.join(', ')}`;
    case 'list': {
      const { lengths } = rule;
      if (
        !Array.isArray(value) ||
        value.length === 0 ||
        value.length > 1000 ||
        (lengths && !lengths.includes(value.length))
      ) {
        return `a list of ${lengths ? lengths.join(' or ') : '1 to 1000'} numbers`;
      }
      value.forEach((item, index) => {
        check(item, rule.of, `${path}[${index}]`);
      });
      return null;
    }
    default: {
      if (rule.orNan && value === 'nan') {
        return null;
      }
      const { min = -Infinity, above = -Infinity, max = Infinity } = rule;
      const right =
        Number.isFinite(value) &&
        (rule.type === 'number' || Number.isInteger(value)) &&
        (value as number) >= min &&
        (value as number) > above &&
        (value as number) <= max;
      if (right) {
        return null;
      }
      const bounds = [
        min > -Infinity ? `at least ${min}` : '',
        above > -Infinity ? `above ${above}` : '',
        max < Infinity ? `at most ${max}` : '',
      ].filter((bound) => bound !== '');
      return [rule.type === 'integer' ? 'a whole number' : 'a number', bounds.join(' and ')].join(' ').trim();
    }
  }
}
