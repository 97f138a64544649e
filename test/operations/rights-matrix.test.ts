import {
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  type GraphQLUnionType,
  isObjectType,
  parse,
  subscribe,
} from 'graphql';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContext } from '../../src/api/context.ts';
import { presentError } from '../../src/api/present-error.ts';
import { presentEvent } from '../../src/api/present-event.ts';
import { type AccessRules, accessRules } from '../../src/api/rights/enforce.ts';
import { everything, type HeldGrant, type Principal } from '../../src/api/rights/principal.ts';
import { createSchema } from '../../src/api/schema.ts';
import { type Role, roles } from '../../src/store/entities/grant.ts';
import {
  answerOf,
  answersTogether,
  byWay,
  type Cell,
  type CellAnswer,
  cellsOf,
  type Start,
} from '../support/access-matrix.ts';
import { everyField } from '../support/every-field.ts';
import { type EveryRow, everyRow } from '../support/every-row.ts';
import { TestServer } from '../support/server.ts';

/** Who asks, by what they are; what is asked for is the cohort `alpha` and its patients in the north. */
const people: Readonly<Record<string, readonly HeldGrant[]>> = {
  everything,
  reader: [{ role: 'READER', cohortKey: 'alpha', site: null }],
  analyst: [{ role: 'ANALYST', cohortKey: 'alpha', site: null }],
  curator: [{ role: 'CURATOR', cohortKey: 'alpha', site: null }],
  admin: [{ role: 'ADMIN', cohortKey: 'alpha', site: null }],
  'analyst of the site': [{ role: 'ANALYST', cohortKey: 'alpha', site: 'north' }],
  'analyst of another site': [{ role: 'ANALYST', cohortKey: 'alpha', site: 'south' }],
  'admin of another cohort': [{ role: 'ADMIN', cohortKey: 'beta', site: null }],
  'a reader here, admin of another cohort': [
    { role: 'READER', cohortKey: 'alpha', site: null },
    { role: 'ADMIN', cohortKey: 'beta', site: null },
  ],
  nobody: [],
};
const names = Object.keys(people);
const principal = (name: string): Principal => ({
  id: `user:${name}`,
  kind: 'TOKEN',
  expiresAt: null,
  grants: people[name]!,
  storedGrants: [],
});

/** What a type is about, and the least role that knows of its rows. The other types are a part of what leads to them. */
const rowsOf: Readonly<Record<string, readonly [scope: 'COHORT' | 'WHOLE' | 'PATIENT', visibleTo: Role]>> = {
  Cohort: ['COHORT', 'READER'],
  CohortVersion: ['WHOLE', 'READER'],
  Model: ['WHOLE', 'READER'],
  OutcomeImport: ['WHOLE', 'READER'],
  Study: ['WHOLE', 'READER'],
  Job: ['WHOLE', 'ANALYST'],
  ReportFile: ['WHOLE', 'ANALYST'],
  Patient: ['PATIENT', 'ANALYST'],
  Scan: ['PATIENT', 'ANALYST'],
  Roi: ['PATIENT', 'ANALYST'],
  FeatureVector: ['PATIENT', 'ANALYST'],
  Outcome: ['PATIENT', 'ANALYST'],
  Prediction: ['PATIENT', 'ANALYST'],
};

/** docs/access.md in a few lines, apart from the code that it is checked by. */
function holds(name: string, role: Role, scope: 'ANYWHERE' | 'COHORT' | 'WHOLE' | 'PATIENT'): boolean {
  return people[name]!.some((grant) => {
    if (roles.indexOf(grant.role) < roles.indexOf(role)) return false;
    if (scope === 'ANYWHERE' || grant === everything[0]) return true;
    if (grant.cohortKey !== 'alpha') return false;
    if (scope === 'COHORT' || grant.site === null) return true;
    return scope === 'WHOLE' ? role === 'READER' : grant.site === 'north';
  });
}

