import { Agent, request } from 'node:http';
import { familySeconds, processorSeconds } from './processor.ts';
import type { BenchServer } from './servers.ts';

/** One request to a server, to be sent again and again. */
export interface Call {
  readonly server: BenchServer;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The database's first process. */
  readonly databasePid: number;
}

/** What one round of requests came to. */
export interface Round {
  readonly perSecond: number;
  /** Milliseconds of the processor a request, the server's and the database's; null where the system does not tell. */
  readonly processor: { readonly server: number; readonly database: number } | null;
}

/** Seconds of the processor so far; null where the system does not tell. */
function taken({ server, databasePid }: Call): { server: number; database: number } | null {
  const [own, database] = [processorSeconds(server.pid), familySeconds(databasePid)];
  return own === null || database === null ? null : { server: own, database };
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** The answer's body. Throws an Error unless the status is 200. */
export function send({ server, headers, body }: Call): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const answer = Buffer.concat(chunks);
        if (response.statusCode === 200) resolve(answer);
        else
          reject(
            new Error(
              `${server.name} answered ${response.statusCode}: ${answer.subarray(0, 500).toString()}`,
            ),
          );
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/**
 * Sends the call over several connections, on each as soon as the last answer is whole, for a number of seconds
 * and at least a number of answers.
 */
export async function drive(call: Call, connections: number, seconds: number, least = 0): Promise<Round> {
  const before = taken(call);
  const started = performance.now();
  const end = started + seconds * 1000;
  let answers = 0;
  const one = async () => {
    while (performance.now() < end || answers < least) {
      await send(call);
      answers++;
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  const elapsed = (performance.now() - started) / 1000;
  const after = taken(call);
  return {
    perSecond: answers / elapsed,
    processor:
      before && after
        ? {
            server: ((after.server - before.server) * 1000) / answers,
            database: ((after.database - before.database) * 1000) / answers,
          }
        : null,
  };
}
