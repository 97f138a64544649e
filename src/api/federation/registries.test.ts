import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Failure } from '../../engine/failure.ts';
import type { Patience } from './ask-registry.ts';
import { Registries } from './registries.ts';

interface Asked {
  readonly representations: readonly { readonly subjectKey: string; readonly cohort: { key: string } }[];
  readonly headers: IncomingMessage['headers'];
}

type Answer = (response: ServerResponse, asked: Asked, time: number) => void;

/** A registry that answers as each test says. */
let answer: Answer;
let asked: Asked[] = [];
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { variables } = JSON.parse(body);
    asked.push({ representations: variables.of, headers: request.headers });
    answer(response, asked.at(-1) as Asked, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
});

const known = { endpoint: 'RFS', time: 7, timeUnit: 'MONTHS', event: true };
const honest = ({ representations }: Asked, outcomes: unknown = [known]) => ({
  data: {
    _entities: representations.map(({ subjectKey, cohort }) => ({
      subjectKey,
      cohort: { key: cohort.key },
      outcomes,
    })),
  },
});
const json = (response: ServerResponse, value: unknown) =>
  response.setHeader('content-type', 'application/json').end(JSON.stringify(value));

const keys = (count: number) => Array.from({ length: count }, (_, place) => `P${place}`);
const registries = (changed: Partial<Patience> = {}, deadline = 30_000) =>
  new Registries(
    { registries: { cancer: url }, registryTokens: { cancer: 'the secret' }, deadline },
    { pause: 5, ...changed },
  );
const outcomesOf = (subjects: readonly string[], ...from: Parameters<typeof registries>) =>
  registries(...from).outcomesOf('cancer', 'liver', subjects);

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw new Error(`no failure, but ${error}`);
  return error;
}

test('asks for a hundred patients at a time, with the token, and keeps their order', async () => {
  answer = (response, question) => {
    const { data } = honest(question);
    const entities = data._entities.map((entity) => (entity.subjectKey === 'P101' ? null : entity));
    // The first batch comes last.
    setTimeout(
      () => json(response, { data: { _entities: entities } }),
      question.representations[0]?.subjectKey === 'P0' ? 50 : 0,
    );
  };
  const outcomes = await outcomesOf(keys(250));
  expect(asked.map(({ representations }) => representations.length).sort()).toEqual([100, 100, 50]);
  expect(asked.every(({ headers }) => headers.authorization === 'Bearer the secret')).toBe(true);
  expect(asked.flatMap(({ representations }) => representations)).toContainEqual({
    __typename: 'Patient',
    subjectKey: 'P249',
    cohort: { __typename: 'Cohort', key: 'liver' },
  });
  expect(outcomes).toEqual(keys(250).map((key) => (key === 'P101' ? null : [known])));
});

test('asks nobody for no patients, and nobody whom the settings do not name', async () => {
  expect(await outcomesOf([])).toEqual([]);
  for (const name of ['other', '__proto__', 'constructor', '', 'cancer '])
    expect((await failureOf(registries().outcomesOf(name, 'liver', ['P0']))).code).toBe('NOT_FOUND');
  expect(asked).toEqual([]);
});

test.each<[string, Answer]>([
  ['is busy', (response) => response.writeHead(503).end()],
  ['has a defect that passes', (response) => response.writeHead(500).end('{"a":')],
  ['breaks the connection', (response) => response.destroy()],
  [
    'breaks off its answer',
    (response) => response.writeHead(200, { 'content-length': 99 }).write('{') && response.destroy(),
  ],
])('asks again where a registry %s', async (_what, first) => {
  answer = (response, question, time) =>
    time < 3 ? first(response, question, time) : json(response, honest(question));
  expect(await outcomesOf(['P0'])).toEqual([[known]]);
  expect(asked).toHaveLength(3);
});

