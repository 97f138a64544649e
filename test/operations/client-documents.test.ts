import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as client from '../../src/client/index.ts';
import {
  followJob,
  NomographError,
  request,
  type TypedDocument,
  ViewerDocument,
} from '../../src/client/index.ts';
import { TestServer } from '../support/server.ts';

const manifest = resolve(import.meta.dirname, '../../schema/trusted-documents.json');

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start({ trustedDocuments: manifest, trustedOnly: true });
});
afterAll(() => server.stop());

test('a server that trusts these alone serves the client, and refuses what else it is asked', async () => {
  const connection = { url: server.url, token: server.token };
  const { viewer } = await request(connection, ViewerDocument);
  expect(viewer.id).toBe('development');
  const missing = { jobId: '01900000-0000-7000-8000-000000000000' };
  const own = '{ viewer { id kind } }' as unknown as TypedDocument<object, Record<string, never>>;
  await expect(request(connection, own)).rejects.toMatchObject({ code: 'DOCUMENT_UNTRUSTED' });
  for (const transport of ['WEB_SOCKET', 'EVENT_STREAM'] as const) {
    const first = followJob(connection, client.WatchJobDocument, missing, { transport }).next();
    const error = await first.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NomographError);
    expect(error).toMatchObject({ code: 'NOT_FOUND' });
  }
});
