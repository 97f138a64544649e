import { afterAll, it } from 'vitest';
import {
  type Covariates,
  calibrateSmoothly,
  coxBaseline,
  decisionCurve,
  fitCox,
  predictSurvivalAt,
  reclassify,
} from '../../src/engine/survival/index.ts';
import { describeConformance } from '../support/reference.ts';
import { CaseTable } from '../support/survival-cases.ts';
import { Tally } from '../support/tally.ts';

/*
 * The figures below come from R 4.2.2 on survival's lung data (the 227 patients with ph.ecog, horizon 365 days, event =
 * death), written out from the papers' formulas with survfit, coxph(eps = 1e-12) and Hmisc's rcspline.eval:
 *
 *   p1, p2: risks by coxph(age + sex) and coxph(age + sex + ph.ecog); km(s) = summary(survfit(~1, s), 365)$surv
 *   decision curve at p: x = mean(p2 >= p), e = 1 - km(p2 >= p); x e - x (1 - e) p / (1 - p)
 *   NRI: e_u = mean(up) (1 - km(up)), ...; (e_u - e_d) / P + (n_d - n_u) / (1 - P)
 *   IDI: means of risk weighted by 1/G(T-) for deaths by 365 and 1/G(365) for those followed past it
 *   calibration: coxph(~ rcspline.eval(log(-log(1 - p2)))), survfit(conf.type = "log-log")
 */
const RISKS = [0.720258975644108, 0.527502024148835, 0.48132914688511];
const DECISIONS = [
  [0.3, 0.977973568281938, 0.414505600631462, 0.412793641429234, 0.0039945714718652],
  [0.5, 0.66079295154185, 0.221547759825657, 0.177911098000928, 0.0436366618247286],
  [0.6, 0.515418502202643, 0.16098508981643, -0.0276111274988395, 0.125730811543513],
  [0.7, 0.229074889867841, 0.0519392501771358, -0.370148169998453, 0.180894608646681],
];
const CATEGORICAL = [0.178248195979718, 0.0688626455145286, 0.10938555046519];
const CONTINUOUS = [0.389188332141348, 0.305348153659672, 0.0838401784816754];
const IDI = 0.0465147726743074;
/** Mean, median, 90th percentile, maximum; then predicted, observed, lower, upper at points 1, 50 and 100. */
const SMOOTH = [
  {
    knots: 3,
    indexes: [0.00648656537564189, 0.00580310615185492, 0.0134388542729814, 0.0189042215802474],
    curve: [
      [0.126084088160305, 0.137968161898473, 0.0445597478517584, 0.283331806588221],
      [0.413594930029374, 0.40565410075317, 0.315727456954891, 0.493557899951692],
      [0.706973340099852, 0.724848976748435, 0.536987540246512, 0.846590646736703],
    ],
  },
  {
    knots: 5,
    indexes: [0.0438067064112524, 0.0400795801393475, 0.0911176464205385, 0.130121863307328],
    curve: [
      [0.126084088160305, 0.0854054643753745, 0.0184668320508977, 0.219491608297886],
      [0.413594930029374, 0.28466474175601, 0.158114800723405, 0.424900986428579],
      [0.706973340099852, 0.695621693721063, 0.435018831786518, 0.853625794525028],
    ],
  },
];

const tally = new Tally();
const HORIZON = 365;

describeConformance('Decision curves, reclassification and smooth calibration equal R', () => {
  afterAll(() => tally.print('Against R, by formula'));
  const table = new CaseTable({
    data: 'data/lung.csv',
    inputs: {
      time: 'time',
      status: 'status',
      covariates: ['age', 'sex', 'ph.ecog'],
      factors: { sex: ['male', 'female'] },
    },
  });
  const { data } = table;
  const survival = (covariates: Covariates) => {
    const model = fitCox(data, covariates);
    return predictSurvivalAt(model, coxBaseline(model, data, covariates), covariates, HORIZON);
  };
  const risk = (names: readonly string[]) => survival(table.covariates(names)).map((s) => 1 - s);
  const oldRisk = risk(['age', 'sex']);
  const newRisk = risk(['age', 'sex', 'ph.ecog']);
  const check = (
    procedure: string,
    what: string,
    actual: readonly (number | null)[],
    wanted: readonly number[],
  ) => tally.checkAll(procedure, 'lung', what, actual, wanted, { relative: 1e-9, absolute: 1e-12 });

  it('decision curve', () => {
    check('decision curve', 'risk', [...newRisk.slice(0, 3)], RISKS);
    const thresholds = DECISIONS.map(([threshold]) => threshold);
    const { points, eventProbability } = decisionCurve(data, newRisk, HORIZON, thresholds);
    check('decision curve', 'event', [eventProbability], [0.588955549000464]);
    points.forEach((p, i) => {
      const actual = [p.threshold, p.treated, p.netBenefit, p.treatAll, p.interventionsAvoided];
      check('decision curve', `threshold ${p.threshold}`, actual, DECISIONS[i]);
    });
    tally.settle();
  });

  it('reclassification', () => {
    const ours = reclassify(data, oldRisk, newRisk, HORIZON, { cuts: [0.5, 0.65], resamples: 2 });
    for (const [name, nri, wanted] of [
      ['categorical', ours.categorical, CATEGORICAL],
      ['continuous', ours.continuous, CONTINUOUS],
    ] as const) {
      const actual = [nri?.nri, nri?.events, nri?.nonEvents].map((e) => e?.estimate ?? null);
      check('NRI', name, actual, wanted);
    }
    check('IDI', 'IDI', [ours.idi.estimate], [IDI]);
    tally.settle();
  });

  it.each(SMOOTH)('smooth calibration with $knots knots', ({ knots, indexes, curve }) => {
    const predicted = newRisk.map((r) => 1 - r);
    const ours = calibrateSmoothly(data, predicted, HORIZON, { knots });
    check('smooth calibration', 'indexes', [ours.ici, ours.e50, ours.e90, ours.maximum], indexes);
    [0, 49, 99].forEach((point, i) => {
      const p = ours.curve[point];
      check('smooth calibration', `point ${point}`, [p.predicted, p.observed, p.lower, p.upper], curve[i]);
    });
    tally.settle();
  });
});