let server: TestServer;
let schema: GraphQLSchema;
let rules: AccessRules;
let cells: Map<string, Cell>;
/** As the cells, but each reached from what another subgraph refers to. */
let entityCells: Map<string, Cell>;
/** What there is to be seen on each way. */
let shown: Map<string, CellAnswer>;
let shownOfEntities: Map<string, CellAnswer>;
let ids: EveryRow['ids'];
let marks: EveryRow['marks'];
let told: EveryRow['told'];
let report: string;
let beta: EveryRow['beta'];

beforeAll(async () => {
  server = await TestServer.start();
  schema = await createSchema();
  rules = accessRules(schema);
  ({ ids, marks, told, report, beta } = await everyRow(server, schema));
  const own = (noun: string) => `(id: "${ids[noun]}")`;
  const starts: Start[] = [
    { field: 'cohort', arguments: own('cohort') },
    { field: 'patient', arguments: own('patient') },
    { field: 'scan', arguments: own('scan') },
    { field: 'roi', arguments: own('roi') },
    { field: 'featureVector', arguments: own('vector') },
    { field: 'prediction', arguments: own('prediction') },
    { field: 'model', arguments: own('model') },
    { field: 'study', arguments: own('study') },
    { field: 'study', arguments: own('given') },
    { field: 'job', arguments: own('job') },
    { field: 'extractionProfile', arguments: '(name: "pyradiomics-default")' },
    { field: 'predict', arguments: `(modelId: "${ids.model}", patient: { patientId: "${ids.patient}" })` },
    { field: 'compareStudies', arguments: `(ids: ["${ids.study}", "${ids.given}"])` },
    { field: 'objects', arguments: `(sha256: ["${'cd'.repeat(32)}"])` },
    ...['viewer', 'cohorts', 'extractionProfiles', 'apiKeys', 'grants', 'auditEntries', '_service'].map(
      (field) => ({
        field,
        arguments: '',
      }),
    ),
  ];
  const references: Readonly<Record<string, string>> = {
    Cohort: '{ __typename: "Cohort", key: "alpha" }',
    Patient: `{ __typename: "Patient", subjectKey: "${ids.subject}", cohort: { key: "alpha" } }`,
    ...Object.fromEntries(
      ['scan', 'study', 'model'].map((noun) => {
        const name = noun[0]!.toUpperCase() + noun.slice(1);
        return [name, `{ __typename: "${name}", id: "${ids[noun]}" }`];
      }),
    ),
  };
  const entities = schema.getType('_Entity') as GraphQLUnionType;
  const entityNames = entities.getTypes().map(({ name }) => name);
  expect(Object.keys(references).sort(), 'say how each entity is referred to').toEqual(entityNames.sort());
  const entityStarts: Start[] = [
    ...Object.entries(references),
    ['Study', `{ __typename: "Study", id: "${ids.given}" }`] as const,
  ].map(([of, reference]) => ({ field: '_entities', arguments: `(representations: [${reference}])`, of }));
  const queries = schema.getQueryType()!.getFields();
  const asked = new Set([...starts, ...entityStarts].map(({ field }) => field));
  expect([...asked].sort(), 'say how each query is asked').toEqual(Object.keys(queries).sort());
  const given = {
    'Cohort.featureVectors': `(profileId: "${ids.profile}")`,
    'Cohort.distribution': '(covariate: "age", by: { covariate: "invasion" })',
    'Cohort.featureMatrix': '(profile: "features of CT")',
    'Job.events': '(first: 1000)',
  };
  [cells, shown] = await firstToSee(cellsOf(schema, starts, given));
  [entityCells, shownOfEntities] = await firstToSee(cellsOf(schema, entityStarts, given));
}, 120_000);
afterAll(() => server.stop());

/** What a field needs besides its rule, for the rows that its arguments name. */
const alsoNeeds: Readonly<Record<string, readonly [Role, 'WHOLE' | 'COHORT' | 'PATIENT']>> = {
  // Asked for by groups.
  'Cohort.distribution': ['ANALYST', 'COHORT'],
  'Query.predict': ['ANALYST', 'PATIENT'],
  'Query.compareStudies': ['READER', 'WHOLE'],
  'StudyComparison.differences': ['ANALYST', 'WHOLE'],
};

