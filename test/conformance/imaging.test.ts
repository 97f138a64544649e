import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  maskLabels,
  requireFinite,
  requireSameGeometry,
  type Volume,
} from '../../src/engine/imaging/index.ts';
import { readImageFile } from '../../src/store/image-file.ts';
import { describeConformance, reference } from '../support/reference.ts';

/**
 * The reference images as SimpleITK 2.5.7 (ITK 5.4) reads them: file, voxel type, size, spacing, origin, direction of the y axis
 * (all are axis-aligned), start of the SHA-256 of the voxels' bytes. Geometry is compared to the bit: both hold the header's
 * numbers, single precision in NIfTI-1.
 */
const images: [string, string, number[], number[], number[], 1 | -1, string][] = [
  [
    'pyradiomics/images/brain1_image.nrrd',
    'Int16Array',
    [256, 256, 25],
    [0.7812499999999999, 0.7812499999999999, 6.499999999999998],
    [-99.60937499999999, 99.60937499999999, -77.99999999999996],
    -1,
    'cb06e37c79147907',
  ],
  [
    'pyradiomics/images/brain1_label.nrrd',
    'Int32Array',
    [256, 256, 25],
    [0.7812499999999999, 0.7812499999999999, 6.499999999999998],
    [-99.60937499999999, 99.60937499999999, -77.99999999999996],
    -1,
    '0520768c9cf20466',
  ],
  [
    'pyradiomics/images/lung1_label.nrrd',
    'Int16Array',
    [512, 512, 48],
    [0.5703125, 0.5703125, 5],
    [-146, -325, -777.4999999999998],
    1,
    'a5d29fdf9ba8b95f',
  ],
  [
    'ibsi1/ct_phantom/image.nii.gz',
    'Float32Array',
    [204, 201, 60],
    [0.9769999980926514, 0.9769999980926514, 3],
    [-174.39450073242188, -79.62550354003906, -100.4000015258789],
    1,
    'f2811a4eacb078b6',
  ],
  [
    'ibsi1/ct_phantom/mask.nii.gz',
    'Uint8Array',
    [204, 201, 60],
    [0.9769999980926514, 0.9769999980926514, 3],
    [-174.39450073242188, -79.62550354003906, -100.4000015258789],
    1,
    '8248cea55660c259',
  ],
  [
    'ibsi1/digital_phantom/image.nii.gz',
    'Int16Array',
    [5, 4, 4],
    [2, 2, 2],
    [0, 0, 0],
    1,
    'c5b197467e36bad2',
  ],
  ['ibsi1/digital_phantom/mask.nii.gz', 'Int16Array', [5, 4, 4], [2, 2, 2], [0, 0, 0], 1, 'c2fff7b1ce9e8424'],
  [
    'sts/STS_019/CT_image.nii.gz',
    'Float32Array',
    [136, 134, 47],
    [0.9765620231628418, 0.9765620231628418, 3.2699999809265137],
    [-87.89070892333984, -143.55474853515625, -225.6300048828125],
    1,
    '82a3e6d2534abdda',
  ],
  [
    'sts/STS_019/CT_mask.nii.gz',
    'Uint8Array',
    [136, 134, 47],
    [0.9765620231628418, 0.9765620231628418, 3.2699999809265137],
    [-87.89070892333984, -143.55474853515625, -225.6300048828125],
    1,
    'fbe4fa9046737968',
  ],
  [
    'sts/STS_019/MR_T1_image.nii.gz',
    'Float32Array',
    [112, 110, 47],
    [1.171875, 1.171875, 3.2700042724609375],
    [-83.7890625, -142.3828125, -232.22988891601562],
    1,
    '48a82cfce13d56e8',
  ],
  [
    'sts/STS_019/MR_T1_mask.nii.gz',
    'Uint8Array',
    [112, 110, 47],
    [1.171875, 1.171875, 3.2700042724609375],
    [-83.7890625, -142.3828125, -232.22988891601562],
    1,
    'bb7d13d0802ee881',
  ],
  [
    'sts/STS_019/PET_image.nii.gz',
    'Float32Array',
    [28, 28, 47],
    [4.6875, 4.6875, 3.2699999809265137],
    [-82.03125, -142.96875, -232.2100067138672],
    1,
    'ca5303611fd0bb07',
  ],
  [
    'sts/STS_019/PET_mask.nii.gz',
    'Uint8Array',
    [28, 28, 47],
    [4.6875, 4.6875, 3.2699999809265137],
    [-82.03125, -142.96875, -232.2100067138672],
    1,
    'c8ffb804a3cdf322',
  ],
  [
    'sts/STS_025/CT_image.nii.gz',
    'Float32Array',
    [149, 138, 47],
    [0.9765620231628418, 0.9765620231628418, 3.2699999809265137],
    [-125.00006103515625, 39.06235122680664, 364.8500061035156],
    1,
    '8f55dbadfc89daa2',
  ],
  [
    'sts/STS_025/CT_mask.nii.gz',
    'Uint8Array',
    [149, 138, 47],
    [0.9765620231628418, 0.9765620231628418, 3.2699999809265137],
    [-125.00006103515625, 39.06235122680664, 364.8500061035156],
    1,
    'eb1546eb86dac807',
  ],
  [
    'sts/STS_025/MR_T1_image.nii.gz',
    'Float32Array',
    [75, 55, 25],
    [0.9765620231628418, 0.9765620231628418, 3.2699599266052246],
    [-87.89070129394531, 78.12483215332031, 397.55072021484375],
    1,
    '48c054fb9406ebe9',
  ],
  [
    'sts/STS_025/MR_T1_mask.nii.gz',
    'Uint8Array',
    [75, 55, 25],
    [0.9765620231628418, 0.9765620231628418, 3.2699599266052246],
    [-87.89070129394531, 78.12483215332031, 397.55072021484375],
    1,
    '5c4ff8bff7ab6989',
  ],
  [
    'sts/STS_025/PET_image.nii.gz',
    'Float32Array',
    [37, 34, 47],
    [3.90625, 3.90625, 3.2699999809265137],
    [-123.04688262939453, 41.015621185302734, 364.8299865722656],
    1,
    'e0ec0251789e9718',
  ],
  [
    'sts/STS_025/PET_mask.nii.gz',
    'Uint8Array',
    [37, 34, 47],
    [3.90625, 3.90625, 3.2699999809265137],
    [-123.04688262939453, 41.015621185302734, 364.8299865722656],
    1,
    '1b89005846d85633',
  ],
];

