import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import { type AuditResult, auditServer } from 'graphql-http';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApollo } from '../../src/api/apollo.ts';
import type { Context } from '../../src/api/context.ts';
import { createSchema } from '../../src/api/schema.ts';
import { TestServer } from '../support/server.ts';

// The outside suite of GraphQL over HTTP, https://github.com/graphql/graphql-http#servers-conformance-tests-audits.

function count(results: readonly AuditResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const shortfalls = (results: readonly AuditResult[]) =>
  results.flatMap((result) =>
    result.status === 'ok' ? [] : [`${result.status} ${result.id} ${result.name}: ${result.reason}`],
  );

describe('GraphQL over HTTP', () => {
  describe('without the protection against other sites, which the audit cannot pass', () => {
    let server: Server;
    beforeAll(async () => {
      const app = express();
      server = createServer(app);
      const apollo = createApollo({
        server,
        schema: await createSchema(),
        log: pino({ level: 'silent' }),
        csrfPrevention: false,
      });
      await apollo.start();
      // The audit asks for __typename alone: nothing of the platform is reached.
      app.use(
        '/graphql',
        express.json(),
        expressMiddleware(apollo, { context: async () => ({}) as Context }),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    it('passes 61 audits of 61', async () => {
      const { port } = server.address() as AddressInfo;
      const results = await auditServer({ url: `http://127.0.0.1:${port}/graphql` });
      expect(shortfalls(results)).toEqual([]);
      expect(count(results)).toEqual({ ok: 61 });
    });
  });

  describe('as it is served', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await TestServer.start();
    });
    afterAll(() => server.stop());

    it('passes all but what the protection against other sites refuses', async () => {
      const { url, token } = server.nomograph;
      const results = await auditServer({
        url: `${url}/graphql`,
        fetchFn: (address: string, init: RequestInit = {}) =>
          fetch(address, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }),
      });
      expect(count(results)).toEqual({ ok: 58, notice: 3 });
    });
  });
});
