import { describe, expect, it } from 'vitest';
import { endpointOutcome } from './endpoint-outcome.ts';
import type { StudyData } from './study-data.ts';

const outcome = (name: string, time: number[], event: number[], timeUnit: 'MONTHS' | 'DAYS' = 'MONTHS') => ({
  name,
  time: Float64Array.from(time),
  event: Uint8Array.from(event),
  timeUnit,
});
const progression = outcome('PROGRESSION', [5, 20, 8, Number.NaN, 30], [1, 0, 0, 1, 0]);
const death = outcome('DEATH', [9, 18, 8, 4, 12], [1, 1, 0, 1, 0]);
const data: StudyData = {
  subjects: ['a', 'b', 'c', 'd', 'e'],
  outcomes: [progression, death],
  covariates: [],
  sources: [],
};
const define = (outcomes: string[], landmark = 0) => ({ name: 'DFS', outcomes, origin: null, landmark });

describe('endpointOutcome', () => {
  it('is the first event of several outcomes, else the shortest follow-up', () => {
    const { time, event } = endpointOutcome(data, define(['PROGRESSION', 'DEATH']));
    expect([...time]).toEqual([5, 18, 8, Number.NaN, 12]);
    expect([...event]).toEqual([1, 1, 0, 0, 0]);
  });

  it('counts from a landmark, without those not followed past it', () => {
    const { time } = endpointOutcome(data, define(['DEATH'], 8));
    expect([...time]).toEqual([1, 10, Number.NaN, Number.NaN, 4]);
  });

  it('names an outcome that is not there, and units that differ', () => {
    expect(() => endpointOutcome(data, define(['RELAPSE']))).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
    const mixed = {
      ...data,
      outcomes: [progression, outcome('DEATH', [1, 2, 3, 4, 5], [1, 1, 1, 1, 1], 'DAYS')],
    };
    expect(() => endpointOutcome(mixed, define(['PROGRESSION', 'DEATH']))).toThrow(
      /in MONTHS, DEATH in DAYS/,
    );
  });
});
