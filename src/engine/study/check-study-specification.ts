import { Failure } from '../failure.ts';
import type { StudySpecification } from './study-specification.ts';

/** Bounds that keep a study within what a machine can do in a day, and its names within what a table can show. */
const most = { name: 64, list: 1000, horizons: 20, replicates: 10_000, pipelineReplicates: 2000 };

/**
 * Checks a study's specification by itself, before any data are read.
 *
 * @throws Failure INPUT_INVALID that names the field and what it may be.
 */
export function checkStudySpecification(specification: StudySpecification): void {
  const { endpoints, sources, covariates, exclusions, split, folds, horizons } = specification;
  requireNames(
    'endpoints',
    endpoints.map(({ name }) => name),
  );
  if (endpoints.length === 0) refuse('endpoints', 'has no endpoint');
  endpoints.forEach(({ outcomes, landmark }, i) => {
    requireNames(`endpoints[${i}].outcomes`, outcomes);
    if (outcomes.length === 0) refuse(`endpoints[${i}].outcomes`, 'names no outcome');
    requireWithin(`endpoints[${i}].landmark`, landmark, 0, 1200);
  });
  requireNames(
    'sources',
    sources.map(({ name }) => name),
  );
  sources.forEach(({ name }, i) => {
    if (name === 'CLINICAL' || name.includes('+'))
      refuse(`sources[${i}].name`, `is ${name}, which names a model`);
  });
  requireNames('covariates', covariates);
  if (covariates.includes('radscore'))
    refuse('covariates', 'holds radscore, which names the score of the study');
  if (sources.length === 0 && covariates.length === 0) refuse('sources', 'and covariates are both empty');
  exclusions.forEach(({ reason, covariate, withoutSource }, i) => {
    if (reason.trim() === '') refuse(`exclusions[${i}].reason`, 'is empty');
    if ((covariate === null) === (withoutSource === null)) {
      refuse(`exclusions[${i}]`, 'must name either a covariate or a source that is lacking');
    }
  });
  if (split.kind === 'SEEDED') {
    requireWithin('split.trainingFraction', split.trainingFraction, 0, 1, 'above and below');
    requireWhole('split.seed', split.seed, 0, Number.MAX_SAFE_INTEGER);
  } else {
    const twice = split.training.find((subject) => split.validation.includes(subject));
    if (twice !== undefined) refuse('split', `puts patient ${twice} into both parts`);
  }
  requireWithin('iccThreshold', specification.iccThreshold, -1, 1);
  requireWithin('univariateP', specification.univariateP, 0, 1);
  requireWithin('correlationThreshold', specification.correlationThreshold, 0, 1);
  requireWithin('clinicalP', specification.clinicalP, 0, 1);
  requireWithin('minimumGroup', specification.minimumGroup, 0, 0.5, 'above and below');
  if (folds.kind === 'SEEDED') requireWhole('folds.count', folds.count, 2, most.list);
  if (horizons.length > most.horizons)
    refuse('horizons', `has ${horizons.length}, at most ${most.horizons} are allowed`);
  horizons.forEach((horizon, i) => {
    requireWithin(`horizons[${i}]`, horizon, 0, 1200, 'above and at most');
    if (i > 0 && !(horizon > horizons[i - 1])) refuse(`horizons[${i}]`, 'is not above the one before it');
  });
  requireWhole('replicates', specification.replicates, 0, most.replicates);
  requireWhole('pipelineReplicates', specification.pipelineReplicates, 0, most.pipelineReplicates);
  requireWhole('seed', specification.seed, 0, Number.MAX_SAFE_INTEGER);
}

function requireNames(field: string, names: readonly string[]): void {
  if (names.length > most.list) refuse(field, `has ${names.length} names, at most ${most.list} are allowed`);
  names.forEach((name, i) => {
    if (name.trim() === '' || name.length > most.name) {
      refuse(`${field}[${i}]`, `must have 1 to ${most.name} characters`);
    }
    if (names.indexOf(name) !== i) refuse(`${field}[${i}]`, `repeats ${name}`);
  });
}

function requireWithin(
  field: string,
  value: number,
  least: number,
  greatest: number,
  ends: 'from to' | 'above and below' | 'above and at most' = 'from to',
): void {
  const isAbove = ends === 'from to' ? value >= least : value > least;
  const isBelow = ends === 'above and below' ? value < greatest : value <= greatest;
  if (isAbove && isBelow) return;
  const range =
    ends === 'from to'
      ? `from ${least} to`
      : `above ${least} and ${ends === 'above and below' ? 'below' : 'at most'}`;
  refuse(field, `is ${value}, not ${range} ${greatest}`);
}

function requireWhole(field: string, value: number, least: number, greatest: number): void {
  if (Number.isInteger(value) && value >= least && value <= greatest) return;
  refuse(field, `is ${value}, not a whole number from ${least} to ${greatest}`);
}

function refuse(field: string, what: string): never {
  throw new Failure('INPUT_INVALID', `${field} ${what}`, { field });
}
