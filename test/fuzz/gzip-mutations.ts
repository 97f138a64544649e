import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import type { Mutation } from './byte-mutations.ts';
import { pick } from './byte-mutations.ts';

/** What is done to a gzip stream. */
export const gzipMutations: Readonly<Record<string, Mutation>> = {
  'gzip header': (bytes, draw) => {
    const copy = Uint8Array.from(bytes);
    const at = draw.integer(10);
    copy[at] = pick(draw, [0, 1, 2, 4, 8, 16, 31, 255]);
    return { bytes: copy, what: `byte ${at} of the gzip header becomes ${copy[at]}` };
  },
  'gzip trailer': (bytes, draw) => {
    const copy = Uint8Array.from(bytes);
    const at = copy.length - 1 - draw.integer(Math.min(8, copy.length));
    copy[at] ^= 1 + draw.integer(255);
    return { bytes: copy, what: `byte ${at} of checksum or length` };
  },
  'second member': (bytes, draw) => {
    const member = gzipSync(new Uint8Array(pick(draw, [0, 1, 100, 2 ** 20])));
    return { bytes: Buffer.concat([bytes, member]), what: `a second gzip member of ${member.length} bytes` };
  },
  'deflate stream': (bytes, draw) => {
    const copy = Uint8Array.from(bytes);
    const at = Math.min(copy.length - 1, 10 + draw.integer(Math.max(1, copy.length - 18)));
    copy[at] = draw.integer(256);
    return { bytes: copy, what: `byte ${at} of the deflated data` };
  },
};

/** A gzip stream of `start` and then `mebibytes` MiB of zeros, made without holding them. */
export function bomb(start: Uint8Array, mebibytes: number): Uint8Array {
  const part = (data: Uint8Array) => deflateRawSync(data, { finishFlush: constants.Z_FULL_FLUSH, level: 9 });
  const zeros = part(new Uint8Array(2 ** 20));
  return Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
    part(start),
    ...new Array<Uint8Array>(mebibytes).fill(zeros),
    Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  ]);
}
