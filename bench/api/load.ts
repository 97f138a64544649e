import { Agent, globalAgent, request } from 'node:http';
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

/** Has `take` get the pieces of the answer's body. Throws an Error unless the status is 200. */
function receive(
  { server, headers, body }: Call,
  agent: Agent,
  take: (piece: Buffer) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url, { method: 'POST', agent, headers }, (response) => {
      const { statusCode } = response;
      const refusal: Buffer[] = [];
      response.on('data', statusCode === 200 ? take : (piece: Buffer) => refusal.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const words = Buffer.concat(refusal).subarray(0, 500).toString();
        if (statusCode === 200) resolve();
        else reject(new Error(`${server.name} answered ${statusCode}: ${words}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The answer's body. */
export async function send(call: Call): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await receive(call, globalAgent, (piece) => pieces.push(piece));
  return Buffer.concat(pieces);
}

/**
 * Sends the call over several connections, on each as soon as the last answer is whole, for a number of seconds
 * and at least a number of answers.
 */
export async function drive(call: Call, connections: number, seconds: number, least = 0): Promise<Round> {
  // Connections of its own: a server may close those that were idle while others had their turn.
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const before = taken(call);
  const started = performance.now();
  const end = started + seconds * 1000;
  let answers = 0;
  const one = async () => {
    while (performance.now() < end || answers < least) {
      await receive(call, agent, () => {});
      answers++;
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  const elapsed = (performance.now() - started) / 1000;
  const after = taken(call);
  agent.destroy();
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
