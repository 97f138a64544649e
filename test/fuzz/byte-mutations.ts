import type { Random } from '../../src/engine/statistics/random.ts';

/** A changed file, and in words what was changed. */
export interface Mutated {
  readonly bytes: Uint8Array;
  readonly what: string;
}

export type Mutation = (bytes: Uint8Array, draw: Random, donor: Uint8Array) => Mutated;

export const pick = <T>(draw: Random, from: readonly T[]): T => from[draw.integer(from.length)];

/** Mostly one at a time, as of several the first one that is refused hides the others. */
export const changes: readonly number[] = [1, 1, 1, 2, 3];

/** A place in the file: as often in its first 600 bytes, where headers are, as anywhere. */
function place(draw: Random, length: number): number {
  return length === 0 ? 0 : draw.integer(draw.integer(2) === 0 ? Math.min(length, 600) : length);
}

/** What is done to any file, whatever its format. */
export const byteMutations: Readonly<Record<string, Mutation>> = {
  'bit flips': (bytes, draw) => {
    const copy = Uint8Array.from(bytes);
    const places = Array.from({ length: 1 + draw.integer(8) }, () => place(draw, copy.length));
    for (const at of places) copy[at] ^= 1 << draw.integer(8);
    return { bytes: copy, what: `a bit at each of ${places.join(', ')}` };
  },
  'bytes overwritten': (bytes, draw) => {
    const copy = Uint8Array.from(bytes);
    const at = place(draw, copy.length);
    const end = Math.min(copy.length, at + 1 + draw.integer(16));
    const value = pick(draw, [0, 0x7f, 0x80, 0xff, null]);
    for (let n = at; n < end; n++) copy[n] = value ?? draw.integer(256);
    return { bytes: copy, what: `bytes ${at} to ${end} become ${value ?? 'random'}` };
  },
  'digit of a text': (bytes, draw) => {
    const copy = Uint8Array.from(bytes);
    const isText = (byte: number) => byte > 0x1f && byte < 0x7f;
    const isDigit = (_: number, n: number) => copy[n] > 0x2f && copy[n] < 0x3a && isText(copy[n - 1]);
    const digits = [...copy.keys()].filter(isDigit);
    if (digits.length === 0) return { bytes: copy, what: 'nothing, as there is no digit' };
    const at = pick(draw, digits);
    copy[at] = pick(
      draw,
      [...'0123456789-.e'].map((letter) => letter.charCodeAt(0)),
    );
    return { bytes: copy, what: `the digit at ${at} becomes ${String.fromCharCode(copy[at])}` };
  },
  truncation: (bytes, draw) => {
    const end =
      draw.integer(3) === 0 ? Math.max(0, bytes.length - 1 - draw.integer(8)) : place(draw, bytes.length);
    return { bytes: bytes.slice(0, end), what: `cut after ${end} of ${bytes.length} bytes` };
  },
  growth: (bytes, draw) => {
    const more = Uint8Array.from({ length: pick(draw, [1, 2, 8, 100, 10_000]) }, () => draw.integer(256));
    return { bytes: Buffer.concat([bytes, more]), what: `${more.length} bytes appended` };
  },
  'block left out': (bytes, draw) => {
    const at = place(draw, bytes.length);
    const length = 1 + draw.integer(pick(draw, [4, 64, 1024]));
    return {
      bytes: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
      what: `${length} bytes at ${at} left out`,
    };
  },
  splice: (bytes, draw, donor) => {
    const from = pick(draw, [bytes, donor]);
    const start = place(draw, from.length);
    const block = from.subarray(start, start + 1 + draw.integer(pick(draw, [8, 64, 1024])));
    const at = place(draw, bytes.length);
    const inserted = draw.integer(2) === 0;
    return {
      bytes: Buffer.concat([bytes.subarray(0, at), block, bytes.subarray(inserted ? at : at + block.length)]),
      what: `${block.length} bytes of ${from === bytes ? 'its own' : 'another file'} from ${start} ${inserted ? 'inserted' : 'laid'} at ${at}`,
    };
  },
};
