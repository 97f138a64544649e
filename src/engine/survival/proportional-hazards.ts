import { Failure } from '../failure.ts';
import { sortedOrder } from '../statistics/sorted-order.ts';
import { type ChiSquareTest, chiSquareTest } from './chi-square-test.ts';
import { factorise, solveFactorised } from './cholesky.ts';
import type { Covariates } from './covariates.ts';
import type { CoxFit } from './cox-fit.ts';
import { fittedHazard } from './cox-residuals.ts';
import { kaplanMeier } from './kaplan-meier.ts';
import type { RiskSets } from './risk-sets.ts';
import { scoreResiduals } from './score-residuals.ts';
import { countUpTo } from './survival-at.ts';
import type { SurvivalData } from './survival-data.ts';
import { timeMoments } from './time-moments.ts';

/** How a coefficient might drift with time: 1 − S(t−) of the whole sample, the rank of t, t, or log t. */
export type TimeTransform = 'km' | 'rank' | 'identity' | 'log';

export interface ProportionalHazardsOptions {
  /** Default 'km'. */
  readonly transform?: TimeTransform;
  readonly offset?: Float64Array;
  /** Covariates tested together, such as the columns of one factor; default each by itself. */
  readonly terms?: readonly { readonly name: string; readonly covariates: readonly string[] }[];
}

export interface ProportionalHazardsTest {
  readonly terms: readonly ({ readonly name: string } & ChiSquareTest)[];
  readonly global: ChiSquareTest;
  /** One entry a death: its time, g(t), and for each covariate kept in the model β plus the scaled Schoenfeld residual. */
  readonly time: Float64Array;
  readonly transformed: Float64Array;
  readonly covariates: readonly string[];
  readonly scaledResiduals: readonly Float64Array[];
}

/**
 * The score test of adding β'(g(t) − ḡ) x to a Cox model, for each term and for all: a small p speaks against
 * proportional hazards. Smoothed over g(t), the scaled residuals show β(t) (Grambsch & Therneau 1994).
 *
 * Reference: R package survival ≥ 3.0, `cox.zph` (the exact score test, not its earlier approximation).
 *
 * @param data, covariates those that the model was fitted to.
 * @throws Failure of `checkSurvivalData`; COVARIATE_INVALID (covariates not the model's, a term names none of its
 * covariates); TIME_INVALID for log with an event time of 0.
 */
export function testProportionalHazards(
  model: CoxFit,
  data: SurvivalData,
  covariates: Covariates,
  options: ProportionalHazardsOptions = {},
): ProportionalHazardsTest {
  const { sets, hazard, risk, columns } = fittedHazard(model, data, covariates, options.offset);
  const kept = model.names.map((_, j) => j).filter((j) => !model.dropped.includes(model.names[j]));
  const values = kept.map((j) => columns[j]);
  const p = kept.length;
  const g = transformTimes(data, sets, options.transform ?? 'km');
  const centered = centre(g, sets);
  const { schoenfeld } = scoreResiduals(sets, hazard, risk, values);
  const deaths = deathPositions(sets);
  const score = Float64Array.from(values, (_, j) => {
    let sum = 0;
    for (const i of deaths) sum += sets.weights[i] * centered[sets.timeIndex[i]] * schoenfeld[j][i];
    return sum;
  });
  const information = timeMoments(sets, hazard, risk, values, centered);
  const names = kept.map((j) => model.names[j]);
  const groups = options.terms ?? names.map((name) => ({ name, covariates: [name] }));
  const terms = groups.map(({ name, covariates: members }) => {
    const index = members.map((member) => names.indexOf(member)).filter((j) => j >= 0);
    if (index.length === 0) throw unknownTerm(name, names);
    return { name, ...scoreTest(score, information, p, index) };
  });
  return {
    terms,
    global: scoreTest(score, information, p, [...names.keys()]),
    time: Float64Array.from(deaths, (i) => sets.times[sets.timeIndex[i]]),
    transformed: Float64Array.from(deaths, (i) => g[sets.timeIndex[i]]),
    covariates: names,
    scaledResiduals: scaledResiduals(
      kept.map((j) => model.coefficients[j]),
      schoenfeld,
      information[0],
      deaths,
    ),
  };
}

