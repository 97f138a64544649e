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
  validationProblem,
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
  | { readonly part: 'resamples'; readonly input: string; readonly from: number; readonly to: number };

const inputs = new Map<string, Input>();
const problems = new Map<Input, ValidationProblem>();

export default function part(task: Part): PenalisedPath | FoldResult | OptimismSample[] {
  const input = inputs.get(task.input) ?? readInput(task.input, new Int32Array(0));
  inputs.set(task.input, input);
  const { data, covariates } = input;
  if (task.part === 'resamples') {
    const problem = problems.get(input) ?? validationProblem(data, covariates);
    problems.set(input, problem);
    return Array.from({ length: task.to - task.from }, (_, b) =>
      resampleValidation(problem, bootstrapRows(data.time.length, 1, task.from + b)),
    );
  }
  if (task.part === 'path') return fitPenalisedCox(data, covariates);
  const steps = crossValidateFold(data, covariates, task.folds, task.fold, task.sequence);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}
