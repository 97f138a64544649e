import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, print, separateOperations } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TrustedDocuments } from '../../src/api/limits/trusted-documents.ts';
import { readConfig } from '../../src/config.ts';
import { TestServer } from '../support/server.ts';
import { type Asked, transportNames, transports } from '../support/transports.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const folder = resolve(import.meta.dirname, '../../schema/operations');
const persisted = (hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });

let directory: string;
let viewer: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nomograph-trusted-'));
  viewer = await readFile(join(folder, 'viewer.graphql'), 'utf8');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function manifest(content: unknown): Promise<string> {
  const path = join(directory, `${sha256(JSON.stringify(content))}.json`);
  await writeFile(path, JSON.stringify(content));
  return path;
}

describe.each([
  ['are optional', false],
  ['are all there is', true],
] as const)('trusted documents that %s', (_what, trustedOnly) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({ trustedDocuments: folder, trustedOnly });
  });
  afterAll(() => server.stop());

  describe.each(transportNames)('over %s', (transport) => {
    // The protocol of the socket wants a text, and takes an empty one.
    const without = transport === 'WebSocket' ? { query: '' } : {};
    const ask = (asked: Asked) => transports[transport](server, { ...without, ...asked });
    const codeOf = async (asked: Asked) =>
      (await ask(asked)).errors?.map(({ extensions }) => extensions.code);
    const answered = { data: { viewer: { kind: 'DEVELOPMENT' } } };

    test('are known by their SHA-256, in each form', async () => {
      const hash = sha256(viewer);
      for (const asked of [
        { documentId: hash },
        { documentId: `sha256:${hash}` },
        { documentId: hash.toUpperCase() },
        persisted(hash),
        { ...persisted(hash), query: viewer },
        { ...persisted(hash), query: '' },
        { query: viewer },
      ])
        expect(await ask(asked)).toMatchObject(answered);
    });

    test('are known one operation by one', async () => {
      const text = await readFile(join(folder, 'cohort-page.graphql'), 'utf8');
      const operations = Object.entries(separateOperations(parse(text)));
      expect(operations.length).toBeGreaterThan(1);
      for (const [name, document] of operations) {
        const errors = await codeOf({ documentId: sha256(print(document)), operationName: name });
        // What it asks for needs variables; it was found, and read.
        expect(errors ?? []).not.toContain('DOCUMENT_UNTRUSTED');
      }
    });

    test('are refused by a hash that nobody knows', async () => {
      for (const asked of [
        persisted(sha256('unknown')),
        { documentId: 'nothing' },
        { documentId: '__proto__' },
      ])
        expect(await codeOf(asked)).toEqual(['DOCUMENT_UNTRUSTED']);
      // Nothing is learnt from a text that is sent with its hash.
      const other = '{ viewer { kind } }';
      const sent = { ...persisted(sha256(other)), query: other };
      expect(await codeOf(sent)).toEqual(trustedOnly ? ['DOCUMENT_UNTRUSTED'] : undefined);
      expect(await codeOf(persisted(sha256(other)))).toEqual(['DOCUMENT_UNTRUSTED']);
    });

    test('are refused where the text has another hash', async () => {
      for (const query of [`${viewer} `, '{ viewer { kind } }'])
        expect(await codeOf({ ...persisted(sha256(viewer)), query })).toEqual(['INPUT_INVALID']);
    });

    test('leave others as they are, or out', async () => {
      for (const query of ['{ viewer { kind } }', `${viewer} `, `${viewer}#`])
        expect(await codeOf({ query })).toEqual(trustedOnly ? ['DOCUMENT_UNTRUSTED'] : undefined);
      if (trustedOnly)
        for (const query of ['{ __schema { types { name } } }', '{', '{ a }'])
          expect(await codeOf({ query })).toEqual(['DOCUMENT_UNTRUSTED']);
    });
  });

  test('are known by GET', async () => {
    const get = async (parameters: Record<string, string>) => {
      const headers = { ...server.signedIn, 'apollo-require-preflight': '1' };
      const response = await fetch(`${server.url}/graphql?${new URLSearchParams(parameters)}`, { headers });
      return response.json();
    };
    const { extensions } = persisted(sha256(viewer));
    expect(await get({ extensions: JSON.stringify(extensions) })).toMatchObject({ data: { viewer: {} } });
    expect(await get({ documentId: sha256(viewer) })).toMatchObject({ data: { viewer: {} } });
    expect(await get({ documentId: sha256('unknown') })).toMatchObject({
      errors: [{ extensions: { code: 'DOCUMENT_UNTRUSTED' } }],
    });
    expect(await get({ query: '{ viewer { kind } }' })).toMatchObject(
      trustedOnly ? { errors: [{ extensions: { code: 'DOCUMENT_UNTRUSTED' } }] } : { data: { viewer: {} } },
    );
  });

  test('leave out what is no request', async () => {
    for (const body of [[{ query: viewer }], { query: [viewer] }, { documentId: 1 }, {}, 'text'])
      expect((await server.post(body as object)).body.data).toBeUndefined();
  });
});

describe('the settings', () => {
  test('want documents where there is nothing else', () => {
    expect(() => readConfig({ NOMOGRAPH_TRUSTED_ONLY: 'true' })).toThrow('NOMOGRAPH_TRUSTED_DOCUMENTS');
  });

  test('take manifests of Apollo and of GraphQL Code Generator', async () => {
    const text = '{ viewer { id } }';
    for (const content of [
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [{ id: sha256(text), body: text }],
      },
      { [sha256(text)]: text },
    ]) {
      const documents = await TrustedDocuments.read(await manifest(content), true);
      expect(documents.size).toBe(1);
      expect(documents.textOf(sha256(text), undefined)).toBe(text);
    }
  });

  test.each([
    ['a hash of something else', { [sha256('a')]: '{ b }' }],
    ['no text', { [sha256('a')]: 1 }],
    ['Apollo entries without a body', { operations: [{ id: sha256('a') }] }],
    ['null', null],
  ])('refuse a manifest with %s', async (_what, content) => {
    await expect(TrustedDocuments.read(await manifest(content), false)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });

  test('refuse what is not there', async () => {
    const nothing = join(directory, 'nothing');
    await expect(TrustedDocuments.read(nothing, false)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: { setting: 'NOMOGRAPH_TRUSTED_DOCUMENTS' },
    });
  });
});