test('gives up on a registry that stays busy, says nothing, or is down', async () => {
  answer = (response) => response.writeHead(503).end('the patient is called Smith');
  const busy = await failureOf(outcomesOf(['P0'], { attempts: 3 }));
  expect(busy).toMatchObject({ code: 'REGISTRY_UNAVAILABLE', details: { registry: 'cancer', attempts: 3 } });
  expect(busy.message).toBe('registry cancer cannot be reached: status 503');
  expect(asked).toHaveLength(3);
  answer = () => {};
  const silent = await failureOf(outcomesOf(['P0'], { attempts: 2, timeout: 50 }));
  expect(silent.message).toBe('registry cancer cannot be reached: no answer in time');
  answer = (response) => {
    response.write('{"data": ');
    const drip = setInterval(() => response.write(' '), 10);
    response.once('close', () => clearInterval(drip));
  };
  expect((await failureOf(outcomesOf(['P0'], { attempts: 1, timeout: 100 }))).code).toBe(
    'REGISTRY_UNAVAILABLE',
  );
  // All requests together have a time of their own.
  const late = await failureOf(outcomesOf(keys(1000), { attempts: 50, timeout: 10_000 }, 150));
  expect(late.code).toBe('REGISTRY_UNAVAILABLE');
  const down = new Registries(
    { registries: { cancer: 'http://127.0.0.1:1/graphql' }, registryTokens: {}, deadline: 30_000 },
    { attempts: 2, pause: 5 },
  );
  expect((await failureOf(down.outcomesOf('cancer', 'liver', ['P0']))).code).toBe('REGISTRY_UNAVAILABLE');
});

test.each<[string, Answer]>([
  ['leads elsewhere', (response) => response.writeHead(302, { location: `${url}?elsewhere` }).end()],
  [
    'leads elsewhere for good',
    (response) => response.writeHead(308, { location: 'http://127.0.0.1:1/' }).end(),
  ],
  ['refuses', (response) => response.writeHead(401).end('{"errors":[]}')],
  ['is no graph', (response) => response.writeHead(200).end('<html>')],
  ['is no UTF-8', (response) => response.writeHead(200).end(Buffer.from([0x22, 0xff, 0x22]))],
  ['is too long', (response) => response.end(' '.repeat(70_000))],
  [
    'is too long once inflated',
    (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(' '.repeat(10_000_000))),
  ],
  ['is empty', (response) => response.end()],
  ['is null', (response) => json(response, null)],
  ['has no data', (response) => json(response, { data: null })],
  [
    'has errors',
    (response, question) => json(response, { ...honest(question), errors: [{ message: 'Smith' }] }),
  ],
  [
    'has too few',
    (response, question) => json(response, { data: { _entities: honest(question).data._entities.slice(1) } }),
  ],
  [
    'has too many',
    (response, question) =>
      json(response, { data: { _entities: [...honest(question).data._entities, null] } }),
  ],
  [
    'is of other patients',
    (response, question) =>
      json(response, { data: { _entities: honest(question).data._entities.reverse() } }),
  ],
  [
    'is of another cohort',
    (response, question) =>
      json(response, {
        data: {
          _entities: honest(question).data._entities.map((each) => ({ ...each, cohort: { key: 'lung' } })),
        },
      }),
  ],
  ...(
    [
      ['has no times', [{ ...known, time: null }]],
      ['has times as text', [{ ...known, time: '7' }]],
      ['has negative times', [{ ...known, time: -1 }]],
      ['has unknown units', [{ ...known, timeUnit: 'FORTNIGHTS' }]],
      ['has events as numbers', [{ ...known, event: 1 }]],
      ['has unnamed endpoints', [{ ...known, endpoint: '' }]],
      ['has endpoints with line breaks', [{ ...known, endpoint: 'a\nb' }]],
      ['has endpoints with NUL', [{ ...known, endpoint: 'a\0' }]],
      ['has long endpoints', [{ ...known, endpoint: 'a'.repeat(65) }]],
      ['has an endpoint twice', [known, { ...known, time: 8 }]],
      ['has outcomes without end', Array.from({ length: 101 }, (_, n) => ({ ...known, endpoint: `E${n}` }))],
      ['has no list of outcomes', { 0: known }],
      ['has lists in lists', [[known]]],
    ] as const
  ).map(([what, outcomes]): [string, Answer] => [
    what,
    (response, question) => json(response, honest(question, outcomes)),
  ]),
])('refuses an answer that %s, at once and without its text', async (_what, wrong) => {
  answer = wrong;
  const { code, message } = await failureOf(outcomesOf(['P0', 'P1'], { maxBytes: 60_000 }));
  expect(code).toBe('REGISTRY_INVALID');
  expect(asked).toHaveLength(1);
  expect(message).not.toMatch(/Smith|FORTNIGHTS|html|elsewhere\?/);
});

test('takes infinite times for none: JSON has no others', async () => {
  answer = (response, question) =>
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify(honest(question)).replaceAll(':7,', ':1e999,'));
  expect((await failureOf(outcomesOf(['P0']))).code).toBe('REGISTRY_INVALID');
});
