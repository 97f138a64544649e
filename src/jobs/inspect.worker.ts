import { createHash, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodedConcept, ScanAttributes } from '../engine/imaging/dicom/index.ts';
import {
  type Geometry,
  maskLabels,
  requireFinite,
  type Volume,
  writeNifti,
} from '../engine/imaging/index.ts';
import { isDicomSource, readDicomVolumes } from '../store/dicom-volumes.ts';
import { decodeImage, readBounded } from '../store/image-file.ts';
import { asThreadResult, type ThreadResult } from './thread-result.ts';

export interface InspectTask {
  /** An image or mask file; or a DICOM file, a folder or an archive of a series, and beside it its structure sets and segmentations. */
  readonly paths: readonly string[];
  /** The name that the user knows the first one by. */
  readonly name: string;
  /** A folder for the volumes that are made of DICOM; whoever asks removes it. */
  readonly scratch: string;
}

/** What the volume of a DICOM series, or of a region drawn on it, was made of. */
export interface DicomOrigin {
  /** The region's name; null for the image itself. */
  readonly roiName: string | null;
  readonly acquisition: ScanAttributes;
  readonly deidentification: readonly CodedConcept[];
}

/** What a file turned out to be: a volume in space, known by the hash of its bytes. */
export interface Inspection extends Geometry {
  /** Where the bytes are: the file itself, or the NIfTI made of DICOM. */
  readonly path: string;
  readonly sha256: string;
  readonly byteLength: number;
  readonly format: string;
  readonly voxelType: string;
  /** Voxels of each non-zero label; null where the volume cannot be a mask. */
  readonly labels: Record<string, number> | null;
  readonly dicom: DicomOrigin | null;
}

/** The volumes behind the paths: one of a plain file; of DICOM the image first, then a mask a region. */
export default function inspect({ paths, name, scratch }: InspectTask): Promise<ThreadResult<Inspection[]>> {
  return asThreadResult(async () => {
    const [path] = paths;
    if (!(await isDicomSource(path))) {
      const bytes = await readBounded(path, name);
      const { volume, format } = decodeImage(bytes, name);
      requireFinite(volume, name);
      return [describe(path, bytes, volume, format, null)];
    }
    const { series, masks, ...origin } = await readDicomVolumes(paths);
    requireFinite(series.volume, name);
    const { acquisition, deidentification } = origin;
    const volumes = [{ name: null, volume: series.volume }, ...masks];
    return Promise.all(
      volumes.map(async ({ name: roiName, volume }) => {
        const bytes = writeNifti(volume);
        const made = join(scratch, `${randomUUID()}.nii`);
        await writeFile(made, bytes, { flag: 'wx' });
        // As it will be read again: NIfTI's header holds the geometry in single precision.
        const stored = decodeImage(bytes, 'volume.nii');
        return describe(made, bytes, stored.volume, stored.format, {
          roiName,
          acquisition,
          deidentification,
        });
      }),
    );
  });
}

function describe(
  path: string,
  bytes: Uint8Array,
  volume: Volume,
  format: string,
  dicom: DicomOrigin | null,
): Inspection {
  const { size, spacing, origin, direction } = volume;
  return {
    path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    byteLength: bytes.byteLength,
    format,
    voxelType: volume.voxels.constructor.name.replace('Array', '').toUpperCase(),
    labels: maskLabels(volume),
    size,
    spacing,
    origin,
    direction,
    dicom,
  };
}
