import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/engine/failure.ts';
import * as survival from '../../src/engine/survival/index.ts';
import { finish, flaws } from './flaws.ts';
import {
  type BrokenRule,
  brokenCovariates,
  brokenData,
  type HardCohort,
  hardCohorts,
} from './hard-cohorts.ts';

type Part = 'entry' | 'weights' | 'strata';

interface Row {
  /** What of a cohort the function checks by itself. */
  readonly checks: 'data' | 'data and covariates' | 'nothing';
  readonly run: (cohort: HardCohort) => unknown;
  /** Parts of the data that it refuses whatever they hold, or by its docstring does not look at. */
  readonly refuses?: readonly Part[];
  readonly ignores?: 'strata';
  /** Paths of results that may be infinite, as the docstring says. */
  readonly infinite?: RegExp;
}

const {
  fitCox,
  coxBaseline,
  kaplanMeier,
  predictSurvival,
  fitPenalisedCox,
  crossValidate,
  nomogram,
  predictionErrors,
} = survival;

const fit = ({ data, covariates }: HardCohort) => fitCox(data, covariates);
const baseline = (c: HardCohort) => coxBaseline(fit(c), c.data, c.covariates);
const curves = (c: HardCohort) => predictSurvival(fit(c), baseline(c), c.covariates);
const weights = [
  'log-rank',
  'gehan',
  'tarone-ware',
  'peto',
  'modified-peto',
  { rho: 1, gamma: 0.5 },
] as const;
const scales = ['log', 'log-log', 'plain', 'logit', 'arcsin'] as const;
const both = ['efron', 'breslow'] as const;
const resamples = { resamples: 4, seed: 3 };
const relaxed = (c: HardCohort) =>
  survival.relaxPath(c.data, c.covariates, fitPenalisedCox(c.data, c.covariates, { lambdaCount: 3 }));
const otherScore = (c: HardCohort) => c.score.map((v, i) => (i % 3 ? v : -i));
const probabilities = (c: HardCohort) => c.data.time.map((_, i) => (i % 10) / 10);
const halved = (c: HardCohort) => Array.from(c.data.time, (_, i) => i >> 1);

/** The docstring of `CoxTerm` says so. */
const limits = /terms\[\d+\]\.(upper|hazardRatio)$/;

