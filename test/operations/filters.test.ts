import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PatientFilter } from '../../src/store/patient-filter.ts';
import { type ClinicalPatient, clinicalCohort } from '../support/clinical-cohort.ts';
import { TestServer } from '../support/server.ts';

const size = 60;
let server: TestServer;
let patients: ClinicalPatient[];
beforeAll(async () => {
  server = await TestServer.start();
  ({ patients } = await clinicalCohort(server, 'filtered', size));
});
afterAll(() => server.stop());

const query = /* GraphQL */ `
  query ($filter: PatientFilterInput, $orderBy: PatientOrderInput, $first: Int = 1000, $after: String) {
    cohort(key: "filtered") {
      patients(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } edges { cursor node { subjectKey } }
      }
    }
  }
`;
interface Found {
  readonly cohort: {
    readonly patients: {
      readonly totalCount: number;
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly edges: readonly { readonly cursor: string; readonly node: { readonly subjectKey: string } }[];
    };
  };
}
const ask = async (variables: object) => (await server.client.run<Found>(query, variables)).cohort.patients;
const keysOf = (page: Found['cohort']['patients']) => page.edges.map(({ node }) => node.subjectKey);

/** What the input says, as values of the graph: numbers and levels of `in` are objects there. */
function toInput(filter: PatientFilter): object {
  if (filter.all) return { all: filter.all.map(toInput) };
  if (filter.any) return { any: filter.any.map(toInput) };
  if (filter.not) return { not: toInput(filter.not) };
  if (!filter.covariate?.is.in) return filter;
  const { name, is } = filter.covariate;
  const values = is.in?.map((value) => (typeof value === 'number' ? { number: value } : { level: value }));
  return { covariate: { name, is: { in: values } } };
}

/** The same filters by the plainest code there is. */
function matches(patient: ClinicalPatient, filter: PatientFilter): boolean {
  const { all, any, not, covariate, outcome, scan, subjectKeys, sites } = filter;
  const within = (value: number, from?: number | null, to?: number | null) =>
    (from == null || value >= from) && (to == null || value <= to);
  if (all) return all.every((inner) => matches(patient, inner));
  if (any) return any.some((inner) => matches(patient, inner));
  if (not) return !matches(patient, not);
  if (covariate) {
    const value = patient.covariates[covariate.name];
    const { known, range, in: values } = covariate.is;
    if (known !== undefined) return (value !== undefined) === known;
    if (value === undefined) return false;
    return range ? within(value as number, range.from, range.to) : (values ?? []).includes(value);
  }
  if (outcome) {
    const found = patient.outcomes.find(({ endpoint }) => endpoint === outcome.endpoint);
    const { known, event, time } = outcome.is;
    if (known !== undefined) return (found !== undefined) === known;
    if (!found) return false;
    return event !== undefined ? found.event === event : within(found.time, time?.from, time?.to);
  }
  if (scan)
    return patient.scans.some(
      ({ modality, phase, readers }) =>
        (scan.modality ?? modality) === modality &&
        (scan.phase ?? phase) === phase &&
        (scan.reader == null || readers.includes(scan.reader)),
    );
  if (subjectKeys) return subjectKeys.includes(patient.subjectKey);
  return patient.site !== null && (sites ?? []).includes(patient.site);
}

const range = (values: fc.Arbitrary<number>) =>
  fc.record({ from: fc.option(values), to: fc.option(values) }, { requiredKeys: [] });
