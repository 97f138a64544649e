import { describe, expect, it } from 'vitest';
import { crossValidate } from './penalised-cross-validation.ts';
import { penaltySequence } from './penalised-path.ts';
import {
  combineRelaxedFolds,
  crossValidateRelaxed,
  crossValidateRelaxedFold,
  crossValidateRelaxedSteps,
} from './relaxed-cross-validation.ts';

// In R:
//   n <- 90; i <- 1:n; x <- sapply(1:8, function(j) ((i * (j + 3) * 37 + i * i * (j + 1) * 11) %% 101) / 101)
//   y <- survival::Surv(10 - 5 * ((i * 67) %% 97) / 97 - 3 * x[, 1] + 2 * x[, 2], i %% 4 > 0)
//   glmnet::cv.glmnet(x, y, family = "cox", foldid = i %% 5 + 1, relax = TRUE, gamma = c(1e-5, .25, .5, .75, 1),
//                     nlambda = 20, alignment = , type.measure = , thresh = 1e-14, maxit = 1e7)$relaxed
const rows = Array.from({ length: 90 }, (_, row) => row + 1);
const columns = Array.from({ length: 8 }, (_, k) =>
  Float64Array.from(rows, (i) => ((i * (k + 4) * 37 + i * i * (k + 2) * 11) % 101) / 101),
);
const time = Float64Array.from(
  rows,
  (i, row) => 10 - (5 * ((i * 67) % 97)) / 97 - 3 * columns[0][row] + 2 * columns[1][row],
);
const data = { time, event: Uint8Array.from(rows, (i) => (i % 4 > 0 ? 1 : 0)) };
const covariates = { names: columns.map((_, k) => `x${k + 1}`), columns };
const folds = Int32Array.from(rows, (i) => (i % 5) + 1);
// glmnet takes a γ of 0 for this.
const options = { lambdaCount: 20, gamma: [1e-5, 0.25, 0.5, 0.75, 1] };

/** At γ of 1e-5, 0.5 and 1, and the λ of 0-based places 0, 3, 7, 11, 14. */
const glmnet = {
  lambda: [
    [8.83594195826, 8.99999159396, 8.87351872894, 8.87354907789, 8.87354916609],
    [8.84333119503, 8.69277581222, 8.82566673421, 8.86618545375, 8.87054257356],
    [8.850967295, 8.56241075635, 8.78299420711, 8.85894062199, 8.86754914668],
  ],
  fraction: [
    [8.86080351531, 9.00511576123, 8.87332277289, 8.87354907257, 8.87354916594],
    [8.86080351531, 8.68678398773, 8.82399897324, 8.86592151979, 8.87053536454],
    [8.86080351531, 8.55513663114, 8.7800157723, 8.85841646561, 8.86753468793],
  ],
};
const spread = { lambda: [0.242927898483, 0.493635620797], fraction: [0.236849836503, 0.492034123459] };

describe('crossValidateRelaxed', () => {
  it.each(['lambda', 'fraction'] as const)('has glmnet’s deviances, aligned by %s', (alignment) => {
    const { relaxed, mixtures, best, oneStandardError } = crossValidateRelaxed(data, covariates, folds, {
      ...options,
      alignment,
    });
    expect(relaxed.path.points).toHaveLength(15);
    expect([best, oneStandardError]).toEqual([
      { mixture: 1, point: 1 },
      { mixture: 3, point: 1 },
    ]);
    // At its least threshold glmnet's coefficients are up to 1e-5 of the largest from the minimum, near which the deviance is flat.
    [0, 2, 4].forEach((mixture, g) => {
      [0, 3, 7, 11, 14].forEach((point, k) => {
        const expected = glmnet[alignment][g][k];
        expect(Math.abs(mixtures[mixture].mean[point] / expected - 1)).toBeLessThan(1e-7);
      });
    });
    // The folds' differences from their mean are an eighth of it and less, with the same errors.
    [3, 7].forEach((point, k) => {
      const expected = spread[alignment][k];
      expect(Math.abs(mixtures[2].standardError[point] / expected - 1)).toBeLessThan(1e-6);
    });
  });

  it('has glmnet’s C, and its choice among those', () => {
    const cv = crossValidateRelaxed(data, covariates, folds, { ...options, measure: 'concordance' });
    expect([cv.best, cv.oneStandardError]).toEqual([
      { mixture: 2, point: 4 },
      { mixture: 4, point: 1 },
    ]);
    expect(cv.mixtures[0].mean[3]).toBeCloseTo(0.706618922493, 11);
    expect(cv.mixtures[4].mean[7]).toBeCloseTo(0.716695772855, 11);
  });

  it.each(['lambda', 'fraction'] as const)('is the plain one with γ = 1, aligned by %s', (alignment) => {
    const plain = crossValidate(data, covariates, folds, { lambdaCount: 20, alignment });
    const relaxed = crossValidateRelaxed(data, covariates, folds, { lambdaCount: 20, alignment });
    const { gamma, ...last } = relaxed.mixtures[4];
    expect(gamma).toBe(1);
    expect(last).toEqual(plain);
  });

  it('is the same fold by fold, and tells of refits', () => {
    const whole = crossValidateRelaxedSteps(data, covariates, folds);
    const told = [];
    let step = whole.next();
    for (; !step.done; step = whole.next()) told.push(step.value);
    const refits = told.filter(({ isRefit }) => isRefit).length;
    expect(refits).toBe(told.length / 2);
    const sequence = penaltySequence(data, covariates);
    const results = [1, 2, 3, 4, 5].reverse().map((fold) => {
      const steps = crossValidateRelaxedFold(data, covariates, folds, fold, sequence);
      let next = steps.next();
      while (!next.done) next = steps.next();
      return next.value;
    });
    expect(combineRelaxedFolds(data, folds, step.value.relaxed, results.reverse())).toEqual(step.value);
  });

  it('is in numbers where supports separate the deaths', () => {
    const few = { time: time.slice(0, 24), event: data.event.slice(0, 24) };
    const short = { ...covariates, columns: columns.map((column) => column.slice(0, 24)) };
    const cv = crossValidateRelaxed(
      few,
      short,
      folds.slice(0, 24).map((fold) => fold % 3),
    );
    for (const { mean, violation } of cv.mixtures) {
      expect(mean.some(Number.isNaN)).toBe(false);
      expect(violation).not.toBeNaN();
    }
  });

  it.each([[[]], [[-0.1]], [[0.5, 0.5]], [[0, 2]], [[Number.NaN]]])('refuses γ of %j', (gamma) => {
    expect(() => crossValidateRelaxed(data, covariates, folds, { gamma })).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
    );
  });
});