/** One row an exported function: what a hard cohort is to it. */
const rows: Readonly<Record<string, Row>> = {
  adjustScreening: {
    checks: 'data and covariates',
    run: (c) => {
      const screened = survival.screenFeatures(c.data, c.covariates);
      return (['wald', 'likelihoodRatio', 'score'] as const).map((t) =>
        survival.adjustScreening(screened, t),
      );
    },
  },
  bootstrapRows: { checks: 'nothing', run: (c) => survival.bootstrapRows(c.data.time.length, 1, 2) },
  calibrateByGroups: {
    checks: 'data',
    refuses: ['weights'],
    run: (c) => survival.calibrateByGroups(c.data, probabilities(c), c.horizon),
  },
  calibrateCox: {
    checks: 'data and covariates',
    refuses: ['weights'],
    run: (c) => survival.calibrateCox(c.data, c.covariates, c.horizon, resamples),
  },
  calibrateCoxSteps: {
    checks: 'data and covariates',
    refuses: ['weights'],
    run: (c) => finish(survival.calibrateCoxSteps(c.data, c.covariates, c.horizon, resamples)),
  },
  calibrationProblem: {
    checks: 'data and covariates',
    refuses: ['weights'],
    run: (c) => survival.calibrationProblem(c.data, c.covariates, c.horizon).apparent,
  },
  resampleCalibration: {
    checks: 'data and covariates',
    refuses: ['weights'],
    run: (c) =>
      survival.resampleCalibration(survival.calibrationProblem(c.data, c.covariates, c.horizon), halved(c)),
  },
  combineCalibration: {
    checks: 'data and covariates',
    refuses: ['weights'],
    run: (c) =>
      survival.combineCalibration(survival.calibrationProblem(c.data, c.covariates, c.horizon), [null, null]),
  },
  checkSurvivalData: { checks: 'data', run: (c) => survival.checkSurvivalData(c.data) ?? null },
  compareConcordance: {
    checks: 'data',
    run: (c) =>
      survival.compareConcordance(
        c.data,
        c.score,
        c.score.map((v, i) => (i % 3 ? v : -i)),
      ),
  },
  concordance: {
    checks: 'data',
    run: (c) =>
      (c.data.entry ? (['n', 'S', 'I'] as const) : (['n', 'S', 'S/G', 'n/G2', 'I'] as const)).map(
        (timeWeight) => survival.concordance(c.data, c.score, { timeWeight }),
      ),
  },
  coxBaseline: { checks: 'data and covariates', run: baseline },
  coxResiduals: {
    checks: 'data and covariates',
    run: (c) => survival.coxResiduals(fit(c), c.data, c.covariates),
  },
  crossValidate: {
    checks: 'data and covariates',
    run: (c) =>
      (['deviance', 'concordance'] as const).map((measure) =>
        crossValidate(c.data, c.covariates, c.folds, { measure, lambdaCount: 5 }),
      ),
  },
  crossValidateFold: {
    checks: 'data and covariates',
    run: (c) =>
      finish(
        survival.crossValidateFold(
          c.data,
          c.covariates,
          c.folds,
          0,
          survival.penaltySequence(c.data, c.covariates, { lambdaCount: 5 }),
          { lambdaCount: 5 },
        ),
      ),
  },
  crossValidateSteps: {
    checks: 'data and covariates',
    run: (c) =>
      finish(survival.crossValidateSteps(c.data, c.covariates, c.folds, { lambdaCount: 5, ties: 'efron' })),
  },
  combineFolds: {
    checks: 'data and covariates',
    run: (c) => {
      const path = fitPenalisedCox(c.data, c.covariates, { lambdaCount: 5 });
      const sequence = survival.penaltySequence(c.data, c.covariates, { lambdaCount: 5 });
      const labels = [...new Set(c.folds)].sort((a, b) => a - b);
      const results = labels.map((fold) =>
        finish(survival.crossValidateFold(c.data, c.covariates, c.folds, fold, sequence, { lambdaCount: 5 })),
      );
      return survival.combineFolds(c.data, c.folds, path, results, { lambdaCount: 5 });
    },
  },
  crossValidateRelaxed: {
    checks: 'data and covariates',
    run: (c) =>
      (['deviance', 'concordance'] as const).map((measure) =>
        survival.crossValidateRelaxed(c.data, c.covariates, c.folds, { measure, lambdaCount: 4 }),
      ),
  },
  crossValidateRelaxedSteps: {
    checks: 'data and covariates',
    run: (c) =>
      finish(
        survival.crossValidateRelaxedSteps(c.data, c.covariates, c.folds, {
          alignment: 'fraction',
          lambdaCount: 4,
          ties: 'efron',
        }),
      ),
  },
  crossValidateRelaxedFold: {
    checks: 'data and covariates',
    run: (c) =>
      finish(
        survival.crossValidateRelaxedFold(
          c.data,
          c.covariates,
          c.folds,
          0,
          survival.penaltySequence(c.data, c.covariates, { lambdaCount: 4 }),
          { lambdaCount: 4 },
        ),
      ),
  },
  combineRelaxedFolds: {
    checks: 'data and covariates',
    run: (c) => {
      const sequence = survival.penaltySequence(c.data, c.covariates, { lambdaCount: 3 });
      const labels = [...new Set(c.folds)].sort((a, b) => a - b);
      const results = labels.map((fold) =>
        finish(
          survival.crossValidateRelaxedFold(c.data, c.covariates, c.folds, fold, sequence, {
            lambdaCount: 3,
          }),
        ),
      );
      return survival.combineRelaxedFolds(c.data, c.folds, relaxed(c), results, { lambdaCount: 3 });
    },
  },
  cumulativeIncidence: {
    checks: 'data',
    ignores: 'strata',
    run: (c) => scales.map((confidence) => survival.cumulativeIncidence(c.data, c.cause, { confidence })),
  },
  cumulativeIncidenceByGroup: {
    checks: 'data',
    ignores: 'strata',
    run: ({ data: { strata: _, ...data }, cause, group }) =>
      survival.cumulativeIncidenceByGroup(data, cause, group),
  },
  eliminateByP: {
    checks: 'data and covariates',
    infinite: limits,
    run: (c) =>
      (['wald', 'likelihood-ratio'] as const).map((test) =>
        survival.eliminateByP(c.data, c.covariates, { test }),
      ),
  },
  fastBackward: { checks: 'data and covariates', run: (c) => survival.fastBackward(fit(c)) },
  findCutpoint: {
    checks: 'data',
    run: (c) => survival.findCutpoint(c.data, c.score, { permutations: 5, seed: 1 }),
  },
  fitCox: {
    checks: 'data and covariates',
    infinite: limits,
    run: (c) =>
      both.flatMap((ties) => [
        fitCox(c.data, c.covariates, { ties }),
        fitCox(c.data, c.covariates, { ties, robust: true }),
        fitCox(c.data, c.covariates, { ties, ridge: { theta: 1 } }),
      ]),
  },
  fitCoxSteps: {
    checks: 'data and covariates',
    infinite: limits,
    run: (c) => finish(survival.fitCoxSteps(c.data, c.covariates)),
  },
  fitPenalisedCox: {
    checks: 'data and covariates',
    run: (c) => [1, 0.5, 0].map((alpha) => fitPenalisedCox(c.data, c.covariates, { alpha, lambdaCount: 10 })),
  },
  adaptiveFactors: {
    checks: 'data and covariates',
    run: (c) => [
      // A column that is left out has the factor ∞.
      survival.adaptiveFactors(c.data, c.covariates).map((factor) => 1 / factor),
      survival.adaptiveFactors(c.data, c.covariates, { ridge: 1 }).map((factor) => 1 / factor),
    ],
  },
  blendPoint: {
    checks: 'nothing',
    run: (c) => relaxed(c).path.points.map((p) => survival.blendPoint(p, p, 0.5)),
  },
  penaltySequence: {
    checks: 'data and covariates',
    run: (c) => survival.penaltySequence(c.data, c.covariates, { alpha: 0.5, lambdaCount: 5 }),
  },
  relaxPath: { checks: 'data and covariates', run: relaxed },
  relaxPathSteps: {
    checks: 'data and covariates',
    run: (c) =>
      finish(
        survival.relaxPathSteps(
          c.data,
          c.covariates,
          fitPenalisedCox(c.data, c.covariates, { lambdaCount: 3 }),
        ),
      ),
  },
  fitPenalisedCoxSteps: {
    checks: 'data and covariates',
    run: (c) =>
      finish(survival.fitPenalisedCoxSteps(c.data, c.covariates, { ties: 'efron', lambdaCount: 10 })),
  },
  grayTest: {
    checks: 'data',
    refuses: ['entry'],
    run: (c) => [0, 1].map((rho) => survival.grayTest(c.data, c.cause, 1, c.group, { rho })),
  },
  integratedBrier: {
    checks: 'data',
    refuses: ['entry', 'weights', 'strata'],
    run: (c) => survival.integratedBrier(predictionErrors(c.data, [c.score], [c.horizon])),
  },
  kaplanMeier: {
    checks: 'data',
    ignores: 'strata',
    run: (c) => scales.map((confidence) => kaplanMeier(c.data, { confidence })),
  },
  kaplanMeierByGroup: {
    checks: 'data',
    ignores: 'strata',
    run: ({ data: { strata: _, ...data }, group }) => survival.kaplanMeierByGroup(data, group),
  },
  linearPredictor: {
    checks: 'data and covariates',
    run: (c) => survival.linearPredictor(fit(c), c.covariates),
  },
  logRank: { checks: 'data', run: (c) => weights.map((weight) => survival.logRank(c.data, c.group, weight)) },
  nelsonAalen: {
    checks: 'data',
    ignores: 'strata',
    run: (c) =>
      (['plain', 'log'] as const).flatMap((confidence) => [
        survival.nelsonAalen(c.data, { confidence }),
        survival.nelsonAalen(c.data, { confidence, ties: 'efron' }),
        survival.nelsonAalen(c.data, { confidence, variance: 'binomial' }),
        survival.nelsonAalen(c.data, { confidence, variance: 'robust' }),
      ]),
  },
  nelsonAalenByGroup: {
    checks: 'data',
    ignores: 'strata',
    run: ({ data: { strata: _, ...data }, group }) => survival.nelsonAalenByGroup(data, group),
  },
  nomogram: {
    checks: 'data and covariates',
    run: (c) => nomogram(fit(c), baseline(c), c.covariates, { horizons: [c.horizon] }),
  },
  pairwiseLogRank: {
    checks: 'data',
    run: (c) =>
      survival.pairwiseLogRank(
        c.data,
        c.group.map((g) => g % 4),
      ),
  },
  predictedMedian: { checks: 'data and covariates', run: (c) => curves(c).map(survival.predictedMedian) },
  predictionErrors: {
    checks: 'data',
    refuses: ['entry', 'weights', 'strata'],
    run: (c) => predictionErrors(c.data, [probabilities(c)], [c.horizon]),
  },
  predictSurvival: {
    checks: 'data and covariates',
    run: (c) =>
      scales.map((confidence) =>
        predictSurvival(fit(c), baseline(c), c.covariates, {
          confidence,
          ...(c.data.strata ? { strata: c.data.strata } : {}),
        }),
      ),
  },
  predictSurvivalAt: {
    checks: 'data and covariates',
    run: (c) => survival.predictSurvivalAt(fit(c), baseline(c), c.covariates, c.horizon, c.data.strata),
  },
  randomFolds: { checks: 'nothing', run: (c) => survival.randomFolds(c.data.time.length, 3, 1) },
  restrictedMean: {
    checks: 'data',
    ignores: 'strata',
    run: (c) => survival.restrictedMean(kaplanMeier(c.data), c.horizon),
  },
  scoreByNomogram: {
    checks: 'data and covariates',
    run: (c) =>
      survival.scoreByNomogram(
        nomogram(fit(c), baseline(c), c.covariates, { horizons: [c.horizon] }),
        Object.fromEntries(c.covariates.names.map((name, j) => [name, c.covariates.columns[j][0]])),
      ),
  },
  screenFeatures: {
    checks: 'data and covariates',
    run: (c) => both.map((ties) => survival.screenFeatures(c.data, c.covariates, { ties })),
  },
  screenFeaturesSteps: {
    checks: 'data and covariates',
    run: (c) => [...survival.screenFeaturesSteps(c.data, c.covariates)],
  },
  stepwiseCox: {
    checks: 'data and covariates',
    infinite: limits,
    run: (c) =>
      (['backward', 'forward', 'both'] as const).map((direction) =>
        survival.stepwiseCox(c.data, c.covariates, { direction }),
      ),
  },
  survivalAt: {
    checks: 'data',
    ignores: 'strata',
    run: (c) => survival.survivalAt(kaplanMeier(c.data), [c.horizon, 0, 1e300, -1]),
  },
  survivalQuantile: {
    checks: 'data',
    ignores: 'strata',
    run: (c) => [0, 0.1, 0.5, 1].map((p) => survival.survivalQuantile(kaplanMeier(c.data), p)),
  },
  testProportionalHazards: {
    checks: 'data and covariates',
    run: (c) =>
      (['km', 'rank', 'identity', 'log'] as const).map((transform) =>
        survival.testProportionalHazards(fit(c), c.data, c.covariates, { transform }),
      ),
  },
  validateCox: {
    checks: 'data and covariates',
    refuses: ['weights'],
    run: (c) => survival.validateCox(c.data, c.covariates, resamples),
  },
  validateCoxSteps: {
    checks: 'data and covariates',
    refuses: ['weights'],
    run: (c) => finish(survival.validateCoxSteps(c.data, c.covariates, resamples)),
  },
  validationProblem: {
    checks: 'data and covariates',
    refuses: ['weights'],
    run: (c) => survival.validationProblem(c.data, c.covariates).apparent,
  },
  resampleValidation: {
    checks: 'data and covariates',
    refuses: ['weights'],
    run: (c) => survival.resampleValidation(survival.validationProblem(c.data, c.covariates), halved(c)),
  },
  combineValidation: {
    checks: 'data and covariates',
    refuses: ['weights'],
    run: (c) => survival.combineValidation(survival.validationProblem(c.data, c.covariates), [null, null]),
  },
  bootstrapConcordanceDifference: {
    checks: 'data',
    run: (c) => survival.bootstrapConcordanceDifference(c.data, c.score, otherScore(c), resamples),
  },
  bootstrapConcordanceDifferenceSteps: {
    checks: 'data',
    run: (c) =>
      finish(survival.bootstrapConcordanceDifferenceSteps(c.data, c.score, otherScore(c), resamples)),
  },
  resampleConcordanceDifference: {
    // Its problem is that of a call that has checked.
    checks: 'nothing',
    run: (c) =>
      survival.resampleConcordanceDifference(
        { data: c.data, first: c.score, second: otherScore(c), options: {} },
        halved(c),
      ),
  },
  calibrateSmoothly: {
    checks: 'data',
    refuses: ['weights', 'strata'],
    run: (c) => survival.calibrateSmoothly(c.data, probabilities(c), c.horizon),
  },
  decisionCurve: {
    checks: 'data',
    refuses: ['entry', 'weights', 'strata'],
    run: (c) => survival.decisionCurve(c.data, probabilities(c), c.horizon),
  },
  reclassify: {
    checks: 'data',
    refuses: ['entry', 'weights', 'strata'],
    run: (c) =>
      survival.reclassify(c.data, probabilities(c), probabilities(c).reverse(), c.horizon, {
        ...resamples,
        cuts: [0.3, 0.6],
      }),
  },
  reclassifySteps: {
    checks: 'data',
    refuses: ['entry', 'weights', 'strata'],
    run: (c) =>
      finish(
        survival.reclassifySteps(c.data, probabilities(c), probabilities(c).reverse(), c.horizon, resamples),
      ),
  },
  resampleReclassification: {
    checks: 'nothing',
    run: (c) =>
      survival.resampleReclassification(
        {
          data: c.data,
          oldRisk: probabilities(c),
          newRisk: probabilities(c).reverse(),
          horizon: c.horizon,
          cuts: [0.5],
        },
        halved(c),
      ),
  },
  timeDependentAuc: {
    checks: 'data',
    refuses: ['entry', 'weights', 'strata'],
    run: (c) => survival.timeDependentAuc(c.data, c.score, [c.horizon]),
  },
};

