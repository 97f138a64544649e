import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  correctMask,
  cropToLabel,
  labelBox,
  largestSection,
  normalise,
  resampleFromCentre,
  resampleFromCorner,
  resegmentIbsi,
  type Vector3,
  type Volume,
} from '../../src/engine/imaging/index.ts';
import { readImageFile } from '../../src/store/image-file.ts';
import { describeConformance, reference, referenceJson } from '../support/reference.ts';

const read = async (path: string): Promise<Volume> =>
  (await readImageFile(reference(`radiomics/${path}`))).volume;

/** The CT phantom, whose whole numbers are stored as float32. */
async function readPhantom(): Promise<Volume> {
  const stored = await read('ibsi1/ct_phantom/image.nii.gz');
  return { ...stored, voxels: Int16Array.from(stored.voxels, Math.round) };
}

/** An image and its mask. */
async function readCase(name: string): Promise<[Volume, Volume]> {
  if (name === 'PAT1') return [await readPhantom(), await read('ibsi1/ct_phantom/mask.nii.gz')];
  const part = (kind: string) =>
    name === 'brain1' ? `pyradiomics/images/brain1_${kind}.nrrd` : `sts/${name}_${kind}.nii.gz`;
  return [await read(part('image')), await read(part(name === 'brain1' ? 'label' : 'mask'))];
}

/** The bytes after the header of a NumPy file. */
function npyData(name: string): Buffer {
  const bytes = readFileSync(reference(`radiomics/pyradiomics/intermediate/${name}.npy`));
  return bytes.subarray(10 + bytes.readUInt16LE(8));
}

function valuesIn(image: Volume, mask: Volume): Float64Array {
  return Float64Array.from(image.voxels).filter((_, n) => mask.voxels[n] === 1);
}

/** First-order values of the original image as computed with PyRadiomics. */
function firstOrderOf(key: string): Map<string, number> {
  const text = readFileSync(reference(`radiomics/pyradiomics/computed/${key}.csv`), 'utf8');
  const rows = text.split('\n').map((line) => line.split(','));
  return new Map(
    rows
      .filter(([image, family]) => image === 'original' && family === 'firstorder')
      .map(([, , feature, value]) => [feature, Number(value)]),
  );
}

interface Grid {
  readonly size_xyz: number[];
  readonly spacing: number[];
  readonly origin: number[];
  readonly direction: number[];
  readonly padDistance: number;
}

