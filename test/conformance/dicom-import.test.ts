import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followJob } from '../../src/cli/demo/follow-job.ts';
import { archiveEntries } from '../../src/store/archive.ts';
import { runCommand } from '../support/command.ts';
import { describeConformance, reference } from '../support/reference.ts';
import { TestServer } from '../support/server.ts';

const phantom = (file: string) => reference(`radiomics/ibsi1/ct_phantom/${file}`);
const roi = 'GTV-1';

interface StoredVolume {
  readonly sha256: string;
  readonly roiName: string | null;
}

describeConformance('the DICOM series and structure set of the IBSI CT phantom', () => {
  let server: TestServer;
  let structureSet: string;
  let fromNifti: Record<string, number | string>;

  beforeAll(async () => {
    server = await TestServer.start();
    const tar = gunzipSync(await readFile(phantom('dicom.tar.gz')));
    const entries = archiveEntries(tar, { maxEntries: 1000, maxBytes: 2 ** 28 }) ?? [];
    const found = entries.find(({ bytes }) => Buffer.from(bytes).includes('RTSTRUCT'));
    structureSet = join(server.directory, 'structures.dcm');
    await writeFile(structureSet, found?.bytes ?? '');
    const nifti = await runCommand([
      'extract',
      phantom('image.nii.gz'),
      phantom('mask.nii.gz'),
      '--format',
      'json',
    ]);
    fromNifti = JSON.parse(nifti.stdout);
  }, 120_000);

  afterAll(() => server.stop());

  /** The NIfTI's header holds positions and spacings in single precision, DICOM's text in six or seven digits: lengths differ by that. */
  const expectSame = (found: Record<string, number | string>) => {
    const names = Object.keys(fromNifti).filter((name) => name.startsWith('original_'));
    expect(names.length).toBeGreaterThanOrEqual(107);
    for (const name of names) {
      const [value, wanted] = [Number(found[name]), Number(fromNifti[name])];
      const tolerance = name.includes('_shape_') || name.endsWith('TotalEnergy') ? 1e-6 : 0;
      expect(Math.abs(value - wanted), name).toBeLessThanOrEqual(tolerance * Math.abs(wanted));
    }
  };

  test('extract gives the features of the NIfTI files', async () => {
    const { code, stdout, stderr } = await runCommand([
      'extract',
      phantom('dicom.tar.gz'),
      structureSet,
      '--roi',
      roi,
      '--format',
      'json',
    ]);
    expect({ code, stderr: stderr.match(/^[A-Z_]+: .*/m)?.[0] }).toEqual({ code: 0, stderr: undefined });
    expectSame(JSON.parse(stdout));
  }, 120_000);

  test('a region that is not there is named', async () => {
    const { code, stderr } = await runCommand([
      'extract',
      phantom('dicom.tar.gz'),
      structureSet,
      '--roi',
      'none',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^MASK_LABEL_ABSENT: .*"none"/m);
  }, 120_000);

  test('an uploaded archive becomes an image and its masks, de-identified, and is extracted', async () => {
    const bytes = await readFile(phantom('dicom.tar.gz'));
    await server.client.upload(bytes, 'dicom.tar.gz', createHash('sha256').update(bytes).digest('hex'));
    const objects: (StoredVolume & Record<string, unknown>)[] = await (async () => {
      const { Pool } = (await import('pg')).default;
      const pool = new Pool({ connectionString: server.database.url });
      const { rows } = await pool.query('select sha256 from object');
      await pool.end();
      const { objects } = await server.client.run<{ objects: never[] }>(
        `query ($sha256: [String!]!) { objects(sha256: $sha256) {
          sha256 roiName size voxelType acquisition { modality sliceThickness tubeVoltage } deidentification { value scheme }
        } }`,
        { sha256: rows.map((row) => row.sha256) },
      );
      return objects;
    })();
    const image = objects.find((object) => object.roiName === null) as StoredVolume & Record<string, unknown>;
    const mask = objects.find((object) => object.roiName === roi) as StoredVolume;
    expect(image).toMatchObject({
      size: [204, 201, 60],
      voxelType: 'INT16',
      acquisition: { modality: 'CT' },
      deidentification: [{ value: '113100', scheme: 'DCM' }],
    });

    const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
      'mutation { createCohort(input: { key: "phantom" }) { id } }',
    );
    const { addPatients } = await server.client.run<{ addPatients: { id: string }[] }>(
      'mutation ($id: ID!) { addPatients(cohortId: $id, patients: [{ subjectKey: "PAT1" }]) { id } }',
      { id: createCohort.id },
    );
    const { addScans } = await server.client.run<{ addScans: { id: string }[] }>(
      'mutation ($scans: [ScanInput!]!) { addScans(scans: $scans) { id } }',
      { scans: [{ patientId: addPatients[0].id, modality: 'CT', imageSha256: image.sha256 }] },
    );
    const { addRois } = await server.client.run<{ addRois: { id: string; voxelCount: number }[] }>(
      'mutation ($rois: [RoiInput!]!) { addRois(rois: $rois) { id voxelCount } }',
      { rois: [{ scanId: addScans[0].id, reader: 'reader-1', maskSha256: mask.sha256 }] },
    );
    expect(addRois[0].voxelCount).toBe(125_256);
    const { extractFeatures } = await server.client.run<{ extractFeatures: { id: string } }>(
      'mutation ($input: ExtractFeaturesInput!) { extractFeatures(input: $input) { id } }',
      { input: { cohortId: createCohort.id } },
    );
    expect(await followJob(server.client, extractFeatures.id, () => {})).toMatchObject({
      extracted: 1,
      failed: 0,
    });
    const { roi: region } = await server.client.run<{
      roi: { featureVectors: { values: number[]; profile: { featureNames: string[] } }[] };
    }>('query ($id: ID!) { roi(id: $id) { featureVectors { values profile { featureNames } } } }', {
      id: addRois[0].id,
    });
    const [{ values, profile }] = region.featureVectors;
    expectSame(Object.fromEntries(profile.featureNames.map((name, index) => [name, values[index]])));
  }, 180_000);
});
