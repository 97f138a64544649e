import { readFileSync } from 'node:fs';
import type { Volume } from '../../src/engine/imaging/index.ts';
import {
  type ExtractionOptions,
  type ExtractionProfile,
  extractFeatures,
  type FeatureVector,
  parseProfile,
} from '../../src/engine/radiomics/index.ts';
import { readImageFile } from '../../src/store/image-file.ts';
import { reference } from './reference.ts';

/** An image and its mask among the reference images. */
export interface Scan {
  readonly image: Volume;
  readonly mask: Volume;
}

export async function readScan(image: string, mask: string): Promise<Scan> {
  const [read, readMask] = await Promise.all(
    [image, mask].map((path) => readImageFile(reference(`radiomics/${path}`))),
  );
  return { image: read.volume, mask: readMask.volume };
}

export const readBrain1 = (): Promise<Scan> =>
  readScan('pyradiomics/images/brain1_image.nrrd', 'pyradiomics/images/brain1_label.nrrd');

/** The reference values of PAT1 are those of its voxels as whole numbers. */
export async function readPat1(): Promise<Scan> {
  const { image, mask } = await readScan('ibsi1/ct_phantom/image.nii.gz', 'ibsi1/ct_phantom/mask.nii.gz');
  return { image: { ...image, voxels: Int16Array.from(image.voxels, Math.round) }, mask };
}

export function extract(
  { image, mask }: Scan,
  parameters: object | ExtractionProfile,
  options: ExtractionOptions = {},
): FeatureVector {
  const steps = extractFeatures(image, mask, parseProfile(parameters, 'test'), options);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** Values by the names of their features. */
export function byName({ names, values }: FeatureVector): Map<string, number> {
  return new Map(names.map((name, i) => [name, values[i]]));
}

/** The lines of one of the reference tables, none of which quotes a cell. */
export function readRows(path: string): Record<string, string>[] {
  const [header, ...lines] = readFileSync(reference(`radiomics/${path}`), 'utf8')
    .trim()
    .split('\n');
  const columns = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, i) => [column, cells[i]]));
  });
}
