import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import type { GraphQLSchema } from 'graphql';
import { pino } from 'pino';
import { createApollo } from '../../src/api/apollo.ts';
import type { Context } from '../../src/api/context.ts';

/** A graph of its own at an address of this machine. */
export interface SubgraphServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Serves a schema over HTTP as the graph itself is served, but for the sign-in. */
export async function serveSubgraph(schema: GraphQLSchema): Promise<SubgraphServer> {
  const app = express();
  const server = createServer(app);
  const apollo = createApollo({ server, schema, log: pino({ level: 'silent' }), csrfPrevention: true });
  await apollo.start();
  app.use('/graphql', express.json(), expressMiddleware(apollo, { context: async () => ({}) as Context }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    stop: async () => {
      server.closeAllConnections();
      await apollo.stop();
    },
  };
}
