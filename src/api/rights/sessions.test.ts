import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Authenticator } from './authenticator.ts';
import type { Principal } from './principal.ts';
import { Sessions } from './sessions.ts';

const gone = new Set<string>();
const asked: string[][] = [];
let failing = false;
const authenticator = {
  withdrawn: async (principals: readonly Principal[]) => {
    asked.push(principals.map(({ id }) => id));
    if (failing) throw new Error('the database is away');
    return principals.filter(({ id }) => gone.has(id));
  },
} as Authenticator;

let sessions: Sessions;
beforeEach(() => {
  vi.useFakeTimers();
  gone.clear();
  asked.length = 0;
  failing = false;
  sessions = new Sessions(authenticator, pino({ level: 'silent' }));
});
afterEach(() => {
  sessions.stop();
  vi.useRealTimers();
});

function principal(id: string, endsIn: number | null = null): Principal {
  const expiresAt = endsIn === null ? null : new Date(Date.now() + endsIn);
  const kind = id === 'development' ? 'DEVELOPMENT' : id.startsWith('key:') ? 'API_KEY' : 'TOKEN';
  return { id, kind, expiresAt, grants: [], storedGrants: [] };
}

test('a session ends within a second of the withdrawal of its rights, once, and no other does', async () => {
  const [end, other] = [vi.fn(), vi.fn()];
  sessions.watch(principal('key:a'), end);
  sessions.watch(principal('user:b'), other);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(end).not.toHaveBeenCalled();
  gone.add('key:a');
  await vi.advanceTimersByTimeAsync(999);
  expect(end).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(end).toHaveBeenCalledTimes(1);
  expect(other).not.toHaveBeenCalled();
});

test('a session ends at the end of its token, however far that is', async () => {
  const days = 24 * 3_600_000;
  const [soon, late] = [vi.fn(), vi.fn()];
  sessions.watch(principal('user:a', 1_500), soon);
  sessions.watch(principal('user:b', 60 * days), late);
  await vi.advanceTimersByTimeAsync(1_499);
  expect(soon).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(soon).toHaveBeenCalledTimes(1);
  sessions.watch(principal('key:admin', 30 * days), late)();
  expect(late).not.toHaveBeenCalled();
});

test('a token may end after more milliseconds than a timer counts', async () => {
  const end = vi.fn();
  // Nothing of the database's is watched beside it, so that no look wakes in between.
  sessions.watch(principal('development', 2 ** 31 + 5_000), end);
  await vi.advanceTimersByTimeAsync(2 ** 31 + 4_999);
  expect(end).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(end).toHaveBeenCalledTimes(1);
});

test('looks only while there is something to look at, and goes on after a failure', async () => {
  const end = vi.fn();
  sessions.watch(principal('development'), end);
  sessions.watch(principal('key:admin'), end);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toEqual([]);
  const leave = sessions.watch(principal('user:a'), end);
  failing = true;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked.length).toBeGreaterThan(1);
  failing = false;
  gone.add('user:a');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(end).toHaveBeenCalledTimes(1);
  leave();
  asked.length = 0;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toEqual([]);
});
