import { describe, expect, it } from 'vitest';
import { holds, smallScans, volumeOf } from '../../../test/support/small-regions.ts';
import type { Volume } from '../imaging/index.ts';
import type { ExtractionOptions, ExtractionProgress, FeatureVector } from './extraction.ts';
import { extractFeatures } from './extractor.ts';
import { featureNames, parseProfile } from './profile.ts';
import { profiles } from './profiles.ts';

function run(image: Volume, mask: Volume, parameters: object = {}, options: ExtractionOptions = {}) {
  const progress: ExtractionProgress[] = [];
  const steps = extractFeatures(image, mask, parseProfile(parameters, 'test'), options);
  let step = steps.next();
  for (; !step.done; step = steps.next()) progress.push(step.value);
  return { progress, ...(step.value satisfies FeatureVector) };
}

const size = [5, 4, 3] as const;
const image = volumeOf(
  size,
  Array.from({ length: 60 }, (_, n) => (n * 37) % 101),
);
const mask = volumeOf(
  size,
  Uint8Array.from({ length: 60 }, (_, n) => (n % 7 === 0 ? 2 : 1)),
);
const withVoxels = (...voxels: number[]) => {
  const drawn = new Uint8Array(60);
  for (const voxel of voxels) drawn[voxel] = 1;
  return volumeOf(size, drawn);
};
const failure = (code: string, details: object = {}) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) });

describe('an extraction', () => {
  it('tells of each class and gives the values in the order of the profile', () => {
    const { progress, names, values, warnings } = run(image, mask);
    expect(names).toEqual(featureNames(profiles['pyradiomics-default']));
    expect(values).toHaveLength(107);
    expect(warnings).toEqual([]);
    expect(progress.map(({ family }) => family)).toEqual([
      'shape',
      'firstorder',
      'glcm',
      'gldm',
      'glrlm',
      'glszm',
      'ngtdm',
    ]);
    expect(progress.at(-1)).toEqual({
      type: 'family',
      image: 'original',
      family: 'ngtdm',
      done: 7,
      total: 7,
    });
  });

  it('takes the label asked for', () => {
    const shape = { featureClass: { shape: ['VoxelVolume'] } };
    expect(run(image, mask, shape).values[0]).toBe(51);
    expect(run(image, mask, { setting: { label: 2 }, ...shape }).values[0]).toBe(9);
    expect(run(image, mask, shape, { label: 2 }).values[0]).toBe(9);
    expect(
      run(image, mask, shape, { label: 2 }).diagnostics.diagnostics_Configuration_Settings,
    ).toMatchObject({
      label: 2,
    });
  });

  it('does not depend on where the region lies, nor on the type of the voxels', () => {
    const profile = { setting: { binWidth: 1, additionalInfo: false } };
    holds(
      smallScans(8),
      ({ image: small, mask: drawn }) => {
        const [x, y, z] = small.size;
        const larger = [x + 2, y + 3, z + 1] as const;
        const place = (source: Volume, fill: number, target: Volume['voxels']) => {
          target.fill(fill);
          source.voxels.forEach((value, n) => {
            const [i, j, k] = [n % x, Math.floor(n / x) % y, Math.floor(n / (x * y))];
            target[i + 1 + larger[0] * (j + 2 + larger[1] * (k + 1))] = value;
          });
          return volumeOf(larger, target, source.spacing);
        };
        const count = larger[0] * larger[1] * larger[2];
        const found = extractOrCode(small, drawn, profile);
        expect(
          extractOrCode(
            place(small, 99, new Int16Array(count)),
            place(drawn, 0, new Uint16Array(count)),
            profile,
          ),
        ).toEqual(found);
      },
      60,
    );
  });

  it('names each feature that is undefined on the region', () => {
    const { values, warnings, names } = run(image, withVoxels(0, 59), {
      setting: { minimumROIDimensions: 1 },
    });
    const undefinedNames = names.filter((_, i) => Number.isNaN(values[i]));
    expect(undefinedNames).toContain('original_glcm_Contrast');
    expect(undefinedNames).toContain('original_glrlm_RunEntropy');
    expect(undefinedNames).not.toContain('original_glszm_ZoneEntropy');
    expect(warnings.map(({ subject }) => subject)).toEqual(undefinedNames);
    expect(warnings.every(({ code }) => code === 'FEATURE_UNDEFINED')).toBe(true);
  });

  it('gives shape in the plane for a single plane and says that it is undefined otherwise', () => {
    const profile = { setting: { force2D: true }, featureClass: { shape2D: ['PixelSurface'] } };
    expect(run(image, withVoxels(0, 1, 5), profile).values[0]).toBe(3);
    expect(run(image, mask, profile).warnings).toHaveLength(1);
  });

  it('leaves shape alone when it segments again, unless told otherwise', () => {
    const featureClass = { shape: ['VoxelVolume'], firstorder: ['Minimum', 'Maximum'] };
    const setting = { resegmentRange: [80, 20] };
    const found = run(image, mask, { setting, featureClass });
    expect(found.values[0]).toBe(51);
    expect(found.values[1]).toBeGreaterThanOrEqual(20);
    expect(found.values[2]).toBeLessThanOrEqual(80);
    expect(found.diagnostics['diagnostics_Mask-resegmented_VoxelNum']).toBeLessThan(51);
    const reshaped = run(image, mask, { setting: { ...setting, resegmentShape: true }, featureClass });
    expect(reshaped.values[0]).toBe(found.diagnostics['diagnostics_Mask-resegmented_VoxelNum']);
  });

  it('describes image and mask by the names of PyRadiomics', () => {
    const chunks: number[] = [];
    const sha1 = (parts: Iterable<Uint8Array>) => {
      let bytes = 0;
      for (const part of parts) bytes += part.length;
      chunks.push(bytes);
      return 'hash';
    };
    const drawn = { ...withVoxels(0, 1, 59), origin: [10, 0, 0] as const };
    const { diagnostics } = run({ ...image, origin: [10, 0, 0] }, drawn, {}, { sha1 });
    expect(diagnostics).toMatchObject({
      'diagnostics_Image-original_Hash': 'hash',
      'diagnostics_Image-original_Size': [5, 4, 3],
      'diagnostics_Image-original_Minimum': 0,
      'diagnostics_Mask-original_BoundingBox': [0, 0, 0, 5, 4, 3],
      'diagnostics_Mask-original_VoxelNum': 3,
      'diagnostics_Mask-original_VolumeNum': 2,
      'diagnostics_Mask-original_CenterOfMassIndex': [5 / 3, 1, 2 / 3],
      'diagnostics_Mask-original_CenterOfMass': [10 + 5 / 3, 1, 2 / 3],
    });
    // The mask is hashed as 32-bit numbers.
    expect(chunks).toEqual([8 * 60, 4 * 60]);
    expect(run(image, mask, { setting: { additionalInfo: false } }).diagnostics).toEqual({});
  });
});