describe('every function of nomograph/survival', () => {
  it('has a row here', () => {
    const exported = Object.entries(survival)
      .filter(([, value]) => typeof value === 'function')
      .map(([name]) => name);
    expect(Object.keys(rows).sort()).toEqual(exported.sort());
  });

  describe.each(Object.entries(rows))('%s', (_, { checks, run, infinite, refuses = [], ignores }) => {
    it.each(Object.entries(hardCohorts))('answers, or fails by a code, for %s', (_name, cohort) => {
      let result: unknown;
      try {
        result = run(cohort);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        expect(error.code).not.toBe('INTERNAL');
        expect(flaws(error.details)).toEqual([]);
        return;
      }
      expect(result).toBeDefined();
      expect(flaws(result, infinite).slice(0, 5)).toEqual([]);
    });

    const broken = Object.entries<BrokenRule>({
      ...(checks !== 'nothing' ? brokenData : {}),
      ...(checks === 'data and covariates' ? brokenCovariates : {}),
    }).filter(([, { details }]) => !ignores || details.argument !== ignores);
    it.each(broken)('refuses %s, and names it', (_name, { cohort, code, details }) => {
      let failure: unknown;
      try {
        run(cohort);
      } catch (error) {
        failure = error;
      }
      expect(failure).toBeInstanceOf(Failure);
      const part = details.argument as Part;
      const isRefused = refuses.includes(part) && (failure as Failure).code === 'ARGUMENT_INVALID';
      expect(failure).toMatchObject(isRefused ? { details: { argument: part } } : { code, details });
    });
  });
});
