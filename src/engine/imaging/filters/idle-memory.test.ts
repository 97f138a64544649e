import { expect, it } from 'vitest';
import { growTo, IdleMemory } from './idle-memory.ts';

const create = () => ({ memory: new WebAssembly.Memory({ initial: 0 }) });

it('hands on what is idle, to one at a time', () => {
  const memories = new IdleMemory(create);
  const first = memories.take(10);
  expect(memories.take(10)).not.toBe(first);
  memories.give(first);
  expect(memories.take(10)).toBe(first);
  expect(memories.take(10)).not.toBe(first);
});

it('lets go of memory far larger than needed', () => {
  const memories = new IdleMemory(create);
  const large = memories.take(0);
  growTo(large.memory, 2 ** 25);
  memories.give(large);
  expect(memories.take(2 ** 24)).toBe(large);
  memories.give(large);
  expect(memories.take(1000)).not.toBe(large);
});

it('grows memory by what is missing, and refuses what there is not', () => {
  const { memory } = create();
  expect(growTo(memory, 100)).toBe(true);
  expect(memory.buffer.byteLength).toBe(2 ** 16);
  expect(growTo(memory, 2 ** 16)).toBe(false);
  expect(() => growTo(memory, 2 ** 32 + 1)).toThrow(
    expect.objectContaining({ code: 'IMAGE_TOO_LARGE', details: { mebibytes: 4097, limit: 4096 } }),
  );
  expect(() => growTo(new WebAssembly.Memory({ initial: 0, maximum: 1 }), 2 ** 17)).toThrow(
    expect.objectContaining({ code: 'IMAGE_TOO_LARGE' }),
  );
});
