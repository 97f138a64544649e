import type { BenchCase } from './cases.ts';
import { extractHere } from './ours.ts';
import { type Extraction, fastrad, type Peer, pictologics, startPeer } from './peers.ts';
import { Times } from './times.ts';

/** What the peers have: features of the original image, neither filtered nor resampled. */
const parameters = { setting: { binWidth: 25, additionalInfo: false }, imageType: { Original: {} } };

/** Times the fastest other packages that install, on what they have in common with us. */
export async function timeFastPeers(cases: readonly BenchCase[], rounds: number): Promise<void> {
  const own = cases.filter(({ parameters: { setting } }) => !('resampledPixelSpacing' in setting));
  for (const recipe of [fastrad, pictologics]) {
    const peer = await startPeer(recipe);
    if (peer === null) continue;
    console.log(
      `\n${peer.name} ${peer.version}, one thread each: features of the original image alone, as it has no filters like PyRadiomics' and no spline like ITK's`,
    );
    try {
      for (const bench of own) await timeCase(peer, bench, rounds);
    } catch (error) {
      console.log(`SKIPPED: ${(error as Error).message}`);
    }
    peer.stop();
  }
}

async function timeCase(peer: Peer, { name, image, mask }: BenchCase, rounds: number): Promise<void> {
  const times = new Times();
  for (let round = 0; round <= rounds; round++) {
    const own = await extractHere(image, mask, parameters);
    const other = await peer.extract(image, mask, parameters);
    if (round > 0) times.add(own, other);
    else console.log(`${name}: ${agreement(own, other)}`);
  }
  console.log(times.report(peer.name));
}

/** Features of one name on both sides, such as `glcm:joint_energy` and `original_glcm_JointEnergy`, and how many agree. */
function agreement(own: Extraction, other: Extraction): string {
  const values = new Map(
    Object.entries(own.values).map(([name, value]) => [plain(name.replace('original_', '')), value]),
  );
  let [compared, alike] = [0, 0];
  for (const [name, value] of Object.entries(other.values)) {
    const found = values.get(plain(name));
    if (found === undefined) continue;
    compared++;
    if (Math.abs(found - value) <= 1e-4 * Math.max(Math.abs(value), 1e-12)) alike++;
  }
  return `ours ${values.size} features, theirs ${Object.keys(other.values).length}; ${compared} have one name, ${alike} of them agree within 1e-4`;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/th_|[^a-z0-9]/g, '');
}
