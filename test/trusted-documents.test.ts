import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import * as client from '../src/client/index.ts';

const manifest = resolve(import.meta.dirname, '../schema/trusted-documents.json');

test('schema/trusted-documents.json has the operations of the client by their hashes; `npm run client` writes it', async () => {
  const texts = Object.values(client)
    .filter((value) => value instanceof client.TypedDocumentString)
    .map(String)
    .filter((text) => !/^\s*fragment /.test(text));
  expect(texts.length).toBeGreaterThan(20);
  const entries = texts.map((text) => [createHash('sha256').update(text).digest('hex'), text] as const);
  const sorted = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  await expect(`${JSON.stringify(sorted, null, 2)}\n`).toMatchFileSnapshot(manifest);
});
