import { describe, expect, test } from 'vitest';
import { CopyReader } from './copy-rows.ts';

const header = (flags = 0, extension = 0) => {
  const bytes = Buffer.alloc(19 + extension);
  bytes.write('PGCOPY\n\xff\r\n\0', 'latin1');
  bytes.writeUInt32BE(flags, 11);
  bytes.writeInt32BE(extension, 15);
  return bytes;
};
const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const field = (value: string | null, length = value === null ? -1 : value.length) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(length);
  return Buffer.concat([bytes, Buffer.from(value ?? '')]);
};
const row = (...values: (string | null)[]) =>
  Buffer.concat([int16(values.length), ...values.map((value) => field(value))]);
const trailer = int16(-1);

function read(...messages: Buffer[]): { rows: (string | null)[][]; isComplete: boolean } {
  const rows: (string | null)[][] = [];
  const reader = new CopyReader((fields) => rows.push(fields.map((each) => each?.toString() ?? null)));
  for (const message of messages) reader.read(message);
  return { rows, isComplete: reader.isComplete };
}

test('rows come out field by field, absent and empty ones apart', () => {
  const rows = [
    ['a', null, ''],
    ['\0b', 'c', null],
  ];
  const [first, second] = rows.map((each) => row(...each));
  const expected = { rows, isComplete: true };
  expect(read(Buffer.concat([header(), first]), second, trailer)).toEqual(expected);
  expect(read(Buffer.concat([header(0, 7), first, second, trailer]))).toEqual(expected);
  expect(read(header(), first, second)).toEqual({ rows, isComplete: false });
  expect(read(header(), trailer)).toEqual({ rows: [], isComplete: true });
});

describe('what is no copy is refused:', () => {
  test.each([
    ['another signature', [Buffer.alloc(19, 'x')]],
    ['a header that is cut', [header().subarray(0, 18)]],
    ['an unknown flag', [header(1)]],
    ['an extension longer than the message', [header(0, 3).subarray(0, 20)]],
    ['an extension of negative length', [header(0).fill(0xff, 15)]],
    ['half of a count', [header(), Buffer.alloc(1)]],
    ['a negative count', [header(), int16(-2)]],
    ['fewer fields than counted', [header(), Buffer.concat([int16(2), field('a')])]],
    ['a field longer than the message', [header(), Buffer.concat([int16(1), field('abc', 4)])]],
    ['a field of another negative length', [header(), Buffer.concat([int16(1), field('', -2)])]],
    ['a huge field', [header(), Buffer.concat([int16(1), field('a', 2 ** 31 - 1)])]],
    ['something after the end', [header(), trailer, row('a')]],
  ])('%s', (_name, messages) => {
    expect(() => read(...messages)).toThrow('a binary copy');
  });
});
