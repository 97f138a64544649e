import { describe, expect, it } from 'vitest';
import { compareConcordance } from './compare-concordance.ts';
import { integratedBrier, predictionErrors } from './prediction-error.ts';

const data = { time: Float64Array.of(1, 2, 3, 4), event: Uint8Array.of(1, 1, 1, 1) };

describe('predictionErrors', () => {
  it('without censoring is the plain AUC and mean square', () => {
    const [error] = predictionErrors(data, [Float64Array.of(0.9, 0.4, 0.6, 0.1)], [2]);
    expect(error.auc).toBe(3 / 4);
    expect(error.brier).toBeCloseTo((0.01 + 0.36 + 0.36 + 0.01) / 4, 15);
    expect(error.reference).toBeCloseTo(0.25, 15);
  });

  it('counts tied risks as half, and has no AUC without cases', () => {
    const flat = Float64Array.of(0.5, 0.5, 0.5, 0.5);
    const [early, late] = predictionErrors(data, [flat, flat], [0.5, 2]);
    expect(early.auc).toBeNull();
    expect(late.auc).toBe(0.5);
  });

  it('weighs an event by the inverse of the chance to have been followed to it', () => {
    const censored = { time: Float64Array.of(1, 2, 3, 4), event: Uint8Array.of(0, 1, 1, 1) };
    const [error] = predictionErrors(censored, [Float64Array.of(0, 0, 0, 0)], [2]);
    expect(error.brier).toBeCloseTo(1 / 0.75 / 4, 15);
  });

  it('integrates by time', () => {
    const at = (time: number, brier: number) => ({ time, auc: null, brier, reference: brier });
    expect(integratedBrier([at(1, 0.1), at(3, 0.2)]).brier).toBeCloseTo((2 * 0.1) / 3, 15);
    expect(integratedBrier([])).toEqual({ brier: 0, reference: 0 });
  });

  it('refuses other lengths, values that are not finite, and data it does not cover', () => {
    const zeros = new Float64Array(4);
    const code = (c: string) => expect.objectContaining({ code: c });
    expect(() => predictionErrors(data, [], [1])).toThrow(code('LENGTH_MISMATCH'));
    expect(() => predictionErrors(data, [new Float64Array(3)], [1])).toThrow(code('LENGTH_MISMATCH'));
    expect(() => predictionErrors(data, [zeros], [NaN])).toThrow(code('ARGUMENT_INVALID'));
    expect(() => predictionErrors({ ...data, strata: new Int32Array(4) }, [zeros], [1])).toThrow(
      code('ARGUMENT_INVALID'),
    );
  });
});

describe('compareConcordance', () => {
  it('finds no difference between maps of one score', () => {
    const same = compareConcordance(data, Float64Array.of(4, 1, 3, 2), Float64Array.of(40, 10, 30, 20));
    expect(same).toMatchObject({ difference: 0, standardError: 0, z: 0, p: 1 });
  });

  it('is null where no pair can be compared', () => {
    const censored = { ...data, event: new Uint8Array(4) };
    expect(compareConcordance(censored, data.time, data.time)).toMatchObject({
      first: null,
      difference: null,
      p: null,
    });
  });
});