const ask = (name: string, cell: Cell) => answerOf(schema, server.nomograph.platform, principal(name), cell);
const askTogether = (name: string, together: readonly Cell[]) =>
  answersTogether(schema, server.nomograph.platform, principal(name), together);

/** Of several ways to a field, the first on which there is something to see. */
async function firstToSee(
  found: ReadonlyMap<string, Cell[]>,
): Promise<[Map<string, Cell>, Map<string, CellAnswer>]> {
  const given = new Map<Cell, CellAnswer>();
  await inTurns(byWay([...found.values()].flat()), async (together) => {
    const answers = await askTogether('everything', together);
    for (const [n, cell] of together.entries())
      given.set(cell, answers?.[n] ?? (await ask('everything', cell)));
  });
  const answerTo = (cell: Cell) => given.get(cell) as CellAnswer;
  const chosen = new Map(
    [...found].map(([place, ways]) => [
      place,
      ways.find((cell) => answerTo(cell).values.length > 0) ?? (ways[0] as Cell),
    ]),
  );
  return [chosen, new Map([...chosen].map(([place, cell]) => [place, answerTo(cell)]))];
}

/** A few at a time, as requests come. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const turn = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: 10 }, turn));
}

/** Whether every step of the way, and the field at its end, may be read. */
function mayRead(name: string, { steps }: Cell): boolean {
  let scope: Parameters<typeof holds>[2] = 'ANYWHERE';
  return steps.every(({ owner, place }) => {
    const [own, visibleTo] = rowsOf[owner] ?? (isEvent(owner) ? (['WHOLE', 'ANALYST'] as const) : []);
    scope = own ?? scope;
    const besides = alsoNeeds[place];
    return (
      (!besides || holds(name, ...besides)) &&
      holds(name, visibleTo ?? 'READER', scope) &&
      holds(name, rules.get(place) as Role, scope)
    );
  });
}

function isEvent(name: string): boolean {
  const type = schema.getType(name);
  return isObjectType(type) && type.getInterfaces().some(({ name: of }) => of === 'JobEvent');
}

/** The rows of others in a text. */
function leaks(name: string, text: string): string[] {
  const closed = [
    ...(holds(name, 'ANALYST', 'PATIENT') ? [] : [marks.north]),
    ...(name === 'analyst of another site' || holds(name, 'ANALYST', 'WHOLE') ? [] : [marks.south]),
    ...(holds(name, 'ANALYST', 'WHOLE') ? [] : [marks.whole]),
    ...(people[name]!.some(({ cohortKey }) => cohortKey !== 'alpha') ? [] : [marks.beta]),
  ];
  // What was asked for may be said back: that it is not there.
  const asked = Object.values(ids);
  return closed.flatMap((set) => [...set].filter((mark) => text.includes(mark) && !asked.includes(mark)));
}

const denials = ['NOT_FOUND', 'FORBIDDEN'];

describe('every field of the schema', () => {
  test('has a rule and is asked for', () => {
    const asked = new Set([...cells.keys(), ...entityCells.keys()]);
    // What a mutation alone gives is asked for by it.
    const roots = [
      'Mutation',
      'Subscription',
      'CreatedApiKey',
      'Erasure',
      'OutcomeConflicts',
      'OutcomeConflict',
      'OutcomeValue',
    ];
    expect(
      [...rules.keys()].filter((place) => !asked.has(place) && !roots.includes(place.split('.')[0]!)),
    ).toEqual([]);
    expect(rules.size).toBeGreaterThan(500);
    // All but what no row of a patient, cohort, scan, study or model leads to.
    expect(entityCells.size / cells.size).toBeGreaterThan(0.7);
  });

  test.each(['by a query', 'by _entities'])(
    'is there to be seen %s, so that to see nothing means something',
    (way) => {
      const answers = way === 'by a query' ? shown : shownOfEntities;
      const empty: string[] = [];
      for (const [place, { values, codes }] of answers) {
        expect(codes, place).toEqual([]);
        if (values.length === 0) empty.push(place);
      }
      // Null in this study; events of every kind are asked for one by one below.
      const absent = empty.filter((place) => !isEvent(place.split('.')[0]!));
      expect(absent.length / answers.size, absent.join('\n')).toBeLessThan(0.06);
    },
  );

  test.each(names.slice(1))('by a query: %s', async (name) => {
    expect(await wrongAnswers(name, cells.values())).toEqual([]);
  });

  test.each(names.slice(1))('by _entities: %s', async (name) => {
    expect(await wrongAnswers(name, entityCells.values())).toEqual([]);
  });
});

