import { describe, expect, it } from 'vitest';
import type { Vector3, Volume } from '../../imaging/index.ts';
import { extractFeatures } from '../extractor.ts';
import { deprecatedFeatures, type FeatureClass, featureClasses } from '../features.ts';
import { parseProfile } from '../profile.ts';
import type { Settings } from '../settings.ts';
import { ibsiFeatures } from './catalogue.ts';
import { ibsiCode } from './codes.ts';
import { ibsiConformance } from './conformance.ts';
import { extractIbsiFeatures } from './extractor.ts';
import type { IbsiProfile } from './profile.ts';

const size: Vector3 = [14, 12, 7];
const grid = {
  size,
  spacing: [1, 1.25, 2.5],
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
} as const;
const count = size[0] * size[1] * size[2];
const image: Volume = {
  ...grid,
  voxels: Int16Array.from({ length: count }, (_, n) =>
    Math.round(90 * Math.sin(n / 9) + 40 * Math.cos(n / 31) + ((n * 7919) % 23)),
  ),
};
const mask: Volume = {
  ...grid,
  voxels: Uint8Array.from({ length: count }, (_, n) => {
    const [x, y, z] = [n % 14, Math.floor(n / 14) % 12, Math.floor(n / 168)];
    return ((x - 6) / 6) ** 2 + ((y - 6) / 5) ** 2 + ((z - 3) / 3.4) ** 2 <= 1 ? 1 : 0;
  }),
};

