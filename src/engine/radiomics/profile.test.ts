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

const imagesIn = (parameters: object) =>
  featureNames(parseProfile({ featureClass: { firstorder: ['Mean'] }, ...parameters }, 'mine')).map((name) =>
    name.slice(0, name.indexOf('_')),
  );

describe('the images of a profile', () => {
  it('have the names and the order of PyRadiomics', () => {
    expect(
      imagesIn({
        imageType: {
          LoG: { sigma: [0.5, 3, 3] },
          Original: {},
          Wavelet: {},
          Square: {},
          SquareRoot: {},
          Logarithm: {},
          Exponential: {},
          Gradient: {},
          LBP2D: {},
          LBP3D: { lbp3DLevels: 3 },
        },
      }),
    ).toEqual([
      'log-sigma-0-5-mm-3D',
      'log-sigma-3-0-mm-3D',
      'original',
      ...['LLH', 'LHL', 'LHH', 'HLL', 'HLH', 'HHL', 'HHH', 'LLL'].map((band) => `wavelet-${band}`),
      'square',
      'squareroot',
      'logarithm',
      'exponential',
      'gradient',
      'lbp-2D',
      'lbp-3D-m1',
      'lbp-3D-m2',
      'lbp-3D-m3',
      'lbp-3D-k',
    ]);
  });

  it('follow settings that hold for all image types or for one', () => {
    expect(imagesIn({ setting: { force2D: true }, imageType: { Wavelet: { level: 2 } } })).toEqual([
      ...['LH', 'HL', 'HH'].map((band) => `wavelet-${band}`),
      ...['LH', 'HL', 'HH', 'LL'].map((band) => `wavelet2-${band}`),
    ]);
    expect(imagesIn({ setting: { sigma: [2] }, imageType: { LoG: {} } })).toEqual(['log-sigma-2-0-mm-3D']);
  });
});

describe('shape by voxels', () => {
  it('has the names of PyRadiomics 2.0', () => {
    const setting = { voxelShape: true };
    const names = featureNames(parseProfile({ setting, featureClass: { shape: null } }, 'mine'));
    expect(names).toHaveLength(13);
    expect(names.at(-1)).toBe('original_shape_Volume');
    expect(() => parseProfile({ setting, featureClass: { shape: ['MeshVolume'] } }, 'mine')).toThrow(
      invalid({ key: 'featureClass.shape.MeshVolume' }),
    );
    expect(() => parseProfile({ featureClass: { shape: ['Volume'] } }, 'mine')).toThrow(
      invalid({ key: 'featureClass.shape.Volume' }),
    );
  });
});

describe('the profiles that have names', () => {
  it.each([
    ['pyradiomics-default', 107],
    ['pyradiomics-14-images', 14 + 14 * 93],
    ['ak-1217', 1217],
  ])('%s has %i features, none twice', (name, count) => {
    const names = featureNames(profiles[name]);
    expect(names).toHaveLength(count);
    expect(new Set(names).size).toBe(count);
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
    [{ setting: { label_channel: 1 } }, 'setting.label_channel'],
    [{ setting: { interpolator: 'sitkGaussian', resampledPixelSpacing: [1, 1, 1] } }, 'setting.interpolator'],
    [{ setting: { interpolator: 9, resampledPixelSpacing: [1, 1, 1] } }, 'setting.interpolator'],
  ])('that are not honoured are refused: %j', (parameters, key) => {
    expect(() => parseProfile(parameters, 'mine')).toThrow(unsupported(key));
  });

  it('take any interpolator where nothing is resampled', () => {
    expect(() => parseProfile({ setting: { interpolator: 'sitkGaussian' } }, 'mine')).not.toThrow();
  });

  it.each([
    [{ Wavelet: { wavelet: 'coif99' } }, 'imageType.Wavelet.wavelet'],
    [{ Wavelet: { level: 33 } }, 'imageType.Wavelet.level'],
    [{ LoG: {} }, 'imageType.LoG'],
    [{ LoG: { sigma: [1, 0] } }, 'imageType.LoG.sigma[1]'],
    [{ LBP2D: { lbp2DMethod: 'ror', lbp2DSamples: 32 } }, 'imageType.LBP2D.lbp2DSamples'],
    [{ LBP3D: { lbp3DLevels: 17 } }, 'imageType.LBP3D.lbp3DLevels'],
  ])('that no filter takes are refused: %j', (imageType, key) => {
    expect(() => parseProfile({ imageType }, 'mine')).toThrow(invalid({ key }));
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
