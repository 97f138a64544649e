/**
 * MurmurHash3_x86_128 of a byte string: the 128 bits from which a random stream starts.
 *
 * @param bytes any number of bytes
 * @param seed an unsigned 32-bit integer
 * @returns four 32-bit words, in the reference implementation's order
 *
 * Citation: A. Appleby, MurmurHash3 (2011), public domain; its verification value (SMHasher) is 0xB3ECE62A.
 */
export function murmurHash3(bytes: Uint8Array, seed: number): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length;
  const hash = new Int32Array([seed, seed, seed, seed]);
  let at = 0;
  for (; at + 16 <= length; at += 16) {
    for (let word = 0; word < 4; word++) {
      hash[word] ^= scrambled(view.getInt32(at + 4 * word, true), word);
      hash[word] = rotated(hash[word], BODY_ROTATIONS[word]) + hash[(word + 1) & 3];
      hash[word] = Math.imul(hash[word], 5) + BODY_CONSTANTS[word];
    }
  }
  for (let word = 0; word < 4; word++) {
    let tail = 0;
    for (let byte = 0; byte < 4; byte++) tail |= (bytes[at + 4 * word + byte] ?? 0) << (8 * byte);
    if (at + 4 * word < length) hash[word] ^= scrambled(tail, word);
  }
  for (let word = 0; word < 4; word++) hash[word] ^= length;
  spread(hash);
  for (let word = 0; word < 4; word++) hash[word] = avalanched(hash[word]);
  spread(hash);
  return hash;
}

/** The state at which the stream of a seed and its labels starts. */
export function streamKey(seed: number, labels: readonly (string | number)[]): Int32Array {
  // The hash does not mix its last block, so that a constant closes it and every label reaches all 128 bits.
  const text = `${JSON.stringify([seed, ...labels])} nomograph random stream`;
  return murmurHash3(new TextEncoder().encode(text), 0);
}

const MULTIPLIERS = new Int32Array([0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93]);
const BODY_CONSTANTS = new Int32Array([0x561ccd1b, 0x0bcaa747, 0x96cd1c35, 0x32ac3b17]);
const BODY_ROTATIONS = [19, 17, 15, 13];
const WORD_ROTATIONS = [15, 16, 17, 18];

function scrambled(value: number, word: number): number {
  return Math.imul(
    rotated(Math.imul(value, MULTIPLIERS[word]), WORD_ROTATIONS[word]),
    MULTIPLIERS[(word + 1) & 3],
  );
}

function rotated(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function spread(hash: Int32Array): void {
  hash[0] += hash[1] + hash[2] + hash[3];
  for (let word = 1; word < 4; word++) hash[word] += hash[0];
}

function avalanched(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
