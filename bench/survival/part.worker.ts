// A thread of the benchmark: one part of a cross-validation or of a bootstrap, from inputs that it reads itself.
import {
  bootstrapRows,
  crossValidateFold,
  type FoldResult,
  fitPenalisedCox,
  type OptimismSample,
  type PenalisedPath,
  resampleValidation,
  type ValidationProblem,
} from '../../src/engine/survival/index.ts';
import { type Input, readInput } from './cases.ts';

export type Part =
  | { readonly part: 'path'; readonly input: string }
  | {
      readonly part: 'fold';
      readonly input: string;
      readonly folds: Int32Array;
      readonly fold: number;
      readonly sequence: readonly number[];
    }
  | {
      readonly part: 'resamples';
      readonly problem: ValidationProblem;
      readonly from: number;
      readonly to: number;
    };

const inputs = new Map<string, Input>();

export default function part(task: Part): PenalisedPath | FoldResult | OptimismSample[] {
  if (task.part === 'resamples') {
    const rows = task.problem.data.time.length;
    return Array.from({ length: task.to - task.from }, (_, b) =>
      resampleValidation(task.problem, bootstrapRows(rows, 1, task.from + b)),
    );
  }
  const input = inputs.get(task.input) ?? readInput(task.input, new Int32Array(0));
  inputs.set(task.input, input);
  if (task.part === 'path') return fitPenalisedCox(input.data, input.covariates);
  const steps = crossValidateFold(input.data, input.covariates, task.folds, task.fold, task.sequence);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}