/** Voxels of label 1, from SimpleITK; those of PAT1, brain1 and lung1 are in the reference data's own README, too. */
const regions: [string, string, number][] = [
  ['pyradiomics/images/brain1_image.nrrd', 'pyradiomics/images/brain1_label.nrrd', 4137],
  ['ibsi1/ct_phantom/image.nii.gz', 'ibsi1/ct_phantom/mask.nii.gz', 125_256],
  ['ibsi1/digital_phantom/image.nii.gz', 'ibsi1/digital_phantom/mask.nii.gz', 74],
  ['sts/STS_019/CT_image.nii.gz', 'sts/STS_019/CT_mask.nii.gz', 5564],
  ['sts/STS_019/MR_T1_image.nii.gz', 'sts/STS_019/MR_T1_mask.nii.gz', 3856],
  ['sts/STS_019/PET_image.nii.gz', 'sts/STS_019/PET_mask.nii.gz', 239],
  ['sts/STS_025/CT_image.nii.gz', 'sts/STS_025/CT_mask.nii.gz', 9655],
  ['sts/STS_025/MR_T1_image.nii.gz', 'sts/STS_025/MR_T1_mask.nii.gz', 9655],
  ['sts/STS_025/PET_image.nii.gz', 'sts/STS_025/PET_mask.nii.gz', 606],
];

const read = async (path: string): Promise<Volume> =>
  (await readImageFile(reference(`radiomics/${path}`))).volume;

describeConformance('images as SimpleITK reads them', () => {
  it.each(images)('%s', async (path, type, size, spacing, origin, y, hash) => {
    const volume = await read(path);
    expect(volume.voxels.constructor.name).toBe(type);
    expect(volume.size).toEqual(size);
    expect(volume.spacing).toEqual(spacing);
    expect(volume.origin).toEqual(origin);
    expect(volume.direction).toEqual([1, 0, 0, 0, y, 0, 0, 0, 1]);
    requireFinite(volume, path);
    const { buffer, byteOffset, byteLength } = volume.voxels;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    expect(createHash('sha256').update(bytes).digest('hex').slice(0, 16)).toBe(hash);
  });

  it.each(regions)('%s and its mask fit', async (imagePath, maskPath, voxels) => {
    const [image, mask] = [await read(imagePath), await read(maskPath)];
    expect(requireSameGeometry(image, mask, { image: imagePath, mask: maskPath })).toEqual([]);
    expect(maskLabels(mask)).toMatchObject({ 1: voxels });
  });

  it('tells the masks of two patients apart', async () => {
    const [image, mask] = [
      await read('sts/STS_019/CT_image.nii.gz'),
      await read('sts/STS_025/CT_mask.nii.gz'),
    ];
    expect(() => requireSameGeometry(image, mask, { image: 'the CT', mask: 'the mask' })).toThrow(
      'the mask does not fit the CT: it has 149 × 138 × 47 voxels against 136 × 134 × 47',
    );
  });
});