/** g by time index. */
function transformTimes(data: SurvivalData, sets: RiskSets, transform: TimeTransform): Float64Array {
  const { times, rows, timeIndex } = sets;
  if (transform === 'identity') return times.slice();
  if (transform === 'log') {
    return times.map((t, k) => {
      if (t > 0 || sets.deaths[k] === 0) return t > 0 ? Math.log(t) : 0;
      const row = rows[sets.starts[k]];
      const message = `time[${row}] is 0, whose logarithm is not finite.`;
      throw new Failure('TIME_INVALID', message, { argument: 'time', index: row, value: 0 });
    });
  }
  if (transform === 'km') {
    const { strata: _, weights: __, ...plain } = data;
    const curve = kaplanMeier(plain);
    return times.map((t) => {
      const before = countUpTo(curve.time, t, false);
      return before === 0 ? 0 : 1 - curve.survival[before - 1];
    });
  }
  const byPosition = Float64Array.from(rows, (_, i) => times[timeIndex[i]]);
  const order = sortedOrder(byPosition);
  const ranks = new Float64Array(times.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    for (to = from; to < order.length && byPosition[order[to]] === byPosition[order[from]]; ) to++;
    for (let o = from; o < to; o++) ranks[timeIndex[order[o]]] = (from + 1 + to) / 2;
  }
  return ranks;
}

function centre(g: Float64Array, { deaths }: RiskSets): Float64Array {
  let sum = 0;
  let count = 0;
  for (let k = 0; k < g.length; k++) {
    sum += deaths[k] * g[k];
    count += deaths[k];
  }
  return g.map((v) => v - sum / count);
}

/** Uᵀ (I₂ − I₁ᵀ I₀⁻¹ I₁)⁻¹ U over the covariates of one term. */
function scoreTest(
  score: Float64Array,
  [base, cross, square]: readonly [Float64Array, Float64Array, Float64Array],
  p: number,
  index: readonly number[],
): ChiSquareTest {
  const inverse = base.slice();
  factorise(inverse, p, diagonalOf(base, p), 2 ** -39);
  const size = index.length;
  const rest = new Float64Array(size * size);
  index.forEach((b, n) => {
    const solved = Float64Array.from({ length: p }, (_, a) => cross[a * p + b]);
    solveFactorised(inverse, p, solved);
    index.forEach((a, m) => {
      let sum = square[a * p + b];
      for (let j = 0; j < p; j++) sum -= cross[j * p + a] * solved[j];
      rest[m * size + n] = sum;
    });
  });
  const u = Float64Array.from(index, (j) => score[j]);
  const solved = u.slice();
  factorise(
    rest,
    size,
    Float64Array.from(index, (j) => square[j * p + j]),
    2 ** -39,
  );
  solveFactorised(rest, size, solved);
  return chiSquareTest(
    u.reduce((sum, v, j) => sum + v * solved[j], 0),
    size,
  );
}

function scaledResiduals(
  coefficients: readonly number[],
  schoenfeld: readonly Float64Array[],
  information: Float64Array,
  deaths: readonly number[],
): Float64Array[] {
  const p = coefficients.length;
  const matrix = information.slice();
  factorise(matrix, p, diagonalOf(information, p), 2 ** -39);
  const scaled = coefficients.map((b) => new Float64Array(deaths.length).fill(b));
  const row = new Float64Array(p);
  deaths.forEach((i, d) => {
    for (let j = 0; j < p; j++) row[j] = schoenfeld[j][i] * deaths.length;
    solveFactorised(matrix, p, row);
    for (let j = 0; j < p; j++) scaled[j][d] += row[j];
  });
  return scaled;
}

function deathPositions({ starts, deaths }: RiskSets): number[] {
  const positions: number[] = [];
  for (let k = 0; k < deaths.length; k++) {
    for (let i = starts[k]; i < starts[k] + deaths[k]; i++) positions.push(i);
  }
  return positions;
}

function diagonalOf(matrix: Float64Array, p: number): Float64Array {
  return Float64Array.from({ length: p }, (_, j) => matrix[j * p + j]);
}

function unknownTerm(name: string, names: readonly string[]): Failure {
  const message = `Term ${name} names no covariate of the model, which has ${names.join(', ')}.`;
  return new Failure('COVARIATE_INVALID', message, { term: name, covariates: [...names] });
}
