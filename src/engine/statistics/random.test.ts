import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random, random } from './random.ts';
import { murmurHash3 } from './random-stream-key.ts';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);

describe('the generator', () => {
  it("gives the reference implementation's numbers from the state 1, 2, 3, 4", () => {
    const stream = new Random([1, 2, 3, 4]);
    expect(draw(10, () => stream.bits())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it("hashes a stream's labels as MurmurHash3 does, by SMHasher's verification value", () => {
    const key = new Uint8Array(256);
    const digests = new Uint8Array(256 * 16);
    for (let n = 0; n < 256; n++) {
      key[n] = n;
      digests.set(new Uint8Array(murmurHash3(key.subarray(0, n), 256 - n).buffer), 16 * n);
    }
    expect(murmurHash3(digests, 0)[0] >>> 0).toBe(0xb3ece62a);
  });

  it('keeps its numbers from release to release', () => {
    const stream = random(20, 'fold', 3);
    expect([
      stream.bits(),
      stream.integer(10),
      stream.uniform(),
      stream.normal(),
      stream.exponential(),
    ]).toEqual([2985529164, 1, 0.3104363362292636, -0.7298362486210913, 2.813193738750636]);
  });
});

describe('streams', () => {
  it('are the same for the same seed and labels, whatever was drawn elsewhere', () => {
    const first = draw(5, () => random(1, 'a', 2).bits());
    random(1, 'b').normal();
    expect(draw(5, () => random(1, 'a', 2).bits())).toEqual(first);
  });

  it('differ by seed, and by the type, place and borders of labels', () => {
    const starts = [
      random(1),
      random(2),
      random(-1),
      random(1, ''),
      random(1, 'a', 'b'),
      random(1, 'ab'),
      random(1, 'b', 'a'),
      random(1, 1),
      random(1, '1'),
      random(1, '1,1'),
      random(1, 1, 1),
    ].map((stream) => stream.bits());
    expect(new Set(starts).size).toBe(starts.length);
  });

  it('are uncorrelated when their labels are neighbours', () => {
    const mean = (k: number) => draw(2000, random(9, 'fold', k).uniform.bind(random(9, 'fold', k)));
    const a = mean(1);
    const b = mean(2);
    const covariance = a.reduce((sum, x, i) => sum + (x - 0.5) * (b[i] - 0.5), 0) / a.length;
    expect(Math.abs(covariance * 12)).toBeLessThan(4 / Math.sqrt(2000));
  });

  it('refuse a seed that is not whole and a label that is not finite', () => {
    expect(() => random(0.5)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
    expect(() => random(1, Number.NaN)).toThrow('labels[0]');
    expect(() => new Random([0, 0, 0, 0])).toThrow('state');
  });
});

describe('draws', () => {
  it('have the moments of their distributions', () => {
    const stream = random(5, 'moments');
    const n = 200_000;
    const moments = (next: () => number) => {
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < n; i++) {
        const x = next();
        sum += x;
        squares += x * x;
      }
      return [sum / n, squares / n];
    };
    const near = (values: number[], expected: number[], sd: number[]) =>
      values.forEach((value, i) => {
        expect(Math.abs(value - expected[i])).toBeLessThan((4.5 * sd[i]) / Math.sqrt(n));
      });
    near(
      moments(() => stream.uniform()),
      [1 / 2, 1 / 3],
      [Math.sqrt(1 / 12), Math.sqrt(4 / 45)],
    );
    near(
      moments(() => stream.normal()),
      [0, 1],
      [1, Math.SQRT2],
    );
    near(
      moments(() => stream.exponential()),
      [1, 2],
      [1, Math.sqrt(20)],
    );
  });

  it('of whole numbers are without bias, also where 2^32 is no multiple', () => {
    const stream = random(6);
    const below = 3_000_000_000;
    let low = 0;
    for (let i = 0; i < 30_000; i++) if (stream.integer(below) < 1_500_000_000) low++;
    expect(Math.abs(low - 15_000)).toBeLessThan(4.5 * Math.sqrt(7500));
    expect(() => stream.integer(0)).toThrow('below');
    expect(stream.integer(1)).toBe(0);
  });

  it('of orders reach all 24 of four elements alike', () => {
    const stream = random(7);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = stream.shuffle([0, 1, 2, 3]).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    let chiSquare = 0;
    for (const count of counts.values()) chiSquare += (count - 1000) ** 2 / 1000;
    expect(chiSquare).toBeLessThan(60);
  });

  it('without replacement are distinct indices, and the first of a permutation whichever way they are kept', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), fc.integer(), (a, b, seed) => {
        const n = Math.max(a, b);
        const count = Math.min(a, b);
        const drawn = random(seed).sample(n, count);
        expect(new Set(drawn).size).toBe(count);
        expect([...random(seed).permutation(n)].slice(0, count)).toEqual([...drawn]);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('with replacement are indices of rows', () => {
    const rows = random(8).resample(1000);
    expect(Math.max(...rows)).toBeLessThan(1000);
    expect(Math.abs(new Set(rows).size / 1000 - (1 - Math.exp(-1)))).toBeLessThan(0.05);
    expect(random(8).resample(0)).toHaveLength(0);
  });
});