/** What a principal was given against the rules, or not given against them. */
async function wrongAnswers(name: string, asked: Iterable<Cell>): Promise<string[]> {
  const wrong: string[] = [];
  const { allowed = [], denied = [] } = Object.groupBy(asked, (cell) =>
    mayRead(name, cell) ? 'allowed' : 'denied',
  );
  // What is denied is asked for each by itself: a refusal may take away what others would have told.
  const single = [...denied];
  await inTurns(byWay(allowed), async (together) => {
    const answers = await askTogether(name, together);
    if (!answers || answers.some(({ text }) => leaks(name, text).length > 0)) single.push(...together);
  });
  await inTurns(single, async (cell) => {
    const { values, codes, text } = await ask(name, cell);
    const allowed = mayRead(name, cell);
    const faults = [...codes, ...leaks(name, text).map((mark) => `leaked ${mark}`)];
    if (allowed ? faults.length > 0 : values.length > 0 || faults.some((code) => !denials.includes(code)))
      wrong.push(
        `${cell.place} ${allowed ? 'allowed' : 'denied'}: ${faults.join(' ')} ${values.length} values`,
      );
  });
  return wrong;
}

test.each(names.slice(1))('entities of another cohort: %s', async (name) => {
  const { patient, scan, subjectKey } = beta.patients.north!;
  const rowOf = {
    Patient: [patient],
    Scan: [scan],
    Study: [beta.study],
    Model: [beta.model],
    Cohort: [beta.id],
  };
  const representations = [
    ...Object.entries(rowOf).map(([__typename, [id]]) => ({ __typename, id })),
    { __typename: 'Cohort', key: 'beta' },
    { __typename: 'Patient', subjectKey, cohort: { key: 'beta' } },
  ];
  const document = parse(
    `query ($of: [_Any!]!) { _entities(representations: $of) { __typename ${Object.keys(rowOf)
      .map((type) => `... on ${type} { id }`)
      .join(' ')} } }`,
  );
  const contextValue = await createContext(server.nomograph.platform, principal(name));
  const { data, errors } = await execute({
    schema,
    document,
    contextValue,
    variableValues: { of: representations },
  });
  const names = (data?._entities as ({ __typename: string } | null)[] | undefined)?.map(
    (entity) => entity?.__typename ?? null,
  );
  // Who administers it sees all of it; the others have no grant on it, and `nobody` none at all.
  const administered = people[name]!.some(({ cohortKey }) => cohortKey === 'beta');
  expect(names).toEqual(
    name === 'nobody'
      ? undefined
      : representations.map(({ __typename }) => (administered ? __typename : null)),
  );
  expect(errors?.length ?? 0).toBe(name === 'nobody' ? 1 : 0);
});