const everyImage = {
  Original: {},
  LoG: { sigma: [1, 20] },
  Wavelet: { level: 2 },
  Square: {},
  SquareRoot: {},
  Logarithm: {},
  Exponential: {},
  Gradient: {},
  LBP2D: {},
  LBP3D: {},
};

describe('an extraction from filtered images', () => {
  const featureClass = { shape: ['VoxelVolume'], firstorder: ['Mean'], glcm: ['Contrast'] };
  const setting = { binWidth: 1 };

  it('gives every image by the names of the profile, one after the other', () => {
    const parameters = { setting, imageType: everyImage, featureClass };
    const { progress, names, values, warnings } = run(image, mask, parameters);
    expect(names).toEqual(featureNames(parseProfile(parameters, 'test')));
    expect(progress.map(({ done }) => done)).toEqual(progress.map((_, n) => n + 1));
    expect(progress.at(-1)?.total).toBe(progress.length);
    const images = progress.slice(1).map((step) => step.image);
    expect(new Set(images).size).toBe(images.length / 2);
    expect(images.filter((name, n) => n > 0 && name !== images[n - 1])).toHaveLength(images.length / 2 - 1);
    // An image of three planes is too small for any Laplacian of Gaussian.
    const skipped = names.filter((name) => name.startsWith('log-sigma'));
    expect(skipped).toHaveLength(4);
    expect(warnings.map(({ subject }) => subject)).toEqual(skipped);
    expect(warnings[0].message).toMatch(
      /undefined on this region of interest, as the image has 3 voxels along z/,
    );
    expect(values.filter(Number.isFinite)).toHaveLength(names.length - skipped.length);
  });

  it('leaves the original as it is without them', () => {
    const alone = run(image, mask, { setting, featureClass });
    const { names, values } = run(image, mask, { setting, featureClass, imageType: everyImage });
    expect(names.slice(0, 3)).toEqual(alone.names);
    expect(values.slice(0, 3)).toEqual(alone.values);
  });

  it('sees the image beyond the region, unless that is cut off before', () => {
    const small = withVoxels(22, 23, 27, 28);
    const wavelet = { featureClass: { firstorder: ['Mean'] }, imageType: { Wavelet: {} } };
    const whole = run(image, small, wavelet);
    const moved = run(volumeOf(size, [...image.voxels].with(0, 1000)), small, wavelet);
    expect(moved.values).not.toEqual(whole.values);
    const cropped = { ...wavelet, setting: { preCrop: true, padDistance: 0 } };
    expect(run(volumeOf(size, [...image.voxels].with(0, 1000)), small, cropped).values).toEqual(
      run(image, small, cropped).values,
    );
  });

  it('discretises an image by its own settings', () => {
    const own = { Original: {}, Square: { binCount: 1 } };
    const entropy = { featureClass: { firstorder: ['Entropy'] }, setting, imageType: own };
    const { values } = run(image, mask, entropy);
    expect(values[0]).toBeGreaterThan(5);
    expect(values[1]).toBeCloseTo(0, 12);
  });
});

