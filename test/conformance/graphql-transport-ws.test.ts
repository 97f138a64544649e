import { once } from 'node:events';
import { get } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawSocket } from '../support/raw-socket.ts';
import { TestServer } from '../support/server.ts';

// The protocol as https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md has it, one test a rule.

let server: TestServer;
/** Says nothing, from the beginning: its time is over while the other tests run. */
let silent: RawSocket;

beforeAll(async () => {
  server = await TestServer.start();
  silent = await RawSocket.open(address());
});
afterAll(() => server.stop());

const address = () => server.nomograph.url as string;
const signedIn = () => RawSocket.signedIn({ url: address(), token: server.nomograph.token });
const initialise = () => ({
  type: 'connection_init',
  payload: { authorization: `Bearer ${server.nomograph.token}` },
});
const ready = '{ __typename }';

describe('graphql-transport-ws', () => {
  it('acknowledges an initialisation, once', async () => {
    const socket = await RawSocket.open(address());
    socket.send(initialise());
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
    socket.terminate();
  });

  it.each([
    ['text that is no JSON', 'hello'],
    ['a message without a type', '{}'],
    ['an unknown type', '{"type":"start"}'],
    ['a subscription without an id', '{"type":"subscribe","payload":{"query":"{ __typename }"}}'],
    ['a subscription without a document', '{"type":"subscribe","id":"1","payload":{}}'],
  ])('closes with 4400 on %s', async (_, message) => {
    const socket = await signedIn();
    socket.send(message);
    expect(await socket.closed).toMatchObject({ code: 4400 });
  });

  it('closes with 4401 on an operation before the acknowledgement', async () => {
    const socket = await RawSocket.open(address());
    socket.subscribe('1', ready);
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });

  it('closes with 4403 where the connection may not be', async () => {
    const socket = await RawSocket.open(address());
    socket.send({ type: 'connection_init', payload: { authorization: 'Bearer none' } });
    expect(await socket.closed).toMatchObject({ code: 4403 });
  });

  it.each([['graphql-ws'], ['soap'], [undefined]])(
    'closes with 4406 on the subprotocol %s',
    async (protocol) => {
      const request = get(`${address()}/graphql`, {
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
          ...(protocol && { 'sec-websocket-protocol': protocol }),
        },
      });
      const [, socket, head] = (await once(request, 'upgrade')) as [unknown, Socket, Buffer];
      const frame = head.length > 0 ? head : ((await once(socket, 'data')) as [Buffer])[0];
      // A close frame: 0x88, the length, then the code.
      expect([frame[0], frame.readUInt16BE(2)]).toEqual([0x88, 4406]);
      socket.destroy();
    },
  );

  it('closes with 4409 on an id that is in use, and takes it again when it is not', async () => {
    const { jobId } = await waitingJob();
    const socket = await signedIn();
    socket.subscribe('1', ready);
    await socket.next();
    expect(await socket.next()).toEqual({ type: 'complete', id: '1' });
    socket.subscribe('1', follow, { jobId });
    socket.subscribe('1', ready);
    expect(await socket.closed).toMatchObject({ code: 4409 });
  });

  it('closes with 4429 on a second initialisation', async () => {
    const socket = await signedIn();
    socket.send(initialise());
    expect(await socket.closed).toMatchObject({ code: 4429 });
  });

  it('answers a ping with its payload, and lets a pong pass', async () => {
    const socket = await signedIn();
    socket.send({ type: 'ping', payload: { a: 1 } });
    expect(await socket.next()).toEqual({ type: 'pong', payload: { a: 1 } });
    socket.send({ type: 'pong' });
    socket.subscribe('1', ready);
    expect(await socket.next()).toMatchObject({ type: 'next', id: '1' });
    socket.terminate();
  });

  it('answers a query by one result and an end, an invalid one by an error and no end', async () => {
    const socket = await signedIn();
    socket.subscribe('1', ready);
    expect(await socket.next()).toEqual({
      type: 'next',
      id: '1',
      payload: { data: { __typename: 'Query' } },
    });
    expect(await socket.next()).toEqual({ type: 'complete', id: '1' });
    socket.subscribe('2', '{ nothing }');
    expect(await socket.next()).toMatchObject({ type: 'error', id: '2' });
    socket.subscribe('3', ready);
    expect(await socket.next()).toMatchObject({ type: 'next', id: '3' });
    socket.terminate();
  });

  it('lets go of a subscription that the client completes', async () => {
    const { jobId } = await waitingJob();
    const { events } = server.nomograph.platform;
    const before = events.followerCount;
    const socket = await signedIn();
    socket.subscribe('1', follow, { jobId });
    await expect.poll(() => events.followerCount).toBe(before + 1);
    socket.send({ type: 'complete', id: '1' });
    await expect.poll(() => events.followerCount).toBe(before);
    socket.terminate();
  });

  it('lets go of every subscription of a connection that breaks', async () => {
    const { jobId } = await waitingJob();
    const { events } = server.nomograph.platform;
    const before = events.followerCount;
    const socket = await signedIn();
    for (const id of ['1', '2', '3']) socket.subscribe(id, follow, { jobId });
    await expect.poll(() => events.followerCount).toBe(before + 3);
    socket.terminate();
    await expect.poll(() => events.followerCount).toBe(before);
  });

  it('closes with 4408 who does not initialise in time', async () => {
    expect(await silent.closed).toMatchObject({ code: 4408 });
  }, 20_000);
});

const follow = 'subscription ($jobId: ID!) { jobEvents(jobId: $jobId) { sequence } }';

/** A job in the log that nobody works on, and which therefore never ends. */
async function waitingJob(): Promise<{ jobId: string }> {
  const { platform } = server.nomograph;
  const key = `waiting-${Math.random()}`;
  const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
    'mutation ($input: CreateCohortInput!) { createCohort(input: $input) { id } }',
    { input: { key, name: key } },
  );
  const [{ id }]: { id: string }[] = await platform.dataSource.query(
    `insert into job (id, kind, cohort_id, specification, content_key)
     values (gen_random_uuid(), 'COX_FIT', $1, '{}', repeat('0', 32) || md5($2)) returning id`,
    [createCohort.id, key],
  );
  return { jobId: id };
}
