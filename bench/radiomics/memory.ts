// Extracts once in a process of its own and prints the most memory that the process held.
import { basename } from 'node:path';
import { extractFeatures, parseProfile } from '../../src/engine/radiomics/index.ts';
import { readImageFile } from '../../src/store/image-file.ts';

const [image, mask, parameters] = process.argv.slice(2);
const { volume } = await readImageFile(image);
const steps = await begin();
let step = steps.next();
while (!step.done) step = steps.next();
const mebibytes = process.resourceUsage().maxRSS / 1024;
console.log(
  `${volume.size.join(' × ')}, ${basename(mask)}: ${step.value.names.length} features, peak memory ${mebibytes.toFixed(0)} MiB (limit 1024)`,
);

/** Apart, as what a function has read is held until it ends. */
async function begin() {
  const { volume: region } = await readImageFile(mask);
  return extractFeatures(volume, region, parseProfile(JSON.parse(parameters), 'bench'), {});
}