describe('before its features are taken, an image', () => {
  const featureClass = { shape: ['VoxelVolume'], firstorder: ['Mean', 'Variance'] };

  it('is normalised as a whole', () => {
    const all = volumeOf(size, new Uint8Array(60).fill(1));
    const { values } = run(image, all, { setting: { normalize: true, normalizeScale: 10 }, featureClass });
    expect(values[1]).toBeCloseTo(0, 10);
    expect(values[2]).toBeCloseTo((100 * 59) / 60, 10);
  });

  it('is resampled with its mask, which is told among the diagnostics', () => {
    const setting = { resampledPixelSpacing: [2, 2, 0], interpolator: 'sitkLinear' };
    const { values, diagnostics } = run(image, mask, { setting, featureClass });
    const voxels = diagnostics['diagnostics_Mask-interpolated_VoxelNum'] as number;
    expect(values[0]).toBe(4 * voxels);
    expect(diagnostics).toMatchObject({
      'diagnostics_Image-original_Size': [5, 4, 3],
      'diagnostics_Mask-original_VoxelNum': 51,
      'diagnostics_Image-interpolated_Spacing': [2, 2, 1],
      'diagnostics_Mask-interpolated_Spacing': [2, 2, 1],
    });
    // Without an interpolator there is none.
    const kept = run(image, mask, { setting: { ...setting, interpolator: null }, featureClass });
    expect(kept.values[0]).toBe(51);
  });

  it('takes a mask of another grid where that is to be corrected', () => {
    const larger = volumeOf([6, 4, 3], new Uint8Array(72).fill(0).fill(1, 0, 4).fill(1, 24, 28));
    expect(() => run(image, larger, { featureClass })).toThrow(failure('MASK_SIZE_MISMATCH'));
    const { values, diagnostics } = run(image, larger, { setting: { correctMask: true }, featureClass });
    expect(values[0]).toBe(8);
    expect(diagnostics['diagnostics_Mask-corrected_VoxelNum']).toBe(8);
  });
});

describe('an extraction is refused', () => {
  it.each([
    ['without the label', withVoxels(), {}, 'MASK_LABEL_ABSENT', { label: 1, labels: [] }],
    ['with other labels', mask, { setting: { label: 3 } }, 'MASK_LABEL_ABSENT', { labels: [1, 2] }],
    ['for a single voxel', withVoxels(7), {}, 'ROI_TOO_SMALL', { voxels: 1 }],
    ['for a line', withVoxels(0, 1, 2), {}, 'ROI_TOO_SMALL', { dimensions: 1 }],
    [
      'for a plane',
      withVoxels(0, 1, 5),
      { setting: { minimumROIDimensions: 3 } },
      'ROI_TOO_SMALL',
      { dimensions: 2 },
    ],
    [
      'for few voxels',
      withVoxels(0, 1, 5),
      { setting: { minimumROISize: 3 } },
      'ROI_TOO_SMALL',
      { voxels: 3 },
    ],
    ['when nothing is left', mask, { setting: { resegmentRange: [500] } }, 'ROI_TOO_SMALL', { before: 51 }],
    ['for too many levels', mask, { setting: { binWidth: 1e-4 } }, 'PROFILE_INVALID', { limit: 32_768 }],
  ] as const)('%s', (_, drawn, parameters, code, details) => {
    expect(() => run(image, drawn, parameters)).toThrow(failure(code, details));
  });

  it('for a mask on another grid', () => {
    const names = { image: 'a.nii', mask: 'b.nii' };
    const moved = { ...mask, origin: [0, 0, 1] as const };
    expect(() => run(image, moved, {}, { names })).toThrow(
      failure('MASK_ORIGIN_MISMATCH', { mask: 'b.nii' }),
    );
    expect(() => run(image, moved, { setting: { geometryTolerance: 2 } }, { names })).not.toThrow();
  });

  it('for a mask with parts of a label', () => {
    const partial = volumeOf(size, [...mask.voxels].with(9, 0.5));
    expect(() => run(image, partial)).toThrow(failure('MASK_INVALID', { voxel: [4, 1, 0] }));
    expect(run(image, volumeOf(size, Float32Array.from(mask.voxels))).values).toEqual(
      run(image, mask).values,
    );
  });

  it('for a voxel that is not a number, and a label that cannot be one', () => {
    const broken = volumeOf(size, [...image.voxels].with(33, Number.NaN));
    expect(() => run(broken, mask)).toThrow(failure('IMAGE_NOT_FINITE', { voxel: [3, 2, 1] }));
    expect(() => run(image, mask, {}, { label: 0 })).toThrow(
      failure('ARGUMENT_INVALID', { argument: 'label' }),
    );
    expect(() => run(image, mask, {}, { label: 1.5 })).toThrow(failure('ARGUMENT_INVALID'));
  });
});

function extractOrCode(small: Volume, drawn: Volume, profile: object): readonly number[] | string {
  try {
    return [...run(small, drawn, profile).values];
  } catch (error) {
    return (error as { code: string }).code;
  }
}
