import { describe, expect, it } from 'vitest';
import { Failure } from '../../failure.ts';
import type { Vector3, Volume } from '../../imaging/index.ts';
import type { FeatureVector } from '../extraction.ts';
import { ibsiFeatures } from './catalogue.ts';
import { extractIbsiFeatures, type IbsiProgress } from './extractor.ts';
import { type IbsiProfile, ibsiProfiles } from './profile.ts';

function volume(size: Vector3, value: (x: number, y: number, z: number) => number): Volume<Float64Array> {
  const [width, height] = size;
  return {
    size,
    spacing: [2, 2, 3],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    voxels: Float64Array.from({ length: size[0] * size[1] * size[2] }, (_, n) =>
      value(n % width, Math.floor(n / width) % height, Math.floor(n / (width * height))),
    ),
  };
}

const rough = (x: number, y: number, z: number) => ((x * 37 + y * 101 + z * 59) % 17) - 4;
const every = () => 1;
const size: Vector3 = [7, 6, 5];

const plain: IbsiProfile = {
  name: 'test',
  label: 1,
  interpolation: null,
  resegmentation: {},
  discretisation: { method: 'FBS', width: 2 },
  ivhDiscretisation: null,
  dimensions: ['2D', '2.5D', '3D'],
};

function run(image: Volume, mask: Volume, profile: Partial<IbsiProfile> = {}) {
  const progress: IbsiProgress[] = [];
  const steps = extractIbsiFeatures(image, mask, { ...plain, ...profile });
  let step = steps.next();
  while (!step.done) {
    progress.push(step.value);
    step = steps.next();
  }
  return { vector: step.value, progress };
}

