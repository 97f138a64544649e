import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { median, quantiles } from '../../src/engine/statistics/index.ts';
import { Cohort, Outcome, Patient } from '../../src/store/entities/index.ts';
import { insertNew } from '../../src/store/insert-new.ts';
import { TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.stop());

const query = /* GraphQL */ `
  query (
    $key: String!, $covariate: String!, $filter: PatientFilterInput, $by: PatientGroupingInput,
    $bins: HistogramInput = { count: 10 }, $quantiles: [Float!]! = [0, 0.25, 0.5, 0.75, 1]
  ) {
    cohort(key: $key) {
      patientCount(filter: $filter)
      distribution(covariate: $covariate, filter: $filter, by: $by, bins: $bins, quantiles: $quantiles) {
        covariate { name kind }
        all { ...counts }
        groups { level event counts { ...counts } }
      }
    }
  }
  fragment counts on CovariateCounts {
    count missing levels { level count } bins { from to count }
    summary { mean sd quantiles { probability value } }
  }
`;

interface Counts {
  readonly count: number;
  readonly missing: number;
  readonly levels: readonly { readonly level: string; readonly count: number }[] | null;
  readonly bins:
    | readonly { readonly from: number | null; readonly to: number | null; readonly count: number }[]
    | null;
  readonly summary: {
    readonly mean: number | null;
    readonly sd: number | null;
    readonly quantiles: readonly { readonly probability: number; readonly value: number | null }[];
  } | null;
}
interface Found {
  readonly patientCount: number;
  readonly distribution: {
    readonly all: Counts;
    readonly groups:
      | readonly { readonly level: string | null; readonly event: boolean | null; readonly counts: Counts }[]
      | null;
  };
}
const ask = async (variables: object) =>
  (await server.client.run<{ cohort: Found }>(query, variables)).cohort;

interface TestPatient {
  readonly size: number | null;
  readonly stage: string | null;
  readonly note: string | null;
  readonly event: boolean | null;
}
const covariates = [
  { name: 'size', kind: 'NUMERIC' as const },
  { name: 'stage', kind: 'CATEGORICAL' as const, levels: ['B', 'A', 'C'] },
  { name: 'note', kind: 'CATEGORICAL' as const },
];

async function cohortOf(patients: readonly TestPatient[], key: string = uuid()): Promise<string> {
  const { manager } = server.nomograph.platform.dataSource;
  const cohortId = uuid();
  await manager.insert(Cohort, { id: cohortId, key, name: key, covariates });
  const rows = patients.map(({ size, stage, note }, n) => ({
    id: uuid(),
    cohortId,
    subjectKey: `p${n}`,
    covariates: Object.fromEntries(
      Object.entries({ size, stage, note }).filter(([, value]) => value !== null),
    ) as Record<string, number | string>,
  }));
  await insertNew(manager, Patient, rows);
  await insertNew(
    manager,
    Outcome,
    patients.flatMap(({ event }, n) =>
      event === null ? [] : { id: uuid(), patientId: rows[n]!.id, endpoint: 'OS', time: 1, event },
    ),
  );
  return key;
}

/** Levels of some patients by the plainest code there is. */
function plainLevels(patients: readonly TestPatient[], name: 'stage' | 'note', all: readonly string[]) {
  const known = patients.flatMap((patient) => patient[name] ?? []);
  return {
    count: patients.length,
    missing: patients.length - known.length,
    levels: all.map((level) => ({ level, count: known.filter((other) => other === level).length })),
    bins: null,
    summary: null,
  };
}

/** Checks the numbers of some patients against the plainest code there is. */
function expectNumbers(found: Counts, patients: readonly TestPatient[], probabilities: readonly number[]) {
  const known = patients.flatMap(({ size }) => size ?? []);
  expect(found.count).toBe(patients.length);
  expect(found.missing).toBe(patients.length - known.length);
  expect(found.levels).toBeNull();
  const bins = found.bins!;
  expect(bins.map(({ count }) => count)).toEqual(
    bins.map(({ from, to }, place) => {
      const isLast = place === bins.length - 1 || bins[place + 1]!.to === null;
      return known.filter(
        (x) =>
          (from === null || (bins[place]!.to === null ? x > from : x >= from)) &&
          (to === null || (isLast && from !== null ? x <= to : x < to)),
      ).length;
    }),
  );
  expect(bins.reduce((total, { count }) => total + count, 0)).toBe(known.length);
  const { mean, sd, quantiles: given } = found.summary!;
  const scale = Math.max(...known.map(Math.abs), 1e-300);
  if (known.length === 0) expect(mean).toBeNull();
  else {
    const expected = known.reduce((total, x) => total + x / known.length, 0);
    expect(Math.abs(mean! - expected) / scale).toBeLessThan(1e-13);
    if (known.length === 1) expect(sd).toBeNull();
    else {
      const squares = known.reduce((total, x) => total + ((x - expected) / scale) ** 2, 0);
      const spread = Math.sqrt(squares / (known.length - 1));
      expect(Math.abs(sd! / scale - spread)).toBeLessThan(1e-12);
    }
  }
  const values = known.length === 0 ? null : quantiles(known, probabilities);
  expect(given.map(({ probability }) => probability)).toEqual(probabilities);
  given.forEach(({ value }, place) => {
    if (values === null) expect(value).toBeNull();
    else expect(Math.abs(value! - values[place]!) / scale).toBeLessThan(1e-13);
  });
}

