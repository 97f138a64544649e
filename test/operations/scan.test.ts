import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addRois, addScans, cohortWithPatients, keep } from '../support/cohort-of-scans.ts';
import { TestServer } from '../support/server.ts';
import { imageFile, maskFile } from '../support/volumes.ts';

let server: TestServer;
let patientIds: string[];
let image: string;
let mask: string;
let scanId: string;
beforeAll(async () => {
  server = await TestServer.start();
  ({ patientIds } = await cohortWithPatients(server, 'scans', ['a', 'b', 'c', 'd']));
  [image, mask] = await Promise.all([keep(server, imageFile(1)), keep(server, maskFile(3))]);
  const { addScans: added } = await server.client.run<{ addScans: { id: string }[] }>(addScans, {
    scans: [{ patientId: patientIds[0], modality: 'CT', imageSha256: image }],
  });
  scanId = added[0].id;
});
afterAll(() => server.stop());

const nobody = '01900000-0000-7000-8000-000000000000';
const scanOf = (change: object = {}) => ({
  patientId: patientIds[1],
  modality: 'CT',
  phase: 'VENOUS',
  imageSha256: image,
  ...change,
});
const roiOf = (change: object = {}) => ({ scanId, reader: 'r', label: 3, maskSha256: mask, ...change });

async function counts() {
  const { dataSource } = server.nomograph.platform;
  const [row] = await dataSource.query(
    'select (select count(*)::int from scan) as scans, (select count(*)::int from roi) as rois',
  );
  return row as { scans: number; rois: number };
}

describe('addScans', () => {
  test('adds scans in order, found again by their ids and their patients; the same again stay', async () => {
    const scans = [scanOf(), scanOf({ modality: 'MR', phase: '' })];
    const first = await server.client.run<{ addScans: { id: string }[] }>(addScans, { scans });
    const ids = first.addScans.map(({ id }) => id);
    expect(await server.client.run(addScans, { scans: [...scans].reverse() })).toEqual({
      addScans: [...first.addScans].reverse(),
    });
    const query = /* GraphQL */ `
      query ($scan: ID!, $patient: ID!) {
        scan(id: $scan) { modality phase createdAt image { sha256 size } patient { subjectKey } rois { id } }
        patient(id: $patient) { scans { id } }
      }
    `;
    expect(await server.client.run(query, { scan: ids[0], patient: patientIds[1] })).toMatchObject({
      scan: {
        modality: 'CT',
        phase: 'VENOUS',
        image: { sha256: image, size: [12, 11, 9] },
        patient: { subjectKey: 'b' },
        rois: [],
      },
      patient: { scans: ids.map((id) => ({ id })) },
    });
    const [error] = await server.errorsOf(addScans, { scans: [scanOf({ imageSha256: mask })] });
    expect(error.extensions).toMatchObject({
      code: 'CONFLICT',
      details: { modality: 'CT', phase: 'VENOUS' },
    });
  });

  test('by many at once adds each once', async () => {
    const scans = ['X', 'Y', 'Z'].map((phase) => scanOf({ patientId: patientIds[2], phase }));
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        server.client.run<{ addScans: { id: string }[] }>(addScans, {
          scans: n % 2 ? scans : [...scans].reverse(),
        }),
      ),
    );
    const ids = answers.map(({ addScans }) => addScans.map(({ id }) => id).sort());
    for (const other of ids) expect(other).toEqual(ids[0]);
  });

  test.each<[string, object, string, object?]>([
    ['an unknown patient', { patientId: nobody }, 'NOT_FOUND', { id: nobody }],
    ['an unknown image', { imageSha256: '0'.repeat(64) }, 'NOT_FOUND', { sha256: '0'.repeat(64) }],
    ['a hash that is none', { imageSha256: '../../token' }, 'INPUT_INVALID', { field: 'imageSha256' }],
    ['a modality that is none', { modality: 'ct scan' }, 'INPUT_INVALID', { field: 'modality' }],
    ['a phase that is too long', { phase: 'x'.repeat(65) }, 'INPUT_INVALID', { field: 'phase' }],
    ['an id that is none', { patientId: 'x' }, 'INPUT_INVALID', { field: 'patientId' }],
    ['a scan twice', { patientId: () => patientIds[3], phase: 'GOOD' }, 'TABLE_KEY_DUPLICATE'],
  ])('refuses %s, and all the others with it', async (_what, change, code, details = {}) => {
    const before = await counts();
    const bad = Object.fromEntries(
      Object.entries(change).map(([key, value]) => [key, typeof value === 'function' ? value() : value]),
    );
    const scans = [scanOf({ patientId: patientIds[3], phase: 'GOOD' }), scanOf(bad)];
    const errors = await server.errorsOf(addScans, { scans });
    expect(errors).toHaveLength(1);
    expect(errors[0].extensions).toMatchObject({ code, details });
    expect(await counts()).toEqual(before);
  });

  test('takes none, and no more than a thousand', async () => {
    expect(await server.client.run(addScans, { scans: [] })).toEqual({ addScans: [] });
    const scans = Array.from({ length: 1001 }, (_, n) => scanOf({ phase: `P${n}` }));
    expect((await server.errorsOf(addScans, { scans }))[0].extensions.code).toBe('LIMIT_EXCEEDED');
  });
});

