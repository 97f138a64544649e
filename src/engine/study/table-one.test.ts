import { describe, expect, it } from 'vitest';
import { chiSquaredTest, fisherTest, mannWhitney, tTest } from '../statistics/index.ts';
import { random } from '../statistics/random.ts';
import { tableOne } from './table-one.ts';

const stream = random(5, 'table one');
const subsets = Array.from({ length: 60 }, (_, row) =>
  row % 3 === 0 ? 'VALIDATION' : row % 7 === 0 ? null : 'TRAINING',
) as ('TRAINING' | 'VALIDATION' | null)[];
const normal = Float64Array.from({ length: 60 }, () => stream.normal());
const of = <T>(values: ArrayLike<T>, subset: 'TRAINING' | 'VALIDATION') =>
  Array.from(values).filter((_, row) => subsets[row] === subset);

describe('tableOne', () => {
  it('compares normal numbers by t, others by ranks', () => {
    const skewed = normal.map((value) => Math.exp(3 * value));
    const [a, b] = tableOne(
      [
        { name: 'a', kind: 'NUMERIC', values: normal },
        { name: 'b', kind: 'NUMERIC', values: skewed },
      ],
      subsets,
    );
    const t = tTest(of(normal, 'TRAINING'), of(normal, 'VALIDATION'), { variance: 'pooled' });
    expect(a).toMatchObject({ test: 'T', p: t.p });
    const u = mannWhitney(of(skewed, 'TRAINING'), of(skewed, 'VALIDATION'));
    expect(b).toMatchObject({ test: 'MANN_WHITNEY', p: u.p });
  });

  it('counts levels, and takes Fisher’s test where an expected count is small', () => {
    const even = Int32Array.from({ length: 60 }, (_, row) => row % 2);
    const rare = Int32Array.from({ length: 60 }, (_, row) => (row < 4 ? 1 : 0));
    const [a, b] = tableOne(
      [
        { name: 'a', kind: 'CATEGORICAL', levels: ['x', 'y', 'never'], codes: even },
        { name: 'b', kind: 'CATEGORICAL', levels: ['x', 'y'], codes: rare },
      ],
      subsets,
    );
    const counts = (codes: Int32Array) =>
      [0, 1].map((code) =>
        (['TRAINING', 'VALIDATION'] as const).map((s) => of(codes, s).filter((c) => c === code).length),
      );
    expect(a).toMatchObject({ test: 'CHI_SQUARED', p: chiSquaredTest(counts(even)).p });
    expect(b).toMatchObject({ test: 'FISHER', p: fisherTest(counts(rare)).p });
  });

  it('counts what is missing, and makes no test of nothing', () => {
    const [a, b] = tableOne(
      [
        {
          name: 'a',
          kind: 'NUMERIC',
          values: normal.map((v, row) => (subsets[row] === 'TRAINING' ? v : Number.NaN)),
        },
        { name: 'b', kind: 'CATEGORICAL', levels: ['x', 'y'], codes: new Int32Array(60).fill(-1) },
      ],
      subsets,
    );
    const validation = of(normal, 'VALIDATION').length;
    expect(a).toMatchObject({ test: null, p: null, validation: { missing: validation, median: null } });
    expect(b).toMatchObject({ test: null, p: null, missing: { validation } });
  });

  it('gives a constant no p', () => {
    const [row] = tableOne([{ name: 'a', kind: 'NUMERIC', values: new Float64Array(60).fill(3) }], subsets);
    expect(row).toMatchObject({ test: null, p: null, training: { median: 3, standardDeviation: 0 } });
  });
});