describe('every field of every event', () => {
  const document = () =>
    parse(
      `subscription { jobEvents(jobId: "${ids.job}") ${everyField(schema, schema.getType('JobEvent') as never)} }`,
    );

  test.each(names)('by a subscription: %s', async (name) => {
    const contextValue = await createContext(server.nomograph.platform, principal(name));
    const result = await subscribe({ schema, document: document(), contextValue });
    if (!(Symbol.asyncIterator in result)) {
      expect(mayRead(name, { steps: [{ place: 'Job.id', owner: 'Job' }] } as never)).toBe(false);
      const codes = result.errors?.map(
        (error) => presentError(error, pino({ level: 'silent' })).extensions?.code,
      );
      expect(denials).toContain(codes?.[0]);
      expect(leaks(name, JSON.stringify(result))).toEqual([]);
      return;
    }
    expect(mayRead(name, { steps: [{ place: 'Job.id', owner: 'Job' }] } as never)).toBe(true);
    let events = 0;
    for await (const { errors, data } of result as AsyncIterable<ExecutionResult>) {
      expect(errors).toBeUndefined();
      expect(data?.jobEvents).not.toBeNull();
      events++;
    }
    expect(events).toBeGreaterThan(20);
  });

  test.each(names)('even where an event came to the wrong one: %s', async (name) => {
    const may = holds(name, 'ANALYST', 'WHOLE');
    const seen = new Set<string>();
    for (const body of told) {
      if (seen.has(body.type)) continue;
      seen.add(body.type);
      const type = schema.getType(body.type);
      if (!isObjectType(type)) throw new Error(`there is no event ${body.type}`);
      const event = presentEvent({ jobId: ids.job!, sequence: 1, recordedAt: new Date(), body });
      for (const field of Object.values(type.getFields())) {
        const contextValue = await createContext(server.nomograph.platform, principal(name));
        let outcome: unknown;
        try {
          outcome = await field.resolve?.(event, {}, contextValue, {
            fieldName: field.name,
            path: { prev: undefined, key: field.name, typename: type.name },
          } as never);
        } catch (error) {
          outcome = (error as { code?: string }).code;
        }
        const place = `${type.name}.${field.name}`;
        if (may) expect(denials, place).not.toContain(outcome);
        else expect(denials, place).toContain(outcome);
      }
    }
    const events = Object.values(schema.getTypeMap()).filter(({ name: type }) => isEvent(type));
    expect(events.filter(({ name: type }) => !seen.has(type)).map(({ name: type }) => type)).toEqual([]);
  });
});

