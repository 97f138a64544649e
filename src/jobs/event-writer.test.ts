import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { EventWriter } from './event-writer.ts';
import type { JobEventBody } from './job-event.ts';
import type { JobRun } from './job-run.ts';

const event = (place: number): JobEventBody => ({ type: 'JobQueued', place });

/** A log whose writes end when they are let. */
function slowLog() {
  const batches: number[][] = [];
  const waiting: PromiseWithResolvers<void>[] = [];
  const emit: JobRun['emit'] = (events) => {
    batches.push(events.map((body) => (body as { place: number }).place));
    const written = Promise.withResolvers<void>();
    waiting.push(written);
    return written.promise;
  };
  return { batches, waiting, writer: new EventWriter({ emit } as JobRun) };
}

test('writes at once what comes alone, and together what comes meanwhile', async () => {
  const { batches, waiting, writer } = slowLog();
  writer.add(event(1));
  writer.add(event(2), event(3));
  writer.add(event(4));
  expect(batches).toEqual([[1]]);
  let flushed = false;
  const flush = writer.flush().then(() => {
    flushed = true;
  });
  waiting[0].resolve();
  await setImmediate();
  expect([batches, flushed]).toEqual([[[1], [2, 3, 4]], false]);
  waiting[1].resolve();
  await flush;
  writer.add();
  writer.add(event(5));
  expect(batches.at(-1)).toEqual([5]);
  waiting[2].resolve();
  await writer.flush();
});

test('bounds what goes together', async () => {
  const { batches, waiting, writer } = slowLog();
  writer.add(...Array.from({ length: 1200 }, (_, place) => event(place)));
  for (let written = 0; written < 3; written++) {
    waiting[written].resolve();
    await setImmediate();
  }
  await writer.flush();
  expect(batches.map(({ length }) => length)).toEqual([500, 500, 200]);
  expect(batches.flat()).toEqual(Array.from({ length: 1200 }, (_, place) => place));
});

test('a failure is heard of in flush, and nothing is written after it', async () => {
  const { batches, waiting, writer } = slowLog();
  writer.add(event(1));
  writer.add(event(2));
  waiting[0].reject(new Error('away'));
  await setImmediate();
  writer.add(event(3));
  await expect(writer.flush()).rejects.toThrow('away');
  expect(batches).toEqual([[1]]);
});