const patient: fc.Arbitrary<TestPatient> = fc.record({
  size: fc.option(
    fc.oneof(
      fc.integer({ min: -20, max: 100 }),
      fc.double({ min: -10, max: 90, noNaN: true }).map((x) => (Math.abs(x) < 1e-200 ? 0 : x)),
    ),
  ),
  stage: fc.option(fc.constantFrom('A', 'B')),
  note: fc.option(fc.constantFrom("it's", 'ä', '$1', ':by', '')),
  event: fc.option(fc.boolean()),
});
const somePatients = fc.array(patient, { maxLength: 40 });
const bins = fc.oneof(
  fc.integer({ min: 1, max: 40 }).map((count) => ({ count })),
  fc
    .uniqueArray(fc.integer({ min: -30, max: 110 }), { minLength: 2, maxLength: 8 })
    .map((edges) => ({ edges: [...edges].sort((a, b) => a - b) })),
);
const byWhat = fc.constantFrom({ covariate: 'stage' }, { covariate: 'note' }, { outcome: 'OS' });

/** The groups of patients as they are to be found. */
function groupsOf(patients: readonly TestPatient[], by: { covariate?: string; outcome?: string }) {
  const name = (by.covariate ?? 'event') as 'stage' | 'note' | 'event';
  const found = [...new Set(patients.flatMap((each) => each[name] ?? []))].sort();
  const keys =
    name === 'event' ? [true, false, null] : [...(name === 'stage' ? ['B', 'A', 'C'] : found), null];
  return keys.map((key) => ({ key, patients: patients.filter((each) => each[name] === key) }));
}

test('numbers and levels are distributed as the plainest code finds them, of all and by group', async () => {
  await fc.assert(
    fc.asyncProperty(
      somePatients,
      bins,
      byWhat,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
      async (patients, bins, by, probabilities) => {
        const key = await cohortOf(patients);
        const { distribution } = await ask({ key, covariate: 'size', by, bins, quantiles: probabilities });
        const notes = (await ask({ key, covariate: 'note', by })).distribution;
        const stages = (await ask({ key, covariate: 'stage', by })).distribution;
        expectNumbers(distribution.all, patients, probabilities);
        const every = [...new Set(patients.flatMap(({ note }) => note ?? []))].sort();
        expect(notes.all).toEqual(plainLevels(patients, 'note', every));
        const groups = groupsOf(patients, by);
        for (const found of [distribution, notes, stages])
          expect(found.groups!.map(({ level, event }) => level ?? event)).toEqual(
            groups.map((group) => group.key),
          );
        groups.forEach((group, place) => {
          expectNumbers(distribution.groups![place]!.counts, group.patients, probabilities);
          expect(distribution.groups![place]!.counts.bins!.map(({ from, to }) => [from, to])).toEqual(
            distribution.all.bins!.map(({ from, to }) => [from, to]),
          );
          expect(notes.groups![place]!.counts).toEqual(plainLevels(group.patients, 'note', every));
          expect(stages.groups![place]!.counts).toEqual(
            plainLevels(group.patients, 'stage', ['B', 'A', 'C']),
          );
        });
      },
    ),
    { seed: 11, numRuns: 40 },
  );
});

test('a filter narrows both the distribution and the count', async () => {
  const patients = fc.sample(patient, { seed: 5, numRuns: 50 });
  const key = await cohortOf(patients);
  const filter = { covariate: { name: 'size', is: { range: { from: 0 } } } };
  const wanted = patients.filter(({ size }) => size !== null && size >= 0);
  const { patientCount, distribution } = await ask({ key, covariate: 'size', filter, quantiles: [0.5] });
  expect(patientCount).toBe(wanted.length);
  expect(wanted.length).toBeGreaterThan(5);
  expectNumbers(distribution.all, wanted, [0.5]);
  expect(distribution.all.summary!.quantiles[0]!.value).toBe(median(wanted.map(({ size }) => size!)));
  expect(distribution.groups).toBeNull();
});