const numeric = fc.constantFrom(
  ['age', fc.integer({ min: 38, max: 52 })] as const,
  ['afp', fc.double({ min: -2000, max: 2000, noNaN: true })] as const,
);
const categorical = fc.constantFrom(
  ['stage', fc.constantFrom('A', 'B', 'C', 'D')] as const,
  ['o\'clock: "x"', fc.constantFrom("it's", 'ä', '', "' or true --", ':filter0', '$1')] as const,
);
const numericCondition = numeric.chain(([name, value]) =>
  fc
    .oneof(
      fc.record({ range: range(value) }),
      fc.record({ in: fc.array(value, { maxLength: 4 }) }),
      fc.record({ known: fc.boolean() }),
    )
    .map((is) => ({ covariate: { name, is } })),
);
const categoricalCondition = categorical.chain(([name, value]) =>
  fc
    .oneof(fc.record({ in: fc.array(value, { maxLength: 3 }) }), fc.record({ known: fc.boolean() }))
    .map((is) => ({ covariate: { name, is } })),
);
const outcomeCondition = fc
  .record({
    endpoint: fc.constantFrom('OS', 'DFS', 'none'),
    is: fc.oneof(
      fc.record({ known: fc.boolean() }),
      fc.record({ event: fc.boolean() }),
      fc.record({ time: range(fc.integer({ min: -1, max: 61 })) }),
    ),
  })
  .map((outcome) => ({ outcome }));
const scanCondition = fc
  .record(
    {
      modality: fc.constantFrom('CT', 'MR', 'PT', null),
      phase: fc.constantFrom('', 'ARTERIAL', null),
      reader: fc.constantFrom('r1', 'r2', null),
    },
    { requiredKeys: [] },
  )
  .map((scan) => ({ scan }));
const { filter: filters } = fc.letrec<{ filter: PatientFilter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    numericCondition,
    categoricalCondition,
    outcomeCondition,
    scanCondition,
    fc.record({ sites: fc.subarray(['north', 'south', 'east']) }),
    fc.record({ not: tie('filter') }),
    fc.record({ all: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('filter'), { maxLength: 3 }) }),
  ) as fc.Arbitrary<PatientFilter>,
}));

test('any filter finds whom it describes, and its `not` everybody else', async () => {
  await fc.assert(
    fc.asyncProperty(filters, async (filter) => {
      const expected = patients.filter((patient) => matches(patient, filter)).map((each) => each.subjectKey);
      const page = await ask({ filter: toInput(filter) });
      expect(keysOf(page).sort()).toEqual([...expected].sort());
      expect(page.totalCount).toBe(expected.length);
      const others = await ask({ filter: toInput({ not: filter }) });
      expect(others.totalCount).toBe(size - expected.length);
    }),
    { seed: 7, numRuns: 80 },
  );
});

test('the generator makes filters that find some and not all', async () => {
  const counts = fc
    .sample(filters, { seed: 7, numRuns: 80 })
    .map((filter) => patients.filter((patient) => matches(patient, filter)).length);
  expect(counts.filter((count) => count > 0 && count < size).length).toBeGreaterThan(30);
});

test('patients are found by subject key', async () => {
  const subjectKeys = [patients[3].subjectKey, patients[1].subjectKey, 'nobody'];
  const found = await ask({ filter: { subjectKeys } });
  expect(keysOf(found).sort()).toEqual(subjectKeys.slice(0, 2).sort());
});

