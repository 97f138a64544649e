import { type Connection, type TypedDocument, tokenOf } from './connection.ts';
import { openEventStream } from './event-stream.ts';
import { errorOf, NomographError } from './nomograph-error.ts';
import type { OpenStream } from './stream.ts';
import { openWebSocket } from './web-socket.ts';

/** What every event has that can be followed: a document must ask for both. */
export interface FollowedEvent {
  readonly __typename: string;
  readonly sequence: number;
}

export interface FollowOptions {
  /** Ends following; the loop then throws its reason. */
  readonly signal?: AbortSignal | undefined;
  /** `AUTO`, where nothing else is asked for: a WebSocket, and Server-Sent Events where none can be opened. */
  readonly transport?: 'AUTO' | 'WEB_SOCKET' | 'EVENT_STREAM';
  /** Milliseconds without a sign of life after which a connection counts as broken: 30,000 where absent. */
  readonly silence?: number;
  /** Called before each pause after a connection that broke: why, and for how many milliseconds. */
  readonly onRetry?: (error: NomographError, pause: number) => void;
}

const finalEvents = [
  'ExtractionCompleted',
  'CoxFitCompleted',
  'StudyCompleted',
  'CohortErased',
  'JobFailed',
  'JobCancelled',
];

/**
 * The events of a job above `after`, each once and in order, to the last one: past ones first, then those to come. However often
 * the connection breaks, it resumes after the last event that it gave, with a growing pause, as docs/PROTOCOL.md says.
 * Throws a `NomographError` where the server refuses, and the reason of `signal` once that is aborted. To leave the loop ends the
 * connection and not the job. A job that failed is no error here: `JobFailed` is its last event.
 */
export async function* followJob<TEvent extends FollowedEvent>(
  connection: Connection,
  document: TypedDocument<{ readonly jobEvents: TEvent }, { jobId: string; after: number }>,
  { jobId, after = 0 }: { readonly jobId: string; readonly after?: number },
  { signal, transport = 'AUTO', silence = 30_000, onRetry }: FollowOptions = {},
): AsyncGenerator<TEvent, void, void> {
  let open: OpenStream = transport === 'EVENT_STREAM' ? openEventStream : openWebSocket;
  let last = after;
  let ended = false;
  let failures = 0;
  for (;;) {
    signal?.throwIfAborted();
    const token = await tokenOf(connection);
    let connected = false;
    const results = open({
      connection: { ...connection, token },
      query: String(document),
      variables: { jobId, after: last },
      signal,
      silence,
      onConnected: () => {
        connected = true;
      },
    });
    try {
      for (;;) {
        const event = await next<TEvent>(results, signal);
        if (!event) return;
        // graphql-ws subscribes anew, as at first, where a proxy closes a socket as if all were well.
        if (event.sequence <= last) continue;
        last = event.sequence;
        ended = finalEvents.includes(event.__typename);
        failures = 0;
        yield event;
      }
    } catch (error) {
      if (ended) return;
      if (!(error instanceof NomographError) || !(await mayPass(error, connection, token))) throw error;
      if (transport === 'AUTO' && !connected) open = open === openWebSocket ? openEventStream : openWebSocket;
      const growing = Math.min(250 * 2 ** failures++, 10_000) * (0.5 + Math.random() / 2);
      const pause = Math.max(growing, error.retryAfter);
      onRetry?.(error, pause);
      await sleep(pause, signal);
    } finally {
      await results.return();
    }
  }
}

/** The next event of a connection; undefined at the end of the log. */
async function next<TEvent>(
  results: ReturnType<OpenStream>,
  signal: AbortSignal | undefined,
): Promise<TEvent | undefined> {
  try {
    const step = await results.next();
    if (step.done) return undefined;
    const { data, errors } = step.value;
    if (errors) throw errorOf(errors, data);
    return (data as { jobEvents: TEvent }).jobEvents;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** Whether the same may succeed later, or now with another token: one that has ended while its successor is there. */
async function mayPass(
  error: NomographError,
  connection: Connection,
  refused: string | undefined,
): Promise<boolean> {
  if (error.code === 'UNAUTHENTICATED') return (await tokenOf(connection)) !== refused;
  return error.isPassing;
}

function sleep(pause: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, pause);
    signal?.addEventListener('abort', wake);
    if (signal?.aborted) wake();
  });
}
