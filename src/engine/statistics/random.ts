import { invalidArgument, requireInteger } from './argument.ts';
import { normalQuantile } from './normal.ts';
import { streamKey } from './random-stream-key.ts';

/**
 * A stream of random numbers that its seed and labels alone determine.
 *
 * Every task takes a stream of its own, named by what the task is — `random(seed, 'fold', 3)`,
 * `random(seed, 'bootstrap', 17)` — so that its numbers do not depend on the order in which tasks run, nor on how
 * many threads share them. Labels are kept apart by type and place: `('a', 'b')`, `('ab')`, `(1)` and `('1')` name
 * four streams. The generator is xoshiro128** with period 2^128 − 1, started at MurmurHash3_x86_128 of the seed and
 * the labels; that two of a million streams of 2^40 numbers overlap has a chance below 2^-47.
 *
 * @param seed a whole number, |seed| ≤ 2^53 − 1
 * @param labels strings, or finite numbers
 * @throws ARGUMENT_INVALID for a seed that is not a safe integer, or a number among the labels that is not finite
 *
 * Citations: D. Blackman, S. Vigna, Scrambled linear pseudorandom number generators, ACM TOMS 47 (2021) 36
 * (xoshiro128** 1.1); A. Appleby, MurmurHash3 (2011).
 */
export function random(seed: number, ...labels: readonly (string | number)[]): Random {
  requireInteger('seed', seed, Number.MIN_SAFE_INTEGER);
  labels.forEach((label, i) => {
    if (typeof label !== 'string' && !Number.isFinite(label)) {
      invalidArgument(`labels[${i}]`, label, 'a string or a finite number');
    }
  });
  return new Random(streamKey(seed, labels));
}

/** A random stream at some state; made by `random`, or from 128 bits of state that are not all zero. */
export class Random {
  readonly #state: Int32Array;

  constructor(state: ArrayLike<number>) {
    this.#state = Int32Array.from({ length: 4 }, (_, i) => state[i] | 0);
    if (this.#state.every((word) => word === 0))
      invalidArgument('state', 0, 'four words that are not all zero');
  }

  /** The next 32 bits, as a whole number from 0 to 2^32 − 1. */
  bits(): number {
    const state = this.#state;
    const second = state[1];
    const product = Math.imul(second, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    state[2] ^= state[0];
    state[3] ^= second;
    state[1] = second ^ state[2];
    state[0] ^= state[3];
    state[2] ^= second << 9;
    state[3] = (state[3] << 11) | (state[3] >>> 21);
    return result >>> 0;
  }

  /** Uniform in (0, 1): (k + ½)/2^52 for a whole k, thus never 0 or 1 and symmetric about ½. Takes two draws of 32 bits. */
  uniform(): number {
    const high = this.bits() >>> 6;
    const low = this.bits() >>> 6;
    return (high * 67108864 + low + 0.5) / 4503599627370496;
  }

  /**
   * A whole number from 0 to `below` − 1, each with exactly the same chance (draws outside the largest multiple of
   * `below` are rejected).
   * @throws ARGUMENT_INVALID unless `below` is a whole number from 1 to 2^32
   */
  integer(below: number): number {
    requireInteger('below', below, 1, 4294967296);
    return this.#integer(below);
  }

  #integer(below: number): number {
    const end = 4294967296 - (4294967296 % below);
    let drawn = this.bits();
    while (drawn >= end) drawn = this.bits();
    return drawn % below;
  }

  /** Standard normal, by inversion: one `uniform` gives one normal number. */
  normal(): number {
    return normalQuantile(this.uniform());
  }

  /** Exponential with mean 1, by inversion. */
  exponential(): number {
    return -Math.log(this.uniform());
  }

  /** Puts the elements into a random order, in place (Fisher–Yates), and returns the same array. */
  shuffle<Values extends { length: number; [index: number]: unknown }>(values: Values): Values {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.#integer(i + 1);
      const kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
    return values;
  }

  /** The indices 0 to n − 1 in random order. */
  permutation(n: number): Uint32Array {
    return this.sample(n, n);
  }

  /**
   * `count` of the indices 0 to n − 1, without replacement, in random order.
   * @throws ARGUMENT_INVALID unless 0 ≤ count ≤ n ≤ 2^32 − 1
   */
  sample(n: number, count: number): Uint32Array {
    requireInteger('n', n, 0, 4294967295);
    requireInteger('count', count, 0, n);
    const drawn = new Uint32Array(count);
    // Fisher–Yates from the front; where few of many are drawn, only the moved indices are kept.
    if (count > n / 8) {
      const all = Uint32Array.from({ length: n }, (_, i) => i);
      for (let i = 0; i < count; i++) {
        const j = i + this.#integer(n - i);
        drawn[i] = all[j];
        all[j] = all[i];
      }
      return drawn;
    }
    const moved = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      const j = i + this.#integer(n - i);
      drawn[i] = moved.get(j) ?? j;
      moved.set(j, moved.get(i) ?? i);
    }
    return drawn;
  }

  /**
   * n of the indices 0 to n − 1, with replacement: the rows of a bootstrap sample.
   * @throws ARGUMENT_INVALID unless n is a whole number from 0 to 2^32 − 1
   */
  resample(n: number): Uint32Array {
    requireInteger('n', n, 0, 4294967295);
    const rows = new Uint32Array(n);
    for (let i = 0; i < n; i++) rows[i] = this.#integer(n);
    return rows;
  }
}
