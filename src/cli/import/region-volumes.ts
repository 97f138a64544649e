import { basename } from 'node:path';
import { Failure } from '../../engine/failure.ts';
import type { Inspection } from '../../jobs/inspect.worker.ts';
import type { Threads } from '../../jobs/threads.ts';
import type { Manifest, ManifestRegion } from './manifest.ts';

/** The volumes that a region of the manifest refers to. */
export interface RegionVolumes {
  readonly image: Inspection;
  readonly mask: Inspection | null;
}

/** Reads every file of the manifest, each once. */
export async function readRegionVolumes(
  threads: Threads,
  { regions }: Manifest,
  scratch: string,
  onFile: (done: number, total: number) => void,
): Promise<Map<ManifestRegion, RegionVolumes>> {
  const sources = new Map(regions.flatMap(sourcesOf).map((paths) => [JSON.stringify(paths), paths]));
  const inspections = new Map<string, Inspection[]>();
  const next = sources[Symbol.iterator]();
  const lane = async () => {
    for (const [key, paths] of next) {
      inspections.set(key, await threads.inspect({ paths, name: basename(paths[0]), scratch }));
      onFile(inspections.size, sources.size);
    }
  };
  await Promise.all(Array.from({ length: threads.count }, lane));
  return new Map(
    regions.map((region) => {
      const [image, mask] = sourcesOf(region).map(
        (paths) => inspections.get(JSON.stringify(paths)) as Inspection[],
      );
      return [region, { image: image[0], mask: region.roi ? regionOf(image, region) : (mask?.[0] ?? null) }];
    }),
  );
}

/** What is read together: a region of a structure set or segmentation needs the series that it was drawn on. */
function sourcesOf({ image, mask, roi }: ManifestRegion): string[][] {
  if (roi) return [mask ? [image, mask] : [image]];
  return mask ? [[image], [mask]] : [[image]];
}

function regionOf(volumes: readonly Inspection[], { roi, line, image }: ManifestRegion): Inspection {
  const found = volumes.find(({ dicom }) => dicom?.roiName === roi);
  if (found) return found;
  throw new Failure('MASK_LABEL_ABSENT', `line ${line}: no region "${roi}" was drawn on ${basename(image)}`, {
    line,
    roi,
    regions: volumes.flatMap(({ dicom }) => dicom?.roiName ?? []),
  });
}
