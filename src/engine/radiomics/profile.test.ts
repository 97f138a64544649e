import { describe, expect, it } from 'vitest';
import { featureClasses } from './features.ts';
import { featureNames, parseProfile } from './profile.ts';
import { profiles } from './profiles.ts';

const invalid = (details: object) =>
  expect.objectContaining({ code: 'PROFILE_INVALID', details: expect.objectContaining(details) });
const unsupported = (key: string) =>
  expect.objectContaining({ code: 'PROFILE_UNSUPPORTED', details: expect.objectContaining({ key }) });

describe('a profile', () => {
  it('has the 107 features of the original image by default, shape first', () => {
    const names = featureNames(profiles['pyradiomics-default']);
    expect(names).toHaveLength(107);
    expect(new Set(names).size).toBe(107);
    expect(names[0]).toBe('original_shape_Elongation');
    expect(names[14]).toBe('original_firstorder_10Percentile');
    expect(names.at(-1)).toBe('original_ngtdm_Strength');
    expect(parseProfile(null, 'pyradiomics-default')).toEqual(profiles['pyradiomics-default']);
  });

  it('keeps the order of classes and features that a file has, but for shape, which is first', () => {
    const profile = parseProfile(
      { featureClass: { glcm: ['Contrast', 'Id', 'Contrast'], shape: ['Sphericity'], ngtdm: [] } },
      'mine',
    );
    expect(featureNames(profile)).toEqual([
      'original_shape_Sphericity',
      'original_glcm_Contrast',
      'original_glcm_Id',
      ...featureClasses.ngtdm.map((name) => `original_ngtdm_${name}`),
    ]);
  });

  it('takes defaults where a setting has no value, and no interpolator for none', () => {
    const { setting } = parseProfile(
      { setting: { resampledPixelSpacing: null, weightingNorm: null, label: 3, interpolator: null } },
      'mine',
    );
    expect(setting).toMatchObject({
      resampledPixelSpacing: null,
      label: 3,
      interpolator: null,
      padDistance: 5,
    });
    expect('weightingNorm' in setting).toBe(false);
    expect(() =>
      parseProfile({ setting: { interpolator: null, resampledPixelSpacing: [1, 1, 1] } }, 'mine'),
    ).not.toThrow();
  });

  it('is data: written as JSON and read again, it is the same', () => {
    const profile = parseProfile(
      { setting: { binCount: 16 }, imageType: { Original: { binWidth: 3 } }, featureClass: { shape: null } },
      'mine',
    );
    expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
    const { name: _, ...parameters } = profile;
    expect(parseProfile(parameters, 'mine')).toEqual(profile);
  });

  it('takes the deprecated features that are still computed, by name', () => {
    const names = featureNames(
      parseProfile({ featureClass: { shape: ['Compactness1'], firstorder: ['StandardDeviation'] } }, ''),
    );
    expect(names).toEqual(['original_shape_Compactness1', 'original_firstorder_StandardDeviation']);
    expect(() => parseProfile({ featureClass: { glcm: ['Homogeneity1'] } }, '')).toThrow(
      unsupported('featureClass.glcm.Homogeneity1'),
    );
  });
});

describe('parameters', () => {
  it.each([
    [{ settings: {} }, { key: 'settings', nearest: 'setting' }],
    [{ setting: { binwidth: 3 } }, { key: 'setting.binwidth', nearest: 'binWidth' }],
    [{ setting: { kernelRadius: 1 } }, { key: 'setting.kernelRadius' }],
    [{ imageType: { Wavelets: {} } }, { key: 'imageType.Wavelets', nearest: 'Wavelet' }],
    [
      { imageType: { Original: { binWidht: 3 } } },
      { key: 'imageType.Original.binWidht', nearest: 'binWidth' },
    ],
    [{ featureClass: { GLCM: null } }, { key: 'featureClass.GLCM', nearest: 'glcm' }],
    [{ featureClass: { glcm: ['Constrast'] } }, { key: 'featureClass.glcm.Constrast', nearest: 'Contrast' }],
    [{ featureClass: { xyzzyplugh: null } }, { key: 'featureClass.xyzzyplugh', nearest: null }],
    [{ featureClass: { glcm: 'Contrast' } }, { key: 'featureClass.glcm' }],
    [{ featureClass: { shape2D: null } }, { key: 'featureClass.shape2D' }],
    [[], { key: 'parameters' }],
    ['binWidth: 5', { key: 'parameters' }],
    [{ setting: 5 }, { key: 'setting' }],
  ])('with unknown names are refused: %j', (parameters, details) => {
    expect(() => parseProfile(parameters, 'mine')).toThrow(invalid(details));
  });

  it.each([
    [{ binWidth: 0 }, 'setting.binWidth'],
    [{ binWidth: -1 }, 'setting.binWidth'],
    [{ binWidth: '25' }, 'setting.binWidth'],
    [{ binWidth: Number.NaN }, 'setting.binWidth'],
    [{ binCount: 2.5 }, 'setting.binCount'],
    [{ binCount: 1e9 }, 'setting.binCount'],
    [{ label: 0 }, 'setting.label'],
    [{ force2D: 'yes' }, 'setting.force2D'],
    [{ force2Ddimension: 3 }, 'setting.force2Ddimension'],
    [{ distances: 1 }, 'setting.distances'],
    [{ distances: [] }, 'setting.distances'],
    [{ distances: [1, 0] }, 'setting.distances[1]'],
    [{ distances: [1000] }, 'setting.distances[0]'],
    [{ weightingNorm: 'cityblock' }, 'setting.weightingNorm'],
    [{ resegmentRange: [1, 2, 3] }, 'setting.resegmentRange'],
    [{ resegmentMode: 'relativ' }, 'setting.resegmentMode'],
    [{ minimumROIDimensions: 4 }, 'setting.minimumROIDimensions'],
    [{ interpolator: 11 }, 'setting.interpolator'],
    [{ interpolator: 'sitkCubic' }, 'setting.interpolator'],
  ])('out of range are refused: %j', (setting, key) => {
    expect(() => parseProfile({ setting }, 'mine')).toThrow(invalid({ key }));
  });

  it.each([
    [{ setting: { normalize: true } }, 'setting.normalize'],
    [{ setting: { resampledPixelSpacing: [1, 1, 1] } }, 'setting.resampledPixelSpacing'],
    [{ setting: { correctMask: true } }, 'setting.correctMask'],
    [{ setting: { label_channel: 1 } }, 'setting.label_channel'],
    [{ imageType: { Original: {}, LoG: { sigma: [1] } } }, 'imageType.LoG'],
  ])('that are not honoured are refused: %j', (parameters, key) => {
    expect(() => parseProfile(parameters, 'mine')).toThrow(unsupported(key));
  });

  it('that hold themselves are refused', () => {
    const loop: Record<string, unknown> = {};
    loop.label = loop;
    expect(() => parseProfile({ setting: loop }, 'mine')).toThrow(invalid({ key: 'setting.label' }));
  });

  it('that PyRadiomics ships for feature maps are taken', () => {
    const voxelSetting = { kernelRadius: 2, maskedKernel: true, initValue: 'nan', voxelBatch: 10_000 };
    expect(parseProfile({ voxelSetting }, 'mine').setting).toMatchObject(voxelSetting);
  });
});
