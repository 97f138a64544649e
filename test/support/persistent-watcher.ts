import { setTimeout } from 'node:timers/promises';
import type { Random } from '../../src/engine/statistics/random.ts';
import { subscription, type ToldEvent } from './job-events.ts';
import { RawSocket } from './raw-socket.ts';
import type { GraphBody } from './server.ts';

/** Where the program is at the moment; it may move to another port. */
interface Address {
  readonly url: string;
  readonly token: string;
}

/** What a watcher saw, and how often its connection broke. */
export interface Watched {
  readonly events: readonly ToldEvent[];
  readonly breaks: number;
}

/**
 * Watches a job to its end over connections that break: `cuts` of them by itself, at random moments, without a word and with
 * messages under way; others because the program goes away. Each time it resumes after the last event that it has taken in.
 */
export async function watchToTheEnd(
  address: () => Address,
  jobId: string,
  random: Random,
  cuts: number,
): Promise<Watched> {
  const events: ToldEvent[] = [];
  let breaks = 0;
  for (let ended = false; !ended; ) {
    const socket = await connect(address);
    socket.subscribe('1', await subscription(), { jobId, after: events.at(-1)?.sequence ?? 0 });
    // A connection lives until it has brought a few events, or for a while, whichever comes first.
    const doomed = breaks < cuts;
    let patience = doomed ? Math.floor(3 * random.uniform()) : Number.POSITIVE_INFINITY;
    const fuse = new AbortController();
    if (doomed)
      setTimeout(120 * random.uniform(), undefined, { signal: fuse.signal }).then(
        () => socket.terminate(),
        () => {},
      );
    for (;;) {
      if (patience-- === 0) socket.terminate();
      const message = await socket.next();
      if (message?.type === 'next') {
        const { data, errors } = message.payload as GraphBody;
        if (errors) throw new Error(JSON.stringify(errors));
        events.push(data?.jobEvents as ToldEvent);
      } else {
        ended = message?.type === 'complete';
        if (message?.type === 'error') throw new Error(JSON.stringify(message.payload));
        break;
      }
    }
    fuse.abort();
    socket.terminate();
    if (!ended) breaks++;
  }
  return { events, breaks };
}

async function connect(address: () => Address): Promise<RawSocket> {
  for (;;) {
    try {
      return await RawSocket.signedIn(address());
    } catch {
      await setTimeout(50);
    }
  }
}
