import { expect, test } from 'vitest';
import { giveBack, takeBytes } from './buffer-pool.ts';

const mebibyte = 2 ** 20;

test('bytes are used again once they are given back, by who needs no much smaller ones', () => {
  const first = takeBytes(4 * mebibyte);
  expect(takeBytes(4 * mebibyte).buffer).not.toBe(first.buffer);
  giveBack(first);
  expect(takeBytes(mebibyte).buffer).not.toBe(first.buffer);
  expect(takeBytes(4 * mebibyte + 1).buffer).not.toBe(first.buffer);
  const second = takeBytes(3 * mebibyte + 1);
  expect(second.buffer).toBe(first.buffer);
  expect(second.length).toBe(3 * mebibyte + 1);
  expect(takeBytes(3 * mebibyte).buffer).not.toBe(first.buffer);
});

test('bytes that are given back twice, or come from elsewhere, or are few, are nobody’s', () => {
  const bytes = takeBytes(2 * mebibyte);
  giveBack(bytes);
  giveBack(bytes);
  const [one, other] = [takeBytes(2 * mebibyte), takeBytes(2 * mebibyte)];
  expect(one.buffer).not.toBe(other.buffer);
  const foreign = Buffer.alloc(2 * mebibyte);
  giveBack(foreign);
  expect(takeBytes(2 * mebibyte).buffer).not.toBe(foreign.buffer);
  const few = takeBytes(100);
  giveBack(few);
  expect(takeBytes(100).buffer).not.toBe(few.buffer);
});

test('no more is kept than some large matrices', () => {
  const taken = Array.from({ length: 10 }, () => takeBytes(16 * mebibyte));
  for (const bytes of taken) giveBack(bytes);
  const again = Array.from({ length: 10 }, () => takeBytes(16 * mebibyte).buffer);
  expect(taken.filter(({ buffer }) => again.includes(buffer)).length).toBe(4);
});
