import { createHash } from 'node:crypto';
import { type Geometry, maskLabels, requireFinite } from '../engine/imaging/index.ts';
import { decodeImage, readBounded } from '../store/image-file.ts';
import { asThreadResult, type ThreadResult } from './thread-result.ts';

export interface InspectTask {
  readonly path: string;
  /** The name that the user knows the file by. */
  readonly name: string;
}

/** What a file turned out to be: a volume in space, known by the hash of its bytes. */
export interface Inspection extends Geometry {
  readonly sha256: string;
  readonly byteLength: number;
  readonly format: string;
  readonly voxelType: string;
  /** Voxels of each non-zero label; null where the volume cannot be a mask. */
  readonly labels: Record<string, number> | null;
}

export default function inspect({ path, name }: InspectTask): Promise<ThreadResult<Inspection>> {
  return asThreadResult(async () => {
    const bytes = await readBounded(path, name);
    const { volume, format } = decodeImage(bytes, name);
    requireFinite(volume, name);
    const { size, spacing, origin, direction } = volume;
    return {
      sha256: createHash('sha256').update(bytes).digest('hex'),
      byteLength: bytes.byteLength,
      format,
      voxelType: volume.voxels.constructor.name.replace('Array', '').toUpperCase(),
      labels: maskLabels(volume),
      size,
      spacing,
      origin,
      direction,
    };
  });
}
