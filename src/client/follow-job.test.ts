import { afterEach, describe, expect, test } from 'vitest';
import { type Script, serveScript } from '../../test/support/scripted-streams.ts';
import type { TypedDocument } from './connection.ts';
import { type FollowedEvent, type FollowOptions, followJob } from './follow-job.ts';
import { NomographError } from './nomograph-error.ts';

const document = 'subscription { … }' as unknown as TypedDocument<
  { readonly jobEvents: FollowedEvent & { readonly note: string } },
  { jobId: string; after?: number | null }
>;
const whole: Script = (stream, after) => {
  for (let sequence = after + 1; sequence <= 5; sequence++)
    stream.event(sequence, sequence === 5 ? 'StudyCompleted' : 'JobProgress');
  stream.complete();
};
/** Tells two events more and then does something else. */
const twoMoreAnd =
  (then: (stream: Parameters<Script>[0]) => void): Script =>
  (stream, after) => {
    stream.event(after + 1);
    stream.event(after + 2);
    setTimeout(() => then(stream), 20);
  };

let stop = () => {};
afterEach(() => stop());

async function follow(
  scripts: readonly Script[],
  { token, webSocket, ...options }: FollowOptions & { token?: () => string; webSocket?: unknown },
) {
  const server = await serveScript(scripts);
  stop = server.stop;
  const seen: number[] = [];
  const retried: NomographError[] = [];
  const settled = (async () => {
    const connection = { url: `${server.url}/`, token, webSocket };
    const onRetry = (error: NomographError) => retried.push(error);
    for await (const { sequence, note } of followJob(
      connection,
      document,
      { jobId: 'j' },
      { onRetry, ...options },
    )) {
      expect(note).toBe('größer, 肝');
      seen.push(sequence);
    }
  })();
  const error = await settled.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { seen, retried, error, asked: server.asked };
}