function result<T>(steps: Generator<unknown, T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

const everything = Object.fromEntries(
  (Object.keys(featureClasses) as FeatureClass[])
    .filter((name) => name !== 'shape2D')
    .map((name) => [name, [...featureClasses[name], ...deprecatedFeatures[name]]]),
);

/** Values of PyRadiomics' features, and of their IBSI counterparts by code. */
function both(setting: object, profile: Partial<IbsiProfile>, suffixes: readonly string[]) {
  const pyradiomics = parseProfile({ setting, featureClass: everything }, 'test');
  const found = result(extractFeatures(image, mask, pyradiomics));
  const ibsi: IbsiProfile = {
    name: 'test',
    label: 1,
    interpolation: null,
    resegmentation: {},
    discretisation: { method: 'FBN', bins: 8 },
    ivhDiscretisation: null,
    dimensions: ['2.5D', '3D'],
    ...profile,
  };
  const values = result(extractIbsiFeatures(image, mask, ibsi));
  const byCode = new Map<string, number>();
  ibsiFeatures(ibsi.dimensions).forEach(({ code, aggregation, family }, i) => {
    // Volume fractions and intensities of the histogram have a code each for two features, and no counterpart.
    if (family !== 'ivh' && (aggregation === null || suffixes.includes(aggregation))) {
      expect(byCode.has(code)).toBe(false);
      byCode.set(code, values.values[i]);
    }
  });
  return found.names.map((name, i) => ({
    name,
    value: found.values[i],
    ibsi: byCode.get(ibsiCode(name) ?? ''),
    ...ibsiConformance(name, pyradiomics.setting),
  }));
}

describe('ibsiConformance', () => {
  // Of 111 features six have no counterpart, four another formula; 24 depend on how levels are numbered.
  it.each<[string, object, Partial<IbsiProfile>, string[], number]>([
    ['a bin count', { binCount: 8 }, {}, ['3D_avg', '3D'], 101],
    ['merged directions', { binCount: 8, weightingNorm: 'no_weighting' }, {}, ['3D_mrg', '3D'], 101],
    ['slices', { binCount: 8, force2D: true }, {}, ['2.5D_avg', '2.5D'], 101],
    [
      'a bin width from the range on',
      { binWidth: 10, resegmentRange: [-200, 150] },
      { discretisation: { method: 'FBS', width: 10 }, resegmentation: { range: [-200, 150] } },
      ['3D_avg', '3D'],
      77,
    ],
    [
      'outliers',
      { binCount: 8, resegmentRange: [-2, 2], resegmentMode: 'sigma' },
      { resegmentation: { sigma: 2 } },
      ['3D_avg', '3D'],
      101,
    ],
  ])('says of which features the values are equal: %s', (_, setting, profile, aggregations, expected) => {
    const features = both(setting, profile, aggregations);
    const conformant = features.filter((feature) => feature.conformant);
    for (const { name, value, ibsi } of conformant) {
      expect(ibsi, name).toBeDefined();
      expect(Math.abs(value - ibsi!) / Math.max(1e-6, Math.abs(ibsi!)), name).toBeLessThan(1e-9);
    }
    expect(conformant.length).toBe(expected);
    // Nor is it too strict: what has a formula or numbers of its own differs.
    for (const { name, value, ibsi, reasons } of features) {
      if (/Kurtosis|AxisLength/.test(name) || /numbered/.test(reasons.join())) {
        expect(reasons).toHaveLength(1);
        expect(Math.abs(value - ibsi!)).toBeGreaterThan(1e-6);
      }
    }
  });

  const base = parseProfile({ setting: { binCount: 16 } }, 'test').setting;
  it.each<[string, { [K in keyof Settings]?: Settings[K] | undefined }, RegExp]>([
    ['original_glcm_MCC', {}, /no such feature/],
    ['original_shape2D_Perimeter', {}, /no such feature/],
    ['nonsense', {}, /no such feature/],
    ['wavelet-HLL_glcm_Contrast', {}, /unfiltered/],
    ['original_firstorder_Mean', { resampledPixelSpacing: [1, 1, 1] }, /Resampling/],
    ['original_firstorder_Energy', { voxelArrayShift: 300 }, /voxelArrayShift/],
    ['original_firstorder_Kurtosis', {}, /excess/],
    ['original_firstorder_Entropy', { binCount: undefined }, /lowest intensity/],
    ['original_glcm_Contrast', { binCount: undefined, resegmentRange: [-510, 400] }, /lower end/],
    ['original_glcm_Autocorrelation', { binCount: undefined, resegmentRange: [-500, 400] }, /numbered/],
    ['original_glcm_Contrast', { distances: [1, 2] }, /distance 1/],
    ['original_glcm_Contrast', { weightingNorm: 'euclidean' }, /weight/],
    ['original_glcm_Contrast', { symmetricalGLCM: false }, /symmetric/],
    ['original_glszm_ZoneEntropy', { force2D: true, force2Ddimension: 1 }, /across z/],
    ['original_firstorder_Mean', { resegmentRange: [0.1], resegmentMode: 'relative' }, /relative/],
    ['original_shape_MeshVolume', { resegmentRange: [0], resegmentShape: true }, /re-segment/],
    ['original_shape_MajorAxisLength', {}, /covariance/],
  ])('gives the reason: %s %j', (name, setting, reason) => {
    const { conformant, reasons } = ibsiConformance(name, { ...base, ...setting } as Settings);
    expect(conformant).toBe(false);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(reason);
  });

  it('leaves alone what a setting does not touch', () => {
    for (const [name, setting] of [
      ['original_firstorder_Mean', { binCount: undefined, voxelArrayShift: 300, weightingNorm: 'manhattan' }],
      ['original_glszm_ZoneEntropy', { distances: [2], weightingNorm: 'manhattan' }],
      ['original_shape_Elongation', { resegmentRange: [0] }],
      ['original_shape_Elongation', { resampledPixelSpacing: [1, 1, 1], interpolator: null }],
    ] as const) {
      expect(ibsiConformance(name, { ...base, ...setting } as unknown as Settings).reasons).toEqual([]);
    }
  });
});

it('ibsiCode knows the names of both', () => {
  expect(ibsiCode('original_glcm_JointEntropy')).toBe('TU9B');
  expect(ibsiCode('log-sigma-3-0-mm-3D_glcm_JointEntropy')).toBe('TU9B');
  expect(ibsiCode('cm_joint_entr_2_5D_comb')).toBe('TU9B');
  expect(ibsiCode('morph_vol_approx')).toBe('YEKZ');
  for (const name of [
    'original_shape_toString',
    'original_toString_x',
    'toString',
    '',
    'original_glcm_MCC',
  ]) {
    expect(ibsiCode(name)).toBeNull();
  }
});