describe('addRois', () => {
  test('adds regions in order, found again; the same again stay, another mask is a conflict', async () => {
    const rois = [roiOf({ reader: 'r2', session: 2 }), roiOf({ lesion: '2' }), roiOf()];
    const first = await server.client.run<{ addRois: { id: string }[] }>(addRois, { rois });
    const ids = first.addRois.map(({ id }) => id);
    expect(await server.client.run(addRois, { rois })).toEqual(first);
    const query = /* GraphQL */ `
      query ($roi: ID!, $scan: ID!) {
        roi(id: $roi) { lesion reader session label voxelCount createdAt mask { sha256 } scan { id } featureVectors { id } }
        scan(id: $scan) { rois { id } }
      }
    `;
    expect(await server.client.run(query, { roi: ids[0], scan: scanId })).toMatchObject({
      roi: {
        lesion: '1',
        reader: 'r2',
        session: 2,
        label: 3,
        voxelCount: 8 * 7 * 5,
        mask: { sha256: mask },
        scan: { id: scanId },
        featureVectors: [],
      },
      scan: { rois: [ids[2], ids[0], ids[1]].map((id) => ({ id })) },
    });
    const other = await keep(server, maskFile(3, {}, 3));
    const [error] = await server.errorsOf(addRois, { rois: [roiOf({ maskSha256: other })] });
    expect(error.extensions).toMatchObject({ code: 'CONFLICT', details: { reader: 'r', scanId } });
  });

  test('keeps keys apart that would be one text', async () => {
    const rois = [roiOf({ lesion: '1 a', reader: 'b' }), roiOf({ lesion: '1', reader: 'a b' })];
    const { addRois: added } = await server.client.run<{ addRois: { id: string }[] }>(addRois, { rois });
    expect(new Set(added.map(({ id }) => id)).size).toBe(2);
  });

  const turn = Math.PI / 180;
  test.each<[string, Parameters<typeof maskFile>, string, RegExp]>([
    ['size', [3, { size: [12, 11, 8] }], 'MASK_SIZE_MISMATCH', /9.*8|8.*9/],
    ['spacing', [3, { spacing: [1.5, 1.5, 3.25] }], 'MASK_SPACING_MISMATCH', /0\.25 mm/],
    ['origin', [3, { origin: [-10, 20.5, 4.5] }], 'MASK_ORIGIN_MISMATCH', /0\.5 mm/],
    [
      'direction',
      [3, { direction: [Math.cos(turn), -Math.sin(turn), 0, Math.sin(turn), Math.cos(turn), 0, 0, 0, 1] }],
      'MASK_DIRECTION_MISMATCH',
      /°.* mm/,
    ],
  ])('refuses a mask of another %s, and says by how much', async (_what, change, code, says) => {
    const before = await counts();
    const maskSha256 = await keep(server, maskFile(...change));
    const [error] = await server.errorsOf(addRois, {
      rois: [roiOf({ reader: 'good' }), roiOf({ maskSha256, reader: 'x' })],
    });
    expect(error.extensions).toMatchObject({ code, details: { mask: expect.stringContaining(maskSha256) } });
    expect(error.message).toMatch(says);
    expect(await counts()).toEqual(before);
  });

  test.each<[string, () => object | Promise<object>, string, object?]>([
    ['an unknown scan', () => ({ scanId: nobody }), 'NOT_FOUND', { id: nobody }],
    ['an unknown mask', () => ({ maskSha256: '0'.repeat(64) }), 'NOT_FOUND', { sha256: '0'.repeat(64) }],
    ['a label that is not there', () => ({ label: 7 }), 'MASK_LABEL_ABSENT', { label: 7, labels: [3] }],
    ['the background as label', () => ({ label: 0 }), 'MASK_LABEL_ABSENT', { label: 0 }],
    ['a negative label', () => ({ label: -3 }), 'MASK_LABEL_ABSENT', { label: -3 }],
    [
      'an image as mask',
      async () => ({ maskSha256: await keep(server, imageFile(2)) }),
      'MASK_LABEL_ABSENT',
      {},
    ],
    [
      'an empty mask',
      async () => ({ maskSha256: await keep(server, maskFile(1, {}, 99)) }),
      'MASK_LABEL_ABSENT',
      { labels: [] },
    ],
    ['a session 0', () => ({ session: 0 }), 'INPUT_INVALID', { field: 'session' }],
    ['a reader without a name', () => ({ reader: '' }), 'INPUT_INVALID', { field: 'reader' }],
    ['a lesion with a line break', () => ({ lesion: 'a\nb' }), 'INPUT_INVALID', { field: 'lesion' }],
    [
      'a region twice',
      () => ({ reader: 'good' }),
      'TABLE_KEY_DUPLICATE',
      { key: expect.stringContaining(' 1 good 1') },
    ],
  ])('refuses %s, and all the others with it', async (_what, change, code, details = {}) => {
    const before = await counts();
    const rois = [roiOf({ reader: 'good' }), roiOf({ reader: 'bad', ...(await change()) })];
    const errors = await server.errorsOf(addRois, { rois });
    expect(errors).toHaveLength(1);
    expect(errors[0].extensions).toMatchObject({ code, details });
    expect(await counts()).toEqual(before);
  });
});

test('what is not there is null', async () => {
  for (const noun of ['patient', 'scan', 'roi', 'featureVector', 'model', 'job']) {
    const query = `query ($id: ID!) { ${noun}(id: $id) { id } }`;
    expect(await server.client.run(query, { id: nobody })).toEqual({ [noun]: null });
    expect((await server.errorsOf(query, { id: 'x' }))[0].extensions.code).toBe('INPUT_INVALID');
  }
});