describe('every mutation', () => {
  /** How each is asked for, and what it needs. */
  const mutations = (): Record<string, [text: string, role: Role, scope: Parameters<typeof holds>[2]]> => {
    const sha = 'cd'.repeat(32);
    return {
      createCohort: ['(input: { key: "alpha", name: "another" }) { id }', 'CURATOR', 'WHOLE'],
      addPatients: [
        `(cohortId: "${ids.cohort}", patients: [{ subjectKey: "new", site: "north" }]) { id }`,
        'CURATOR',
        'PATIENT',
      ],
      addScans: [
        `(scans: [{ patientId: "${ids.patient}", modality: "CT", imageSha256: "${sha}" }]) { id }`,
        'CURATOR',
        'PATIENT',
      ],
      addRois: [
        `(rois: [{ scanId: "${ids.scan}", reader: "r9", maskSha256: "${sha}" }]) { id }`,
        'CURATOR',
        'PATIENT',
      ],
      createExtractionProfile: ['(input: { name: "mine", parameters: {} }) { id }', 'ANALYST', 'ANYWHERE'],
      extractFeatures: [`(input: { cohortId: "${ids.cohort}" }) { id }`, 'ANALYST', 'WHOLE'],
      fitCoxModel: [
        `(input: { cohortId: "${ids.cohort}", endpoint: "OS", covariates: ["age"] }) { id }`,
        'ANALYST',
        'WHOLE',
      ],
      cancelJob: [`(jobId: "${ids.job}") { id }`, 'ANALYST', 'WHOLE'],
      createStudy: [
        `(input: { cohortId: "${ids.cohort}", name: "another", endpoints: [{ name: "OS" }], sources: [] }) { id }`,
        'ANALYST',
        'WHOLE',
      ],
      runStudy: [`(id: "${ids.study}") { id }`, 'ANALYST', 'WHOLE'],
      createStudyReport: [`(id: "${ids.study}") { path }`, 'ANALYST', 'WHOLE'],
      freezeCohort: [`(id: "${ids.cohort}") { number }`, 'ANALYST', 'WHOLE'],
      createApiKey: [
        '(input: { name: "x", grants: [{ role: READER, cohortKey: "alpha" }] }) { secret }',
        'ADMIN',
        'WHOLE',
      ],
      revokeApiKey: ['(id: "KEY") { id }', 'ADMIN', 'WHOLE'],
      grantRole: [
        '(principal: "user:x", grant: { role: READER, cohortKey: "alpha" }) { id }',
        'ADMIN',
        'WHOLE',
      ],
      erasePatient: [`(id: "${ids.patient}", reason: "x") { reason }`, 'ADMIN', 'PATIENT'],
      eraseCohort: [`(id: "${ids.cohort}", key: "alpha", reason: "x") { id }`, 'ADMIN', 'WHOLE'],
      withdrawGrant: ['(id: "GRANT") { id }', 'ADMIN', 'WHOLE'],
      importOutcomes: [
        `(input: { cohortId: "${ids.cohort}", registry: "any" }) { __typename }`,
        'CURATOR',
        'WHOLE',
      ],
    };
  };
  const state = async () => {
    const { dataSource } = server.nomograph.platform;
    // That it was refused is written down.
    const tables = dataSource.entityMetadatas
      .map(({ tableName }) => tableName)
      .filter((table) => !table.startsWith('audit_'))
      .sort();
    const counts = await Promise.all(
      tables.map((table) =>
        dataSource.query(`select count(*), md5(string_agg(t::text, '' order by t::text)) from "${table}" t`),
      ),
    );
    return JSON.stringify(counts);
  };

  test('is asked for', () => {
    expect(Object.keys(mutations()).sort()).toEqual(
      Object.keys(schema.getMutationType()!.getFields()).sort(),
    );
  });

  test.each(names.slice(1))('by a mutation: %s', async (name) => {
    const { dataSource } = server.nomograph.platform;
    const [{ key }]: { key: string }[] = await dataSource.query('select id as key from api_key limit 1');
    const [{ grant }]: { grant: string }[] = await dataSource.query(
      'select id as grant from role_grant limit 1',
    );
    const before = await state();
    for (const [mutation, [text, role, scope]] of Object.entries(mutations())) {
      if (holds(name, role, scope)) continue; // rights.test.ts and the tests of each mutation.
      const document = parse(`mutation { ${mutation}${text.replace('KEY', key!).replace('GRANT', grant!)} }`);
      const cell = { place: mutation, document, steps: [{ name: mutation }] } as unknown as Cell;
      const {
        values,
        codes,
        text: answer,
      } = await answerOf(schema, server.nomograph.platform, principal(name), cell);
      expect([mutation, values, codes.length, denials.includes(codes[0]!)]).toEqual([mutation, [], 1, true]);
      expect(leaks(name, answer)).toEqual([]);
    }
    expect(await state()).toBe(before);
  });
});

test.each(names.slice(1, -1))('every export: %s', async (name) => {
  const { createApiKey } = await server.client.run<{ createApiKey: { secret: string } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input: { name, grants: people[name] } },
  );
  const headers = { authorization: `Bearer ${createApiKey.secret}` };
  for (const format of ['csv', 'ndjson', 'arrow']) {
    const path = `/export/alpha/${encodeURIComponent('features of CT')}.${format}`;
    const response = await fetch(`${server.url}${path}`, { headers });
    const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
    const expected = holds(name, 'ANALYST', 'COHORT') ? 200 : holds(name, 'READER', 'COHORT') ? 403 : 404;
    expect([format, response.status, leaks(name, text)]).toEqual([format, expected, []]);
    if (expected === 200) expect(text).toContain(name === 'analyst of another site' ? 'P050' : 'P001');
    expect((await fetch(`${server.url}${path}`)).status).toBe(401);
  }
  const { status } = await fetch(`${server.url}${report}`, { headers });
  const expected = holds(name, 'ANALYST', 'WHOLE') ? 200 : holds(name, 'READER', 'WHOLE') ? 403 : 404;
  expect(status).toBe(expected);
});

test('nobody at all gets an answer to any of it', async () => {
  for (const { steps } of [...cells.values()].filter(({ steps: { length } }) => length === 2)) {
    const query = `{ ${steps.map(({ text }) => text).join(' { ')} }`;
    const answer = await server.post({ query }, {});
    expect([answer.status, answer.body.data]).toEqual([401, undefined]);
  }
});
