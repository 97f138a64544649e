import { describe, expect, it } from 'vitest';
import { finish, studyFixture } from '../../../test/support/study-fixture.ts';
import { predictPatient, runStudy, type StudyModelResult } from './index.ts';

const { data, specification } = studyFixture();
const result = finish(runStudy(data, specification));
const model = result.endpoints[0].models[4].result as StudyModelResult;

function valuesOf(row: number): Record<string, number | string> {
  const values: Record<string, number | string> = {};
  for (const column of data.covariates) {
    values[column.name] = column.kind === 'NUMERIC' ? column.values[row] : column.levels[column.codes[row]];
  }
  for (const { features, values: columns, present } of data.sources) {
    features.forEach((name, j) => {
      values[name] = columns[j * present.length + row];
    });
  }
  return values;
}

describe('predictPatient', () => {
  it('says of the patients of the study what the study says, through JSON', () => {
    const stored = JSON.parse(JSON.stringify(model.prediction));
    for (const { row, radscore, linearPredictor, riskGroup } of model.predictions) {
      const predicted = predictPatient(stored, valuesOf(row), [12]);
      expect(predicted.radscore).toBeCloseTo(radscore as number, 12);
      expect(predicted.linearPredictor).toBeCloseTo(linearPredictor, 12);
      expect(predicted.riskGroup).toBe(riskGroup);
    }
  });

  it('falls from 1, within its limits, and says where follow-up ends', () => {
    const { survival } = predictPatient(model.prediction, valuesOf(0), [0, 6, 12, 24, 1000]);
    expect(survival[0]).toMatchObject({ survival: 1, lower: 1, upper: 1 });
    survival.forEach((at, i) => {
      expect(at.lower).toBeLessThanOrEqual(at.survival);
      expect(at.upper).toBeGreaterThanOrEqual(at.survival);
      if (i > 0) expect(at.survival).toBeLessThanOrEqual(survival[i - 1].survival);
      expect(at.isWithinFollowUp).toBe(at.horizon < 1000);
    });
  });

  it('takes a radscore in place of its features', () => {
    const { invasion, age } = valuesOf(0);
    expect(predictPatient(model.prediction, { invasion, age, radscore: 0.5 }, []).radscore).toBe(0.5);
  });

  it.each([
    ['a missing covariate', { invasion: undefined }, /invasion is missing/],
    ['an unknown level', { invasion: 'perhaps' }, /invasion is none of its levels/],
    ['a number that is none', { radscore: Number.NaN }, /radscore is not a finite number/],
    ['a text for a number', { radscore: '1' }, /radscore is not a finite number/],
  ])('refuses %s', (_, changed, message) => {
    const values = Object.fromEntries(
      Object.entries({ ...valuesOf(0), radscore: 0.1, ...changed }).filter(
        ([, value]) => value !== undefined,
      ),
    ) as Record<string, number>;
    expect(() => predictPatient(model.prediction, values, [12])).toThrow(message);
  });

  it('refuses a horizon before 0', () => {
    expect(() => predictPatient(model.prediction, valuesOf(0), [-1])).toThrow(/horizons\[0\] is -1/);
  });
});
