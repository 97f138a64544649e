import { describe, expect, it } from 'vitest';
import { icc } from '../statistics/index.ts';
import { random } from '../statistics/random.ts';
import { filterByAgreement } from './agreement.ts';
import type { SourceFeatures } from './study-data.ts';

const stream = random(5, 'agreement');
const patients = 12;
const rows = Int32Array.of(1, 3, 4, 6, 8, 9, 11);
const wavers = [0.05, 0.6, 3, 0];

/** Four features; the readings of each waver more, but the last one's, which is constant. */
const values = Float64Array.from({ length: 4 * patients }, (_, at) =>
  at < 3 * patients ? stream.normal() : 7,
);
const source: SourceFeatures = {
  name: 'CT',
  features: ['a', 'b', 'c', 'd'],
  values,
  present: new Uint8Array(patients).fill(1),
  repeats: [
    {
      kind: 'WITHIN_READER',
      name: 'again',
      rows,
      values: Float64Array.from({ length: 4 * rows.length }, (_, at) => {
        const feature = Math.floor(at / rows.length);
        return values[feature * patients + rows[at % rows.length]] + wavers[feature] * stream.normal();
      }),
    },
  ],
};

describe('filterByAgreement', () => {
  it('has the ICC(2,1) of the statistics', () => {
    const { agreement } = filterByAgreement(source, 0.75);
    for (let j = 0; j < 3; j++) {
      const pairs = Array.from(rows, (row, i) => [
        values[j * patients + row],
        source.repeats[0].values[j * rows.length + i],
      ]);
      expect(agreement.readings[0].icc[j]).toBeCloseTo(icc(pairs).forms.ICC2.icc as number, 13);
    }
  });

  it('drops what disagrees, and tells it from what is undefined', () => {
    const filter = filterByAgreement(source, 0.75);
    expect([...filter.kept]).toEqual([0, 1]);
    expect(filter).toMatchObject({ disagreeing: 1, undefinedCount: 1 });
    expect(filter.agreement).toMatchObject({
      entered: 4,
      remaining: 2,
      readings: [{ above: 2, patients: 7 }],
    });
  });

  it('takes a missing value for an undefined feature', () => {
    const holed = {
      ...source,
      values: values.map((value, at) => (at === patients + 3 ? Number.NaN : value)),
    };
    expect(filterByAgreement(holed, 0.75).agreement.readings[0].icc[1]).toBeNull();
  });

  it('keeps everything without a second reading', () => {
    expect(filterByAgreement({ ...source, repeats: [] }, 0.75).kept).toHaveLength(4);
  });

  it('needs two patients who were read twice', () => {
    const [reading] = source.repeats;
    const repeats = [{ ...reading, rows: rows.slice(0, 1) }];
    expect(() => filterByAgreement({ ...source, repeats }, 0.75)).toThrow(
      expect.objectContaining({ code: 'NO_OBSERVATIONS', details: expect.objectContaining({ patients: 1 }) }),
    );
  });
});
