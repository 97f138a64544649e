import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import {
  type FilteredImage,
  laplacianOfGaussianImages,
  type SkippedImage,
  waveletImages,
} from '../../src/engine/imaging/filters/index.ts';
import type { Box } from '../../src/engine/imaging/label-box.ts';
import { labelBox } from '../../src/engine/imaging/label-box.ts';
import type { Volume } from '../../src/engine/imaging/volume.ts';
import { readBrain1, readRows } from '../support/radiomics-cases.ts';
import { describeConformance, reference, referenceJson } from '../support/reference.ts';

/** The voxels of a NumPy file in C order. */
function readMap(name: string): Float32Array | Float64Array {
  const bytes = readFileSync(reference(`radiomics/pyradiomics/intermediate/brain1_bbox_${name}.npy`));
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  if (header.includes("'fortran_order': True")) throw new Error(`${name} is not in C order`);
  const data = Uint8Array.from(bytes.subarray(start)).buffer;
  if (header.includes("'<f4'")) return new Float32Array(data);
  if (header.includes("'<f8'")) return new Float64Array(data);
  throw new Error(`${name} is neither float32 nor float64`);
}

/** The largest difference as a share of the largest reference value. */
function largestError(found: FilteredImage | SkippedImage, expected: Float32Array | Float64Array): number {
  if (found.volume === null) throw new Error(`${found.name} was skipped: ${found.reason}`);
  const { voxels } = found.volume;
  expect(voxels.length).toBe(expected.length);
  let [scale, error] = [0, 0];
  for (let n = 0; n < expected.length; n++) {
    scale = Math.max(scale, Math.abs(expected[n]));
    error = Math.max(error, Math.abs(voxels[n] - expected[n]));
  }
  return error / scale;
}

describeConformance('filtered images of brain1 against PyRadiomics', () => {
  let image: Volume;
  let positions: Int32Array;
  let region: Box;

  beforeAll(async () => {
    const scan = await readBrain1();
    image = scan.image;
    region = labelBox(scan.mask, 1, 'brain1');
    const { index_lower_xyz, size_xyz } = referenceJson<{
      brain1_bbox: { index_lower_xyz: number[]; size_xyz: number[] };
    }>('radiomics/pyradiomics/intermediate/geometry.json').brain1_bbox;
    expect(region).toEqual({ lower: index_lower_xyz, size: size_xyz });
    // The offsets of the label's voxels in the box.
    const [nx, ny] = scan.mask.size;
    const inside: number[] = [];
    for (let n = 0; n < size_xyz[0] * size_xyz[1] * size_xyz[2]; n++) {
      const x = region.lower[0] + (n % size_xyz[0]);
      const y = region.lower[1] + (Math.floor(n / size_xyz[0]) % size_xyz[1]);
      const z = region.lower[2] + Math.floor(n / (size_xyz[0] * size_xyz[1]));
      if (scan.mask.voxels[x + nx * (y + ny * z)] === 1) inside.push(n);
    }
    positions = Int32Array.from(inside);
  });

  // The same sums in the same order: what is left is nothing.
  test('all eight bands of coif1 are PyWavelets’ to the last bit', () => {
    const bands = [...waveletImages(image, region)];
    expect(bands.length).toBe(8);
    for (const band of bands) expect(largestError(band, readMap(band.name)), band.name).toBe(0);
  });

  // ITK rounds every pass to float32, and so is the result: half a step of float32 is 6e-8 of a value. Sines and
  // exponentials may differ in their last bit from machine to machine, which decides a rounding here and there.
  test.each([1, 2, 3, 4, 5])('LoG of %i mm is ITK’s to a step of float32', (sigma) => {
    const [found] = laplacianOfGaussianImages(image, region, [sigma]);
    expect(largestError(found, readMap(found.name)), found.name).toBeLessThanOrEqual(1.2e-7);
  });

  // Upstream's own figures, made with SimpleITK and printed to 17 digits: sums over 4,137 voxels in another order, in
  // float32 for LoG.
  test('mean, minimum and maximum are those that PyRadiomics’ notebook prints', () => {
    const rows = readRows('pyradiomics/published_brain1_filtered_firstorder.csv');
    const images = [...waveletImages(image, region), ...laplacianOfGaussianImages(image, region, [1, 3, 5])];
    let checked = 0;
    for (const found of images) {
      if (found.volume === null) throw new Error(found.reason);
      const { voxels } = found.volume;
      const values = Array.from(positions, (at) => voxels[at]);
      const own: Record<string, number> = {
        Mean: values.reduce((sum, value) => sum + value, 0) / values.length,
        Minimum: Math.min(...values),
        Maximum: Math.max(...values),
      };
      const scale = Math.max(Math.abs(own.Minimum), Math.abs(own.Maximum));
      const tolerance = voxels instanceof Float32Array ? 1e-6 : 1e-12;
      for (const row of rows.filter((row) => row.image === found.name && row.feature in own)) {
        const expected = Number(row.value);
        const what = `${found.name} ${row.feature}`;
        expect(Math.abs(own[row.feature] - expected) / scale, what).toBeLessThanOrEqual(tolerance);
        checked++;
      }
    }
    expect(checked).toBe(33);
  });
});