describeConformance('preprocessing as PyRadiomics', () => {
  it.each(['2mm', '1mm'])('brain1 at %s: grid, image and mask to the last voxel', async (name) => {
    const image = await read('pyradiomics/images/brain1_image.nrrd');
    const mask = await read('pyradiomics/images/brain1_label.nrrd');
    const grids = referenceJson<Record<string, Grid>>('radiomics/pyradiomics/intermediate/geometry.json');
    const grid = grids[`brain1_resampled_${name}`];
    const resampled = resampleFromCorner(image, mask, {
      spacing: grid.spacing as unknown as Vector3,
      interpolation: 'cubic',
      label: 1,
      padDistance: grid.padDistance,
    });
    for (const volume of [resampled.image, resampled.mask]) {
      expect(volume.size).toEqual(grid.size_xyz);
      expect(volume.spacing).toEqual(grid.spacing);
      expect(volume.origin).toEqual(grid.origin);
      expect(volume.direction).toEqual(grid.direction);
    }
    const bytes = npyData(`brain1_resampled_${name}_image`);
    const expected = Int16Array.from({ length: bytes.length / 2 }, (_, n) => bytes.readInt16LE(2 * n));
    expect(resampled.image.voxels).toEqual(expected);
    expect(Buffer.from(Uint8Array.from(resampled.mask.voxels))).toEqual(
      npyData(`brain1_resampled_${name}_mask`),
    );
  });

  // settings.json: the size after preprocessing, the region's box (both ends of x, y, z) and its voxels.
  it.each([
    ['brain1_exampleCT', 'brain1'],
    ['brain1_exampleMR3mm', 'brain1'],
    ['brain1_exampleMR2D', 'brain1'],
    ['PAT1_exampleCT', 'PAT1'],
    ['STS_019_CT_exampleCT', 'STS_019/CT'],
    ['STS_025_CT_exampleCT', 'STS_025/CT'],
    ['STS_019_MR_T1_exampleMR3mm', 'STS_019/MR_T1'],
    ['STS_025_MR_T1_exampleMR3mm', 'STS_025/MR_T1'],
    ['STS_019_PET_pet', 'STS_019/PET'],
    ['STS_025_PET_pet', 'STS_025/PET'],
  ])('%s: grid, box, and the mean, range and variance of the region', async (key, name) => {
    const settings = referenceJson<
      Record<
        string,
        {
          settings: { resampledPixelSpacing?: Vector3; padDistance?: number; normalizeScale?: number };
          roi_voxels: number;
          roi_bbox_xxyyzz_inclusive: number[];
          image_size_after_preprocessing: number[];
          spacing_after_preprocessing: number[];
        }
      >
    >('radiomics/pyradiomics/computed/settings.json')[key];
    const [image, mask] = await readCase(name);
    const { resampledPixelSpacing, padDistance = 5, normalizeScale } = settings.settings;
    const start = normalizeScale === undefined ? image : normalise(image, { scale: normalizeScale });
    const result = resampledPixelSpacing
      ? resampleFromCorner(start, mask, {
          spacing: resampledPixelSpacing,
          interpolation: 'cubic',
          label: 1,
          padDistance,
        })
      : cropToLabel(start, mask, 1, padDistance);
    expect(result.image.size).toEqual(settings.image_size_after_preprocessing);
    expect(result.image.spacing).toEqual(settings.spacing_after_preprocessing);
    expect(valuesIn(result.image, result.mask).length).toBe(settings.roi_voxels);
    const reference = firstOrderOf(key);
    const values = valuesIn(result.image, result.mask);
    const { mean_int: mean, min_int, max_int } = intensityFacts('', '', values);
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    for (const [feature, value] of Object.entries({
      Mean: mean,
      Minimum: min_int,
      Maximum: max_int,
      Variance: variance,
    })) {
      const expected = reference.get(feature)!;
      expect(Math.abs(value / expected - 1), feature).toBeLessThan(1e-11);
    }
    const { lower, size } = labelBox(result.mask, 1, 'mask');
    expect([0, 1, 2].flatMap((axis) => [lower[axis], lower[axis] + size[axis] - 1])).toEqual(
      settings.roi_bbox_xxyyzz_inclusive,
    );
  });

  it.each([
    ['brain1', 16, 984],
    ['lung1', 33, 347],
  ])('the largest section of %s is that of the shape2D tests', async (name, slice, pixels) => {
    const mask = await read(`pyradiomics/images/${name}_label.nrrd`);
    const section = largestSection(mask, 1);
    expect(labelBox(section, 1, 'mask').lower[2]).toBe(slice);
    expect(section.voxels.filter((label) => label === 1).length).toBe(pixels);
  });

  it('a mask on a finer grid goes back to where it came from', async () => {
    const image = await read('sts/STS_019/CT_image.nii.gz');
    const mask = await read('sts/STS_019/CT_mask.nii.gz');
    const fine = resampleFromCorner(mask, mask, {
      spacing: mask.spacing.map((length) => length / 3) as unknown as Vector3,
      interpolation: 'nearest',
      label: 1,
      padDistance: 4,
    }).mask;
    expect(fine.voxels.length).toBeGreaterThan(10 * 5564);
    expect(correctMask(image, fine, 1).voxels).toEqual(mask.voxels);
  });
});

