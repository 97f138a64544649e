import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Volume, writeNifti } from '../../engine/imaging/index.ts';
import { type SyntheticCohort, syntheticCohort } from '../../synthetic/cohort.ts';

export interface SynthesiseTask {
  readonly seed: number;
  readonly patients: number;
  /** Which patient, from 0. */
  readonly index: number;
}

export interface VolumeFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

export interface SyntheticScanFiles {
  readonly modality: string;
  readonly phase: string;
  readonly image: VolumeFile;
  readonly rois: readonly { readonly reader: string; readonly session: number; readonly mask: VolumeFile }[];
}

let cohort: SyntheticCohort | undefined;

/** The scans and masks of one patient as files. */
export default function synthesise({ seed, patients, index }: SynthesiseTask): SyntheticScanFiles[] {
  if (cohort?.seed !== seed || cohort.patients.length !== patients)
    cohort = syntheticCohort({ seed, patients });
  const { subject, scans } = cohort.patients[index];
  return scans.map((scan) => {
    const base = `${subject}_${scan.modality}_${scan.phase}`;
    return {
      modality: scan.modality,
      phase: scan.phase,
      image: asFile(`${base}.nii.gz`, scan.image()),
      rois: scan.rois.map(({ reader, session, mask }) => ({
        reader,
        session,
        mask: asFile(`${base}_${reader}_${session}.nii.gz`, mask()),
      })),
    };
  });
}

function asFile(name: string, volume: Volume): VolumeFile {
  const bytes = gzipSync(writeNifti(volume), { level: 4 });
  return { name, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