describe('sorting', () => {
  const sortedBy = (patient: ClinicalPatient, orderBy: Order): number | string | null =>
    orderBy.covariate
      ? (patient.covariates[orderBy.covariate.name] ?? null)
      : orderBy.outcome
        ? (patient.outcomes.find(({ endpoint }) => endpoint === orderBy.outcome?.endpoint)?.time ?? null)
        : patient.subjectKey;
  interface Order {
    readonly subjectKey?: string;
    readonly covariate?: { readonly name: string; readonly direction?: string };
    readonly outcome?: { readonly endpoint: string; readonly direction?: string };
  }
  const orders: [string, Order][] = [
    ['subject keys backwards', { subjectKey: 'DESC' }],
    ['a number with many ties', { covariate: { name: 'age' } }],
    ['a number backwards', { covariate: { name: 'afp', direction: 'DESC' } }],
    ['levels', { covariate: { name: 'stage', direction: 'DESC' } }],
    ['levels that were never listed', { covariate: { name: 'o\'clock: "x"' } }],
    ['the time of an outcome', { outcome: { endpoint: 'OS', direction: 'DESC' } }],
    ['the time of an outcome that nobody has', { outcome: { endpoint: 'none' } }],
  ];
  test.each(orders)('by %s: page by page as all at once, the missing last', async (_what, orderBy) => {
    const whole = await ask({ orderBy });
    expect(whole.edges).toHaveLength(size);
    const bySubject = new Map(patients.map((patient) => [patient.subjectKey, patient]));
    const values = keysOf(whole).map((key) => sortedBy(bySubject.get(key) as ClinicalPatient, orderBy));
    const known = values.filter((value) => value !== null);
    expect(values.slice(0, known.length)).toEqual(known);
    const descending = JSON.stringify(orderBy).includes('DESC');
    for (let at = 1; at < known.length; at++)
      if (typeof known[at] === 'number') {
        if (descending) expect(known[at - 1]).toBeGreaterThanOrEqual(known[at] as number);
        else expect(known[at - 1]).toBeLessThanOrEqual(known[at] as number);
      }
    for (const first of [1, 7, 59]) {
      const found: string[] = [];
      for (let after: string | null = null; ; ) {
        const page: Found['cohort']['patients'] = await ask({ orderBy, first, after });
        expect(page.totalCount).toBe(size);
        found.push(...keysOf(page));
        if (!page.pageInfo.hasNextPage) break;
        after = page.pageInfo.endCursor;
      }
      expect(found).toEqual(keysOf(whole));
    }
  });

  test('a cursor of another order is refused, a forged one too', async () => {
    const cursors = await Promise.all(
      orders.map(async ([, orderBy]) => (await ask({ orderBy, first: 1 })).edges[0].cursor),
    );
    const age = { covariate: { name: 'age' } };
    const [list] = JSON.parse(Buffer.from(cursors[1], 'base64url').toString());
    const forged = (...values: unknown[]) =>
      Buffer.from(JSON.stringify([list, ...values])).toString('base64url');
    const foreign = [cursors[0], ...cursors.slice(2), forged('40', 'p'), forged(40), forged({}, 'p')];
    for (const after of foreign) {
      const [error] = await server.errorsOf(query, { orderBy: age, after });
      expect(error.extensions.code, Buffer.from(after, 'base64url').toString()).toBe('CURSOR_INVALID');
    }
    expect(await server.errorsOf(query, { orderBy: age, after: cursors[1] })).toEqual([]);
  });
});

const nested = (depth: number): object => (depth === 1 ? { sites: [] } : { not: nested(depth - 1) });

test.each([
  [
    'a covariate that is not there',
    { covariate: { name: 'none', is: { known: true } } },
    'COVARIATE_INVALID',
  ],
  ['a number of a level', { covariate: { name: 'stage', is: { range: {} } } }, 'INPUT_INVALID'],
  ['a number among levels', { covariate: { name: 'stage', is: { in: [{ number: 1 }] } } }, 'INPUT_INVALID'],
  ['a level of a number', { covariate: { name: 'age', is: { in: [{ level: '50' }] } } }, 'INPUT_INVALID'],
  ['no condition', {}, 'BAD_USER_INPUT'],
  ['two conditions', { sites: [], subjectKeys: [] }, 'BAD_USER_INPUT'],
  ['a condition that is null', { sites: null }, 'BAD_USER_INPUT'],
  ['a NUL', { subjectKeys: ['\0'] }, 'INPUT_INVALID'],
  ['half a character', { scan: { modality: '\ud800' } }, 'INPUT_INVALID'],
  ['a NUL in an endpoint', { outcome: { endpoint: '\0', is: { known: true } } }, 'INPUT_INVALID'],
  ['more values than one request takes', { subjectKeys: Array(1001).fill('x') }, 'LIMIT_EXCEEDED'],
  ['more conditions than a filter has', { any: Array(100).fill({ sites: [] }) }, 'LIMIT_EXCEEDED'],
  ['conditions in conditions in conditions', nested(21), 'LIMIT_EXCEEDED'],
])('%s is refused', async (_what, filter, code) => {
  const errors = await server.errorsOf(query, { filter });
  expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
});

test('a filter as deep and as wide as may be is answered', async () => {
  expect((await ask({ filter: nested(20) })).totalCount).toBe(size);
  expect((await ask({ filter: { any: Array(99).fill({ sites: [] }) } })).totalCount).toBe(0);
});