test('numbers at the ends of what a machine holds give numbers or null, never an error', async () => {
  const nobody = { stage: null, note: null, event: null };
  const sizes = [-1.7e308, 1.7e308, 1.7e308, 5e-324, 0];
  const key = await cohortOf(sizes.map((size) => ({ ...nobody, size })));
  const { distribution } = await ask({ key, covariate: 'size', quantiles: [0.1, 0.5] });
  const { bins, summary } = distribution.all;
  expect(bins!.reduce((total, { count }) => total + count, 0)).toBe(5);
  expect(summary!.mean).toBeCloseTo(3.4e307, -296);
  expect(summary!.quantiles[1]!.value).toBe(5e-324);
  const one = await cohortOf([
    { ...nobody, size: 3 },
    { ...nobody, size: 3 },
  ]);
  expect((await ask({ key: one, covariate: 'size' })).distribution.all).toMatchObject({
    bins: [{ from: 3, to: 3, count: 2 }],
    summary: { mean: 3, sd: 0 },
  });
});

test('the distributions of many cohorts, and of several covariates, are read together', async () => {
  for (let n = 0; n < 5; n++) await cohortOf(fc.sample(patient, 5), `many-${n}`);
  const { cohorts } = await server.client.run<{
    cohorts: { edges: { node: Record<string, { all: Counts }> }[] };
  }>(`{
    cohorts(first: 1000) { edges { node { key
      size: distribution(covariate: "size") { all { count } }
      stage: distribution(covariate: "stage", by: { outcome: "OS" }) { all { count } }
    } } }
  }`);
  const found = cohorts.edges.filter(({ node }) => String(node.key).startsWith('many-'));
  expect(found).toHaveLength(5);
  for (const { node } of found) expect([node.size!.all.count, node.stage!.all.count]).toEqual([5, 5]);
});

describe('what cannot be answered is refused', () => {
  test.each([
    [{ covariate: 'none' }, 'COVARIATE_INVALID'],
    [{ covariate: 'size', by: { covariate: 'size' } }, 'INPUT_INVALID'],
    [{ covariate: 'size', by: { covariate: 'none' } }, 'COVARIATE_INVALID'],
    [{ covariate: 'size', by: {} }, 'BAD_USER_INPUT'],
    [{ covariate: 'size', by: { outcome: 'a\0' } }, 'INPUT_INVALID'],
    [{ covariate: 'size', bins: { count: 0 } }, 'LIMIT_EXCEEDED'],
    [{ covariate: 'size', bins: { count: 201 } }, 'LIMIT_EXCEEDED'],
    [{ covariate: 'size', bins: { edges: [1, 1] } }, 'INPUT_INVALID'],
    [{ covariate: 'size', bins: { edges: [1] } }, 'INPUT_INVALID'],
    [{ covariate: 'size', quantiles: [1.5] }, 'INPUT_INVALID'],
    [{ covariate: 'size', quantiles: Array(101).fill(0.5) }, 'LIMIT_EXCEEDED'],
  ])('%j: %s', async (variables, code) => {
    const key = await cohortOf([]);
    const errors = await server.errorsOf(query, { key, ...variables });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
  });

  test('more levels, or groups, than a page can hold are not cut short', async () => {
    const patients = Array.from({ length: 1100 }, (_, n) => ({
      size: n,
      stage: null,
      note: `note ${n}`,
      event: null,
    }));
    const key = await cohortOf(patients);
    for (const variables of [
      { covariate: 'note' },
      { covariate: 'size', by: { covariate: 'note' } },
      { covariate: 'stage', by: { covariate: 'note' } },
    ]) {
      const errors = await server.errorsOf(query, { key, ...variables });
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['LIMIT_EXCEEDED']);
    }
  });
});

test('who sees one site is told of its patients alone, and a reader of none', async () => {
  const patients = fc.sample(patient, { seed: 2, numRuns: 30 });
  const key = await cohortOf(patients);
  await server.nomograph.platform.dataSource.query(
    `update patient set site = case when subject_key < 'p2' then 'north' else 'south' end
     where cohort_id = (select id from cohort where key = $1)`,
    [key],
  );
  const north = patients.filter((_patient, n) => `p${n}` < 'p2');
  const as = async (role: string, site: string | null) => {
    const { createApiKey } = await server.client.run<{ createApiKey: { secret: string } }>(
      'mutation ($grants: [GrantInput!]!) { createApiKey(input: { name: "k", grants: $grants }) { secret } }',
      { grants: [{ role, cohortKey: key, site }] },
    );
    const variables = {
      key,
      covariate: 'note',
      by: { outcome: 'OS' },
      filter: { not: { sites: ['south'] } },
    };
    return server.post({ query, variables }, { authorization: `Bearer ${createApiKey.secret}` });
  };
  for (const site of ['north', 'south', null]) {
    const { cohort } = (await as('ANALYST', site)).body.data as unknown as { cohort: Found };
    const expected = site === 'south' ? 0 : north.length;
    expect(cohort.patientCount).toBe(expected);
    expect(cohort.distribution.all.count).toBe(expected);
  }
  const { errors = [] } = (await as('READER', null)).body;
  expect(errors.length).toBeGreaterThan(0);
  for (const { extensions } of errors) expect(extensions.code).toBe('FORBIDDEN');
});
