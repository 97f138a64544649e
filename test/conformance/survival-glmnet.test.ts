import { afterAll, expect, it } from 'vitest';
import { fitPenalisedCox, type SurvivalData } from '../../src/engine/survival/index.ts';
import { PartialLikelihood } from '../../src/engine/survival/partial-likelihood.ts';
import { riskSets } from '../../src/engine/survival/risk-sets.ts';
import { describeConformance } from '../support/reference.ts';
import { readTable, survivalCases } from '../support/survival-cases.ts';
import { Tally } from '../support/tally.ts';

interface Sparse {
  readonly k: number;
  readonly index0: readonly number[];
  readonly value: readonly number[];
}

interface Expected {
  readonly lambda: readonly number[];
  readonly dev_ratio: readonly number[];
  readonly nulldev: number;
  readonly beta: readonly Sparse[];
}

interface Options {
  readonly alpha: number;
  readonly standardize: boolean;
  readonly penalty_factor: readonly number[] | null;
}

interface Inputs {
  readonly time: string;
  readonly status: string;
  readonly start: string | null;
  readonly features: readonly string[] | null;
  readonly recipe: string | null;
  readonly n: number;
  readonly p: number;
  readonly weights: string | null;
  readonly strata: string | null;
}

const tally = new Tally();

/** The inputs that a case names, or describes in its recipe; i counts rows from 1. */
function design(
  file: string,
  inputs: Inputs,
): { data: SurvivalData; names: string[]; columns: Float64Array[] } {
  const table = readTable(file);
  const clinical = /^(PatientID|age|gender|Histology|[Cc]linical\.|Overall\.)/;
  const others = Object.keys(table).filter((c) => c !== 'time' && c !== 'status');
  const all = file.includes('vdv') ? others : others.filter((c) => !clinical.test(c));
  const names = (inputs.features ?? all).slice(0, inputs.p);
  const column = (name: string) => Float64Array.from(table[name].slice(0, inputs.n), Number);
  const time = column(inputs.time);
  return {
    data: {
      time,
      event: Uint8Array.from(column(inputs.status)),
      ...(inputs.start ? { entry: column(inputs.start) } : {}),
      ...(inputs.weights ? { weights: time.map((_, i) => 0.5 + ((i + 1) % 4) * 0.5) } : {}),
      ...(inputs.strata ? { strata: Int32Array.from(time, (_, i) => (i + 1) % 3) } : {}),
    },
    names: [...names],
    columns: names.map(column),
  };
}

/** −ℓ/W + λ Σ f (α |b| s + (1 − α)/2 b² s²), s the column's standard deviation, or 1. */
class Objective {
  private readonly likelihood: PartialLikelihood;
  private readonly weight: number;
  private readonly scales: Float64Array;
  private readonly factors: Float64Array;
  private readonly alpha: number;

  constructor(data: SurvivalData, columns: readonly Float64Array[], options: Options) {
    const sets = riskSets(data);
    const sorted = columns.map((column) => Float64Array.from(sets.rows, (row) => column[row]));
    this.likelihood = new PartialLikelihood(sets, sorted, undefined, 'breslow');
    this.weight = sets.weights.reduce((sum, w) => sum + w, 0);
    this.alpha = options.alpha;
    this.scales = Float64Array.from(sorted, (column) => {
      if (!options.standardize) return 1;
      const mean = column.reduce((sum, v, i) => sum + v * sets.weights[i], 0) / this.weight;
      return Math.sqrt(
        column.reduce((sum, v, i) => sum + (v - mean) ** 2 * sets.weights[i], 0) / this.weight,
      );
    });
    const given = options.penalty_factor ?? columns.map(() => 1);
    const total = given.reduce((sum, f) => sum + f, 0);
    this.factors = Float64Array.from(given, (f) => (f * columns.length) / total);
  }

  at(lambda: number, index: ArrayLike<number>, value: ArrayLike<number>): number {
    const beta = new Float64Array(this.scales.length);
    let penalty = 0;
    for (let m = 0; m < index.length; m++) {
      const j = index[m];
      beta[j] = value[m];
      const b = Math.abs(value[m]) * this.scales[j];
      penalty += this.factors[j] * (this.alpha * b + ((1 - this.alpha) / 2) * b * b);
    }
    return -this.likelihood.evaluate(beta) / this.weight + lambda * penalty;
  }
}

describeConformance("At glmnet's penalties", () => {
  afterAll(() => tally.print('Elastic-net Cox paths against glmnet 4.1-6'));
  const cases = survivalCases<Expected, Options>('glmnet/path.json');

  it.each(cases.map((c) => [c.id, c] as const))('%s', (id, { data: file, inputs, options, expected }) => {
    const { data, names, columns } = design(file ?? '', inputs as unknown as Inputs);
    expect([data.time.length, names.length]).toEqual([
      (inputs as unknown as Inputs).n,
      (inputs as unknown as Inputs).p,
    ]);
    const path = fitPenalisedCox(
      data,
      { names, columns },
      {
        alpha: options.alpha,
        standardise: options.standardize,
        lambda: expected.lambda,
        ...(options.penalty_factor ? { penaltyFactors: options.penalty_factor } : {}),
      },
    );
    const objective = new Objective(data, columns, options);
    // glmnet's has the weights as they are, ours has them sum to the number of rows.
    const share = (data.weights?.reduce((sum, w) => sum + w, 0) ?? data.time.length) / data.time.length;
    const isTight = id.endsWith('_tight');
    tally.check('glmnet path', id, 'null deviance', path.nullDeviance * share, expected.nulldev, {
      relative: 1e-9,
    });
    for (const { k, index0, value } of expected.beta) {
      const { lambda, index, value: own, violation } = path.points[k];
      expect(violation).toBeLessThan(1e-7);
      const ours = objective.at(lambda, index, own);
      const theirs = objective.at(lambda, index0, value);
      // No worse than glmnet's, up to the rounding of a sum over the rows.
      tally.check('objective above glmnet’s', id, `λ[${k}]`, Math.max(0, ours - theirs), 0, {
        absolute: 1e-13 * Math.max(1, Math.abs(theirs)),
      });
      // With strata or start times glmnet stops once a Newton step changes the objective by less than its epsnr = 1e-6 of
      // it, whatever its threshold, so that only the objectives are near each other.
      if (isTight && (data.entry || data.strata)) {
        tally.check('objective, stopped at 1e-6', id, `λ[${k}]`, theirs, ours, {
          absolute: 1e-6 * (0.1 + Math.abs(ours)),
        });
        continue;
      }
      // At the first λ of a ridge path glmnet solves for 9.9e35 and gives another λ for it.
      if (!isTight || (k === 0 && options.alpha === 0)) continue;
      // glmnet's stopping rule leaves its coefficients up to 1e-5 of the largest from the minimum even so.
      const largest = value.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      const dense = new Float64Array(names.length);
      index.forEach((j, m) => {
        dense[j] = own[m];
      });
      index0.forEach((j, m) => {
        tally.check('glmnet path at 1e-14', id, `λ[${k}] ${names[j]}`, dense[j], value[m], {
          absolute: 1e-5 * largest,
        });
      });
      tally.check(
        'glmnet path at 1e-14',
        id,
        `λ[${k}] explained`,
        path.points[k].explained,
        expected.dev_ratio[k],
        {
          absolute: 1e-7,
        },
      );
    }
    tally.settle();
  });
});
