import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeFeatures } from '../../src/store/feature-values.ts';
import { clinicalCohort, featureNames } from '../support/clinical-cohort.ts';
import { TestServer } from '../support/server.ts';

const size = 25;
let server: TestServer;
/** What the matrix is made of, as the database has it. */
let stored: {
  id: string;
  subject: string;
  age: number | null;
  modality: string;
  phase: string;
  reader: string;
  values: number[];
}[];

beforeAll(async () => {
  server = await TestServer.start();
  const { cohortId } = await clinicalCohort(server, 'matrix', size);
  await clinicalCohort(server, 'another', 5, 2);
  const { dataSource } = server.nomograph.platform;
  const [first]: { id: string }[] = await dataSource.query(
    'select id from feature_vector order by id limit 1',
  );
  const undefinedValue = Buffer.from(Float64Array.of(Number.NaN, -0, 1e-310).buffer);
  await dataSource.query('update feature_vector set values = $2 where id = $1', [first!.id, undefinedValue]);
  const rows: ((typeof stored)[number] & { values: Buffer })[] = await dataSource.query(
    `select vector.id, subject_key as subject, (covariates ->> 'age')::float8 as age, modality, phase, reader, values
     from feature_vector vector join patient on patient.id = vector.patient_id
     join roi on roi.id = roi_id join scan on scan.id = scan_id where cohort_id = $1
     order by subject_key, vector.id`,
    [cohortId],
  );
  stored = rows.map((row) => ({ ...row, values: [...decodeFeatures(row.values)] }));
});
afterAll(() => server.stop());

const query = /* GraphQL */ `
  query ($names: [String!], $filter: RoiFilter, $patients: PatientFilterInput, $first: Int! = 1000, $after: String, $profile: String! = "three features") {
    cohort(key: "matrix") {
      featureMatrix(profile: $profile, names: $names, filter: $filter, patients: $patients, first: $first, after: $after) {
        profile { name } names values totalCount pageInfo { hasNextPage endCursor }
        rows { featureVectorId values patient { subjectKey } roi { reader scan { modality phase } } }
      }
    }
  }
`;
interface Matrix {
  readonly names: readonly string[];
  readonly values: string;
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly rows: readonly {
    readonly featureVectorId: string;
    readonly values: readonly (number | null)[];
    readonly patient: { readonly subjectKey: string };
    readonly roi: { readonly reader: string; readonly scan: { readonly modality: string } };
  }[];
}
const ask = async (variables: object = {}) =>
  (await server.client.run<{ cohort: { featureMatrix: Matrix } }>(query, variables)).cohort.featureMatrix;

const decoded = (text: string) => [...decodeFeatures(Buffer.from(text, 'base64'))];
const shown = (values: readonly number[]) =>
  values.map((value) => (Number.isNaN(value) ? null : value === 0 ? 0 : value));

test('the whole matrix, as bytes and as numbers, to the bit', async () => {
  const matrix = await ask();
  expect(stored.length).toBeGreaterThan(30);
  expect(matrix.names).toEqual(featureNames);
  expect(matrix.totalCount).toBe(stored.length);
  expect(matrix.pageInfo.hasNextPage).toBe(false);
  expect(decoded(matrix.values)).toEqual(stored.flatMap(({ values }) => values));
  expect(decoded(matrix.values).some(Number.isNaN)).toBe(true);
  expect(
    matrix.rows.map(({ values, patient, roi, featureVectorId }) => ({
      id: featureVectorId,
      subject: patient.subjectKey,
      modality: roi.scan.modality,
      reader: roi.reader,
      values: values.map((value) => (value === 0 ? 0 : value)),
    })),
  ).toEqual(
    stored.map(({ id, subject, modality, reader, values }) => ({
      id,
      subject,
      modality,
      reader,
      values: shown(values),
    })),
  );
});

test('some features, of some regions, of some patients', async () => {
  const matrix = await ask({
    names: ['f2', 'f0', 'f2'],
    filter: { modality: 'CT', reader: 'r1' },
    patients: { covariate: { name: 'age', is: { range: { from: 44 } } } },
  });
  const wanted = stored.filter(
    ({ modality, reader, age }) => modality === 'CT' && reader === 'r1' && age !== null && age >= 44,
  );
  expect(wanted.length).toBeGreaterThan(2);
  expect(matrix.names).toEqual(['f2', 'f0', 'f2']);
  expect(matrix.rows.map(({ featureVectorId }) => featureVectorId)).toEqual(wanted.map(({ id }) => id));
  expect(decoded(matrix.values)).toEqual(wanted.flatMap(({ values: [a, , c] }) => [c, a, c]));
});

test.each([1, 7, 30])('pages of %d rows are together the whole', async (first) => {
  const values: number[] = [];
  for (let after: string | undefined; ; ) {
    const page: Matrix = await ask({ first, after });
    expect(page.rows.length).toBeLessThanOrEqual(first);
    values.push(...decoded(page.values));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(values).toEqual(stored.flatMap((row) => row.values));
});

describe('what cannot be answered is refused', () => {
  test.each([
    [{ profile: 'none' }, 'NOT_FOUND'],
    [{ names: ['f0', 'none'] }, 'NOT_FOUND'],
    [{ first: 0 }, 'LIMIT_EXCEEDED'],
    [{ first: 1001 }, 'LIMIT_EXCEEDED'],
    [{ names: Array(20_000).fill('f0') }, 'LIMIT_EXCEEDED'],
    [{ after: 'nonsense' }, 'CURSOR_INVALID'],
    [{ profile: 'a\0' }, 'INPUT_INVALID'],
    [{ patients: { covariate: { name: 'none', is: { known: true } } } }, 'COVARIATE_INVALID'],
  ])('%o', async (variables, code) => {
    const errors = await server.errorsOf(query, variables);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
  });
});
