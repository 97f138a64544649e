import { extractFeatures, parseProfile } from '../../src/engine/radiomics/index.ts';
import { readImageFile } from '../../src/store/image-file.ts';
import type { Extraction } from './peers.ts';

/** Reads both files and extracts in this thread. */
export async function extractHere(image: string, mask: string, parameters: object): Promise<Extraction> {
  const started = performance.now();
  const before = process.cpuUsage();
  const [imageFile, maskFile] = [await readImageFile(image), await readImageFile(mask)];
  const steps = extractFeatures(imageFile.volume, maskFile.volume, parseProfile(parameters, 'bench'), {});
  let step = steps.next();
  while (!step.done) step = steps.next();
  const { names, values } = step.value;
  const { user, system } = process.cpuUsage(before);
  return {
    seconds: (performance.now() - started) / 1000,
    processor: (user + system) / 1e6,
    values: Object.fromEntries(names.map((name, index) => [name, values[index]])),
  };
}
