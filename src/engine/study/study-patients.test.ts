import { describe, expect, it } from 'vitest';
import { studyFixture } from '../../../test/support/study-fixture.ts';
import { selectPatients } from './study-patients.ts';
import type { ExclusionRule } from './study-specification.ts';

const { data, specification } = studyFixture();
const everyone = new Uint8Array(data.subjects.length).fill(1);
const rule = (about: Partial<ExclusionRule>): ExclusionRule => ({
  reason: 'a reason',
  covariate: null,
  equals: [],
  withoutSource: null,
  ...about,
});

function select(exclusions: ExclusionRule[], changed: Partial<typeof data> = {}, has = everyone) {
  return selectPatients(
    { ...data, ...changed },
    { ...specification, exclusions },
    data.outcomes[0].event,
    has,
  );
}

describe('selectPatients', () => {
  it('divides 7 to 3, each of events and others', () => {
    const { training, validation, excluded } = select([]);
    expect([training, validation, excluded]).toEqual([77, 33, []]);
  });

  it('leaves out by a level, by a missing value and by a missing source, under the first reason that fits', () => {
    const [age, invasion] = data.covariates;
    if (age.kind !== 'NUMERIC' || invasion.kind !== 'CATEGORICAL') throw new Error('the fixture changed');
    const values = age.values.map((value, row) => (row < 10 ? Number.NaN : value));
    const present = everyone.map((_, row) => (row < 20 ? 0 : 1));
    const [ct, mr] = data.sources;
    const patients = select(
      [
        rule({ reason: 'age unknown', covariate: 'age' }),
        rule({ reason: 'no MR', withoutSource: 'MR' }),
        rule({ reason: 'invasive', covariate: 'invasion', equals: ['present'] }),
      ],
      { covariates: [{ ...age, values }, invasion], sources: [ct, { ...mr, present }] },
    );
    const invasive = invasion.codes.filter((code, row) => row >= 20 && code === 1).length;
    expect(patients.excluded).toEqual([
      { reason: 'age unknown', patients: 10 },
      { reason: 'no MR', patients: 10 },
      { reason: 'invasive', patients: invasive },
    ]);
    expect(patients.training + patients.validation).toBe(90 - invasive);
    expect(patients.subsets.filter((subset) => subset === null)).toHaveLength(20 + invasive);
  });

  it('takes a split that is given, and counts who is in neither part', () => {
    const split = {
      kind: 'GIVEN',
      training: data.subjects.slice(0, 50),
      validation: data.subjects.slice(50, 70),
    } as const;
    const patients = selectPatients(data, { ...specification, split }, data.outcomes[0].event, everyone);
    expect(patients).toMatchObject({ training: 50, validation: 20, candidates: 110 });
    expect(patients.excluded).toEqual([
      { reason: 'in neither part of the split that was given', patients: 40 },
    ]);
  });

  it('names a patient of the split whom the cohort lacks', () => {
    const split = { kind: 'GIVEN', training: ['X1'], validation: [] } as const;
    expect(() => selectPatients(data, { ...specification, split }, everyone, everyone)).toThrow(
      /no patient X1/,
    );
  });

  it('leaves out who has no outcome, and refuses to train on nobody', () => {
    const has = everyone.map((_, row) => (row < 30 ? 0 : 1));
    expect(select([], {}, has).excluded).toEqual([{ reason: 'no outcome for any endpoint', patients: 30 }]);
    expect(() => select([], {}, new Uint8Array(110))).toThrow(
      expect.objectContaining({ code: 'NO_OBSERVATIONS' }),
    );
  });
});
