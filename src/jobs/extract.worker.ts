import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Failure } from '../engine/failure.ts';
import type { Volume } from '../engine/imaging/index.ts';
import { type ConventionalProfile, extractByConvention } from '../engine/radiomics/index.ts';
import type { Warning } from '../engine/warning.ts';
import { decodeImage } from '../store/image-file.ts';
import { asThreadResult, type ThreadResult } from './thread-result.ts';

interface StoredVolume {
  readonly path: string;
  readonly sha256: string;
}

export interface ExtractTask {
  readonly image: StoredVolume;
  readonly mask: StoredVolume;
  readonly label: number;
  readonly profile: ConventionalProfile;
}

export interface ExtractedFeatures {
  /** In the profile's order; NaN where a warning says that the feature is undefined. */
  readonly values: Float64Array;
  readonly diagnostics: object;
  readonly warnings: readonly Warning[];
}

/** Several regions are drawn on one image: the last one decoded is kept. */
let lastImage: { sha256: string; volume: Volume } | undefined;

export default function extract(task: ExtractTask): Promise<ThreadResult<ExtractedFeatures>> {
  return asThreadResult(async () => {
    const steps = await begin(task);
    let step = steps.next();
    while (!step.done) step = steps.next();
    const { values, diagnostics, warnings } = step.value;
    return { values, diagnostics, warnings };
  });
}

/** Apart, as what a function has read is held until it ends: the mask is not needed for as long. */
async function begin(task: ExtractTask): Promise<ReturnType<typeof extractByConvention>> {
  if (lastImage?.sha256 !== task.image.sha256) {
    lastImage = undefined;
    lastImage = { sha256: task.image.sha256, volume: await readStored(task.image) };
  }
  const mask = await readStored(task.mask);
  return extractByConvention(lastImage.volume, mask, task.profile, { label: task.label });
}

/** Reads an object of the store and makes sure that it still is what its hash says. */
async function readStored({ path, sha256 }: StoredVolume): Promise<Volume> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new Failure('OBJECT_CORRUPT', `object ${sha256} cannot be read (${error.code})`, { sha256 });
  });
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256)
    throw new Failure('OBJECT_CORRUPT', `object ${sha256} has the content of ${found}`, { sha256, found });
  return decodeImage(bytes, sha256).volume;
}