/** The features without a value, each of which must have a warning. */
function undefinedOf({ names, values, warnings }: FeatureVector): string[] {
  const found = names.filter((_, i) => Number.isNaN(values[i]));
  expect(warnings.map(({ code, subject }) => [code, subject])).toEqual(
    found.map((name) => ['FEATURE_UNDEFINED', name]),
  );
  for (const value of values) expect(Math.abs(value)).not.toBe(Infinity);
  return found;
}

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('extractIbsiFeatures', () => {
  it('gives every feature, in order, and says how far it is', () => {
    const { vector, progress } = run(volume(size, rough), volume(size, every));
    expect(vector.names).toEqual(ibsiFeatures(plain.dimensions).map(({ name }) => name));
    expect(vector.names).toHaveLength(482);
    expect(undefinedOf(vector)).toEqual([]);
    expect(progress.map(({ done }) => done)).toEqual(progress.map((_, n) => n + 1));
    expect(progress.at(-1)!.done).toBe(progress[0].total);
    expect(new Set(progress.map(({ family, aggregation }) => `${family} ${aggregation}`)).size).toBe(29);
    expect(vector.diagnostics['diagnostics_Mask-resegmented_VoxelNum']).toBe(210);
  });

  it('does not depend on what lies outside of the region, but for the peaks', () => {
    const inside = (x: number, y: number, z: number) => Number(x > 1 && x < 6 && y > 0 && y < 5 && z > 0);
    const mask = volume(size, inside);
    const first = run(volume(size, rough), mask).vector;
    const other = volume(size, (x, y, z) => (inside(x, y, z) ? rough(x, y, z) : 999));
    const second = run(other, mask).vector;
    const differing = first.names.filter((_, i) => first.values[i] !== second.values[i]);
    expect(differing).toEqual(['loc_peak_loc', 'loc_peak_glob']);
  });

  it('takes another grid, and textures in the dimensions asked for', () => {
    const { vector } = run(volume(size, rough), volume(size, every), {
      interpolation: { spacing: [1.5, 1.5, 0], method: 'cubic', round: true },
      dimensions: ['2.5D'],
    });
    expect(vector.names.filter((name) => /^(cm|szm)/.test(name) && !/_2_5D/.test(name))).toEqual([]);
    expect(vector.diagnostics['diagnostics_Mask-resegmented_Spacing']).toEqual([1.5, 1.5, 3]);
    expect(undefinedOf(vector)).toEqual([]);
  });

  it('gives a flat region the values that IBSI defines, and null where it defines none', () => {
    for (const value of [7, 0.1, 0]) {
      const { vector } = run(
        volume(size, () => value),
        volume(size, every),
      );
      const at = (name: string) => vector.values[vector.names.indexOf(name)];
      expect([at('stat_skew'), at('stat_kurt'), at('ih_entropy'), at('ngt_busyness_3D')]).toEqual(
        // Minus the logarithm of 1 + 2⁻⁵².
        [0, 0, expect.closeTo(0, 14), 0],
      );
      expect([at('cm_corr_3D_avg'), at('cm_info_corr1_3D_avg'), at('ngt_coarseness_3D')]).toEqual([
        1, 0, 1e6,
      ]);
      expect(undefinedOf(vector)).toEqual([
        ...(value === 0 ? ['morph_com'] : []),
        'morph_moran_i',
        'morph_geary_c',
        ...(value === 0 ? ['stat_cov', 'stat_qcod'] : []),
        'ih_max_grad',
        'ih_max_grad_g',
        'ih_min_grad',
        'ih_min_grad_g',
        'ivh_v10',
        'ivh_v90',
        'ivh_i10',
        'ivh_i90',
        'ivh_diff_v10_v90',
        'ivh_diff_i10_i90',
      ]);
    }
  });

  it('takes a region of one slice, one line and one voxel', () => {
    const slice = run(
      volume(size, rough),
      volume(size, (_, __, z) => Number(z === 2)),
    ).vector;
    expect(undefinedOf(slice)).toEqual(['morph_vol_dens_aee']);
    const line = run(
      volume(size, rough),
      volume(size, (_, y, z) => Number(y === 2 && z === 2)),
    ).vector;
    // A seventh of the volume has the highest intensity, so that none is in a tenth of it.
    expect(undefinedOf(line)).toEqual([
      'morph_vol_dens_aee',
      'morph_area_dens_aee',
      'ivh_i10',
      'ivh_diff_i10_i90',
    ]);
    const voxel = run(
      volume(size, rough),
      volume(size, (x, y, z) => Number(x === 3 && y === 2 && z === 2)),
    ).vector;
    const missing = undefinedOf(voxel);
    expect(missing).toEqual(
      expect.arrayContaining(['morph_pca_maj_axis', 'morph_moran_i', 'cm_corr_3D_avg']),
    );
    expect(missing.filter((name) => /^(rlm|szm|dzm|ngl)_/.test(name))).toEqual([]);
  });

  it('refuses what leaves no region, or no number of levels', () => {
    const image = volume(size, rough);
    const mask = volume(size, every);
    const codeOf = (profile: Partial<IbsiProfile>) => failureOf(() => run(image, mask, profile)).code;
    expect(codeOf({ resegmentation: { range: [100, 200] } })).toBe('ROI_TOO_SMALL');
    expect(codeOf({ label: 2 })).toBe('MASK_LABEL_ABSENT');
    expect(codeOf({ label: 0 })).toBe('ARGUMENT_INVALID');
    expect(codeOf({ discretisation: { method: 'FBS', width: 0 } })).toBe('ARGUMENT_INVALID');
    expect(codeOf({ discretisation: { method: 'FBS', width: 1e-5 } })).toBe('PROFILE_INVALID');
    expect(codeOf({ discretisation: { method: 'FBN', bins: 2.5 } })).toBe('ARGUMENT_INVALID');
    expect(codeOf({ discretisation: { method: 'FBN', bins: 1e6 } })).toBe('ARGUMENT_INVALID');
    expect(codeOf({ ivhDiscretisation: { method: 'FBS', width: Number.NaN } })).toBe('ARGUMENT_INVALID');
    expect(
      codeOf({ resegmentation: { range: [-1e12, 1e12] }, discretisation: { method: 'FBN', bins: 8 } }),
    ).toBe('PROFILE_INVALID');
    const holed = volume(size, (x, y, z) => (x === 3 && y === 3 && z === 3 ? Number.NaN : 1));
    expect(failureOf(() => run(holed, mask)).code).toBe('IMAGE_NOT_FINITE');
    expect(failureOf(() => run(image, volume([7, 6, 4], every))).code).toBe('MASK_SIZE_MISMATCH');
    expect(
      failureOf(() =>
        run(
          image,
          volume(size, () => 0.5),
        ),
      ).code,
    ).toBe('MASK_INVALID');
  });

  it('has a profile for the digital phantom and each configuration', () => {
    expect(Object.keys(ibsiProfiles)).toEqual([
      'ibsi-digital',
      'ibsi-a',
      'ibsi-b',
      'ibsi-c',
      'ibsi-d',
      'ibsi-e',
    ]);
    for (const [name, profile] of Object.entries(ibsiProfiles)) expect(profile.name).toBe(name);
  });
});
