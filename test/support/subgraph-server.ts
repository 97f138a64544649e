import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { GraphQLSchema } from 'graphql';

/** A graph of its own at an address of this machine. */
export interface SubgraphServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Serves a schema over HTTP by Apollo Server as it comes, with traces for gateways. */
export async function serveSubgraph(schema: GraphQLSchema): Promise<SubgraphServer> {
  const server = new ApolloServer({
    schema,
    plugins: [ApolloServerPluginInlineTrace()],
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  return { url, stop: () => server.stop() };
}
