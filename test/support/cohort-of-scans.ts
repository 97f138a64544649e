import type { TestServer } from './server.ts';
import { sha256, upload } from './tus.ts';

/** Uploads a file that must be accepted; gives its hash. */
export async function keep(server: TestServer, bytes: Uint8Array, filename = 'volume.nii'): Promise<string> {
  const { status, body } = await upload(server, bytes, filename);
  if (status >= 300) throw new Error(`upload of ${filename}: ${JSON.stringify(body)}`);
  return sha256(bytes);
}

/** A cohort with patients who have no scan yet; gives the ids. */
export async function cohortWithPatients(
  server: TestServer,
  key: string,
  subjects: readonly string[],
): Promise<{ cohortId: string; patientIds: string[] }> {
  const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
    'mutation ($key: String!) { createCohort(input: { key: $key }) { id } }',
    { key },
  );
  const { addPatients } = await server.client.run<{ addPatients: { id: string }[] }>(
    'mutation ($cohortId: ID!, $patients: [PatientInput!]!) { addPatients(cohortId: $cohortId, patients: $patients) { id } }',
    { cohortId: createCohort.id, patients: subjects.map((subjectKey) => ({ subjectKey })) },
  );
  return { cohortId: createCohort.id, patientIds: addPatients.map(({ id }) => id) };
}

export const addScans = 'mutation ($scans: [ScanInput!]!) { addScans(scans: $scans) { id } }';
export const addRois = 'mutation ($rois: [RoiInput!]!) { addRois(rois: $rois) { id } }';

/** What a test wants to have of one patient: an image, and masks that are drawn on it. */
export interface ScanFiles {
  readonly subject: string;
  readonly image: Uint8Array;
  readonly masks: readonly { readonly reader: string; readonly bytes: Uint8Array; readonly label?: number }[];
}

/** A cohort of one CT scan a patient with its regions, all through the public API. */
export async function cohortOfScans(
  server: TestServer,
  key: string,
  files: readonly ScanFiles[],
  filename = 'volume.nii',
): Promise<{ cohortId: string; patientIds: string[]; scanIds: string[]; roiIds: string[] }> {
  const { cohortId, patientIds } = await cohortWithPatients(
    server,
    key,
    files.map(({ subject }) => subject),
  );
  const scans: object[] = [];
  for (const [index, { image }] of files.entries())
    scans.push({
      patientId: patientIds[index],
      modality: 'CT',
      phase: 'ARTERIAL',
      imageSha256: await keep(server, image, filename),
    });
  const added = await server.client.run<{ addScans: { id: string }[] }>(addScans, { scans });
  const scanIds = added.addScans.map(({ id }) => id);
  const rois: object[] = [];
  for (const [index, { masks }] of files.entries())
    for (const { bytes, ...roi } of masks)
      rois.push({ scanId: scanIds[index], maskSha256: await keep(server, bytes, filename), ...roi });
  const { addRois: regions } = await server.client.run<{ addRois: { id: string }[] }>(addRois, { rois });
  return { cohortId, patientIds, scanIds, roiIds: regions.map(({ id }) => id) };
}