describeConformance('preprocessing as IBSI configurations A to E', () => {
  const configurations = referenceJson<
    Record<
      string,
      {
        interpolation: { spacing_mm: (number | null)[]; image: string } | null;
        resegmentation_range_HU: [number, number] | null;
        outlier_sigma: number | null;
      }
    >
  >('radiomics/ibsi1/configurations.json');

  it.each(['A', 'B', 'C', 'D', 'E'])('%s: every diagnostic of image, masks and intensities', async (name) => {
    const { interpolation, resegmentation_range_HU, outlier_sigma } = configurations[name];
    const initial = await readPhantom();
    const drawn = await read('ibsi1/ct_phantom/mask.nii.gz');
    const { image, mask } = interpolation
      ? resampleFromCentre(initial, drawn, {
          spacing: interpolation.spacing_mm.map((length) => length ?? 0) as unknown as Vector3,
          interpolation: interpolation.image.startsWith('tricubic') ? 'cubic' : 'linear',
          label: 1,
          padDistance: Infinity,
          round: true,
        })
      : { image: initial, mask: drawn };
    const values = valuesIn(image, mask);
    const kept = resegmentIbsi(values, { range: resegmentation_range_HU, sigma: outlier_sigma });
    const intensities = Float64Array.from(kept, (index) => values[index]);
    const keptMask = { ...mask, voxels: new Uint8Array(mask.voxels.length) };
    const positions = [...mask.voxels.keys()].filter((n) => mask.voxels[n] === 1);
    for (const index of kept) keptMask.voxels[positions[index]] = 1;

    const found: Record<string, number> = {
      ...facts('init_img', initial),
      ...facts('interp_img', image),
      ...regionFacts('init_roi', drawn, drawn, valuesIn(initial, drawn)),
      ...regionFacts('interp_roi', mask, mask, values),
      ...regionFacts('reseg_roi', keptMask, mask, intensities),
    };
    const rows = diagnosticsOf(name);
    const wrong = rows.filter(({ tag, value, tolerance, digit }) => {
      expect(found, tag).toHaveProperty(tag);
      return !(Math.abs(found[tag] - value) <= tolerance + digit / 2 + 1e-9);
    });
    expect(wrong.map(({ tag, value }) => `${tag}: ${found[tag]}, reference ${value}`)).toEqual([]);
    expect(rows.length).toBeGreaterThan(50);
    // The counts have wide tolerances, but are met exactly.
    const counts = rows.filter(({ tag }) => tag.includes('vox_count'));
    expect(counts.map(({ tag }) => found[tag])).toEqual(counts.map(({ value }) => value));
  });
});

/** The `diagnostics` rows of a configuration with their tolerance, and the place of the last digit given. */
function diagnosticsOf(configuration: string) {
  const text = readFileSync(reference(`radiomics/ibsi1/reference_config_${configuration}.csv`), 'utf8');
  const rows = text.split('\n').map((line) => line.split(','));
  return rows
    .filter(([, family, , , , , , , value]) => family?.startsWith('diagnostics') && value !== '')
    .map(([, , , , , , , tag, value, tolerance]) => ({
      tag,
      value: Number(value),
      tolerance: Number(tolerance),
      digit: 10 ** -(value.split('.')[1]?.length ?? 0),
    }));
}

function facts(stage: string, { size, spacing, voxels }: Volume): Record<string, number> {
  return {
    ...Object.fromEntries(
      ['x', 'y', 'z'].flatMap((axis, n) => [
        [`img_dim_${axis}_${stage}`, size[n]],
        [`vox_dim_${axis}_${stage}`, spacing[n]],
      ]),
    ),
    ...intensityFacts('', `_${stage}`, Float64Array.from(voxels)),
  };
}

function regionFacts(stage: string, intensity: Volume, morphological: Volume, values: Float64Array) {
  return {
    ...maskFacts('int_mask', stage, intensity),
    ...maskFacts('morph_mask', stage, morphological),
    ...intensityFacts('int_mask_', `_${stage}`, values),
  };
}

function maskFacts(prefix: string, stage: string, mask: Volume): Record<string, number> {
  const { size } = labelBox(mask, 1, 'mask');
  return {
    ...Object.fromEntries(
      ['x', 'y', 'z'].flatMap((axis, n) => [
        [`${prefix}_dim_${axis}_${stage}`, mask.size[n]],
        [`${prefix}_bb_dim_${axis}_${stage}`, size[n]],
      ]),
    ),
    [`${prefix}_vox_count_${stage}`]: mask.voxels.filter((label) => label === 1).length,
  };
}

function intensityFacts(prefix: string, suffix: string, values: Float64Array): Record<string, number> {
  return {
    [`${prefix}mean_int${suffix}`]: values.reduce((sum, value) => sum + value, 0) / values.length,
    [`${prefix}min_int${suffix}`]: values.reduce((least, value) => Math.min(least, value), Infinity),
    [`${prefix}max_int${suffix}`]: values.reduce((most, value) => Math.max(most, value), -Infinity),
  };
}