describe.each(['WEB_SOCKET', 'EVENT_STREAM'] as const)('over a %s', (transport) => {
  test('gives every event and ends with the log', async () => {
    expect(await follow([whole], { transport })).toMatchObject({
      seen: [1, 2, 3, 4, 5],
      retried: [],
      error: undefined,
      asked: [0],
    });
  });

  test('resumes after the last event that it gave', async () => {
    const cut = twoMoreAnd((stream) => stream.cut());
    expect(await follow([cut, cut, whole], { transport })).toMatchObject({
      seen: [1, 2, 3, 4, 5],
      retried: { length: 2 },
      error: undefined,
      asked: [0, 2, 4],
    });
  });

  test('gives no event twice, whatever the server tells again', async () => {
    const again: Script = (stream) => whole(stream, 0, undefined);
    const cut = twoMoreAnd((stream) => stream.cut());
    expect((await follow([cut, again], { transport })).seen).toEqual([1, 2, 3, 4, 5]);
  });

  test('does not ask again once it has the final event', async () => {
    const unfinished: Script = (stream) => {
      stream.event(1);
      stream.event(2, 'JobFailed');
      setTimeout(() => stream.cut(), 20);
    };
    expect(await follow([unfinished], { transport })).toMatchObject({
      seen: [1, 2],
      error: undefined,
      asked: [0],
    });
  });

  test('takes a connection that has gone silent for broken', async () => {
    const silent = twoMoreAnd(() => {});
    // The scripted server answers no ping, as little as a cable that was pulled.
    expect(await follow([silent, whole], { transport, silence: 200 })).toMatchObject({
      seen: [1, 2, 3, 4, 5],
      asked: [0, 2],
    });
  });

  test('does not take a slow reader for a silent connection', async () => {
    const server = await serveScript([whole]);
    stop = server.stop;
    let events = 0;
    const options = { transport, silence: 100 } as const;
    for await (const _event of followJob(server, document, { jobId: 'j' }, options)) {
      events++;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    expect([events, server.asked]).toEqual([5, [0]]);
  });

  test.each(['INTERNAL', 'SERVICE_UNAVAILABLE'])('goes on after %s, which passes', async (code) => {
    const { seen, retried } = await follow([twoMoreAnd((stream) => stream.errors(code)), whole], {
      transport,
    });
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(retried).toMatchObject([{ code, details: { why: 'test' } }]);
  });

  test.each(['NOT_FOUND', 'INPUT_INVALID', 'FORBIDDEN'])('throws %s', async (code) => {
    const { seen, error, asked } = await follow([(stream) => stream.errors(code)], { transport });
    expect(error).toBeInstanceOf(NomographError);
    expect(error).toMatchObject({ code, details: { why: 'test' }, message: `refused with ${code}` });
    expect([seen, asked]).toEqual([[], [0]]);
  });

  test('waits for as long as the server asks where there were too many requests', async () => {
    const tooMany = twoMoreAnd((stream) =>
      stream.errors('LIMIT_EXCEEDED', { limit: 'requestsPerMinute', retryAfterSeconds: 0.3 }),
    );
    const pauses: number[] = [];
    const onRetry = (_error: unknown, pause: number) => pauses.push(pause);
    expect((await follow([tooMany, whole], { transport, onRetry })).seen).toEqual([1, 2, 3, 4, 5]);
    expect(pauses).toEqual([300]);
    const tooLarge: Script = (stream) => stream.errors('LIMIT_EXCEEDED', { limit: 'depth' });
    expect((await follow([tooLarge], { transport })).error).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  test('ends at once when its signal is aborted, between events and in a pause', async () => {
    const between = new AbortController();
    const open = twoMoreAnd(() => between.abort(new Error('enough')));
    expect(await follow([open], { transport, signal: between.signal })).toMatchObject({
      seen: [1, 2],
      error: { message: 'enough' },
    });
    const pausing = new AbortController();
    const cut = twoMoreAnd((stream) => stream.cut());
    const { error } = await follow([cut], {
      transport,
      signal: pausing.signal,
      onRetry: () => pausing.abort(),
    });
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(await follow([whole], { transport, signal: AbortSignal.abort() })).toMatchObject({
      error: { name: 'AbortError' },
      asked: [],
    });
  });

  test('asks for the token before each connection', async () => {
    const tokens = ['first', 'second'];
    const given: (string | undefined)[] = [];
    const cut = twoMoreAnd((stream) => stream.cut());
    const noting =
      (script: Script): Script =>
      (stream, after, authorization) => {
        given.push(authorization);
        script(stream, after, authorization);
      };
    await follow([noting(cut), noting(whole)], { transport, token: () => tokens.shift() as string });
    expect(given).toEqual(['Bearer first', 'Bearer second']);
  });
});

describe('a WebSocket that is closed', () => {
  test.each([1000, 1001, 1011, 1012, 1013, 4408, 4500])('with %i is opened again', async (code) => {
    const { seen, error } = await follow([twoMoreAnd((stream) => stream.close(code)), whole], {
      transport: 'WEB_SOCKET',
    });
    expect([seen, error]).toEqual([[1, 2, 3, 4, 5], undefined]);
  });

  test.each([1009, 4400, 4401, 4406, 4409, 4429])('with %i is not', async (closeCode) => {
    const { error, asked } = await follow([twoMoreAnd((stream) => stream.close(closeCode)), whole], {});
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED', details: { closeCode } });
    expect(asked).toEqual([0]);
  });

  test('with 4403 is opened again with another token, and not with the same', async () => {
    const refused = twoMoreAnd((stream) => stream.close(4403));
    const tokens = ['ended', 'renewed', 'renewed'];
    const { seen } = await follow([refused, whole], { token: () => tokens.shift() as string });
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    const { error, asked } = await follow([refused, whole], { token: () => 'ended' });
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', details: { closeCode: 4403 } });
    expect(asked).toEqual([0]);
  });
});

describe('an event stream that is refused', () => {
  test.each([429, 502, 503])('with %i is asked for again', async (status) => {
    const { seen } = await follow([(stream) => stream.close(status), whole], { transport: 'EVENT_STREAM' });
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  test('with 404 is not', async () => {
    const { error } = await follow([(stream) => stream.close(404)], { transport: 'EVENT_STREAM' });
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED', details: { status: 404 } });
  });
});

test('where no WebSocket can be opened, the events come as an event stream', async () => {
  class Blocked extends WebSocket {
    constructor(_url: string, protocol: string) {
      super('ws://127.0.0.1:1/', protocol);
    }
  }
  const { seen, retried } = await follow([whole], { webSocket: Blocked });
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  expect(retried).toMatchObject([{ code: 'CONNECTION_FAILED' }]);
});
