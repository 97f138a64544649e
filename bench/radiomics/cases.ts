import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Volume, writeNifti } from '../../src/engine/imaging/index.ts';
import { random } from '../../src/engine/statistics/index.ts';
import { readImageFile } from '../../src/store/image-file.ts';

export interface BenchCase {
  readonly name: string;
  readonly image: string;
  readonly mask: string;
  readonly parameters: { readonly setting: object; readonly imageType: object };
}

const reference = resolve(
  process.env.NOMOGRAPH_REFERENCE ?? join(import.meta.dirname, '../../../shared/reference'),
  'radiomics',
);
const scratch = join(tmpdir(), 'nomograph-bench-volumes');

/** The 14 images of the study: the original, five scales of the Laplacian of Gaussian, eight wavelet bands. */
export const fourteenImages = { Original: {}, LoG: { sigma: [1, 2, 3, 4, 5] }, Wavelet: {} };

/** What is timed; those whose files are absent are left out with a line. */
export async function benchCases(): Promise<BenchCase[]> {
  const brain = join(reference, 'pyradiomics/images/brain1');
  const cases: BenchCase[] = [];
  if (existsSync(`${brain}_image.nrrd`)) {
    const native = { setting: { binWidth: 25 }, imageType: fourteenImages };
    const pat1 = await integerCopy(join(reference, 'ibsi1/ct_phantom/image.nii.gz'));
    const pat1Mask = join(reference, 'ibsi1/ct_phantom/mask.nii.gz');
    cases.push(
      {
        name: 'brain1, MR 256 × 256 × 25',
        image: `${brain}_image.nrrd`,
        mask: `${brain}_label.nrrd`,
        parameters: native,
      },
      { name: 'PAT1, CT 204 × 201 × 60', image: pat1, mask: pat1Mask, parameters: native },
      {
        name: 'PAT1 at 1 mm',
        image: pat1,
        mask: pat1Mask,
        parameters: {
          setting: {
            binWidth: 25,
            resampledPixelSpacing: [1, 1, 1],
            interpolator: 'sitkBSpline',
            padDistance: 10,
            voxelArrayShift: 1000,
          },
          imageType: fourteenImages,
        },
      },
    );
  } else console.log(`SKIPPED: brain1 and PAT1 are not at ${reference}; set NOMOGRAPH_REFERENCE`);
  const { image, mask } = largeVolume([512, 512, 61]);
  cases.push({
    name: 'CT 512 × 512 × 61',
    image,
    mask,
    parameters: { setting: { binWidth: 25 }, imageType: fourteenImages },
  });
  return cases;
}

/** PAT1 is stored as float32 but holds whole numbers: both sides get it as int16. */
async function integerCopy(path: string): Promise<string> {
  const copy = join(scratch, 'pat1.nii.gz');
  if (existsSync(copy)) return copy;
  const { volume } = await readImageFile(path);
  write(copy, { ...volume, voxels: Int16Array.from(volume.voxels, (value) => Math.round(value)) });
  return copy;
}

/** A seeded volume like a CT, noise over a body; masks of a textured lesion of about 40 mm, and of an organ that fills most of it. */
export function largeVolume(
  size: readonly [number, number, number],
): Record<'image' | 'mask' | 'organ', string> {
  const files = {
    image: join(scratch, `ct-${size.join('x')}.nii.gz`),
    mask: join(scratch, `mask-${size.join('x')}.nii.gz`),
    organ: join(scratch, `organ-${size.join('x')}.nii.gz`),
  };
  if (Object.values(files).every((file) => existsSync(file))) return files;
  const [nx, ny, nz] = size;
  const spacing = [0.8, 0.8, 3] as const;
  const geometry = { size, spacing, origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;
  const image = new Int16Array(nx * ny * nz);
  const mask = new Uint8Array(nx * ny * nz);
  const organ = new Uint8Array(nx * ny * nz);
  const noise = random(1, 'bench', nz);
  const centre = [nx * 0.4, ny * 0.55, nz / 2];
  for (let k = 0, voxel = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, voxel++) {
        const distance = Math.hypot(
          (i - centre[0]) * spacing[0],
          (j - centre[1]) * spacing[1],
          (k - centre[2]) * spacing[2],
        );
        const inside = distance < 20 + 3 * Math.sin(i / 5) * Math.cos(j / 7);
        const body = Math.hypot((i - nx / 2) / nx, (j - ny / 2) / ny) < 0.45;
        const grain = (noise.bits() & 63) - 32;
        image[voxel] = body
          ? 60 + grain + (inside ? 45 + 60 * Math.sin(i / 3) * Math.sin(j / 4 + k) : 0)
          : -1000;
        mask[voxel] = inside ? 1 : 0;
        // An ellipsoid that 300 × 300 × 250 of 512 × 512 × 300 voxels hold.
        const across = Math.hypot((i - nx / 2) / nx, (j - ny / 2) / ny) / 0.293;
        organ[voxel] = Math.hypot(across, (k - nz / 2) / nz / 0.4167) < 1 ? 1 : 0;
      }
    }
  }
  write(files.image, { ...geometry, voxels: image });
  write(files.mask, { ...geometry, voxels: mask });
  write(files.organ, { ...geometry, voxels: organ });
  return files;
}

function write(path: string, volume: Volume): void {
  mkdirSync(scratch, { recursive: true });
  writeFileSync(path, gzipSync(writeNifti(volume), { level: 1 }));
}
