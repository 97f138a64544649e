import { Failure } from '../failure.ts';
import type { CovariateColumn } from './cohort-table.ts';
import { splitRows } from './split.ts';
import type { StudyData } from './study-data.ts';
import type { StudyPatients } from './study-result.ts';
import type { ExclusionRule, StudySpecification } from './study-specification.ts';

const notDivided = 'in neither part of the split that was given';

/**
 * Leaves patients out by the study's rules, in their order, then divides the others. Those without any outcome of the
 * study fall last. Nothing here looks at features.
 *
 * @param firstEvent 1 where the first endpoint's event was seen, by which a seeded split is stratified.
 * @param hasOutcome 1 where at least one endpoint has an outcome.
 * @throws Failure NOT_FOUND for a subject or covariate that is not in the data; NO_OBSERVATIONS where nobody is left to
 * train on; ARGUMENT_INVALID of {@link splitRows}.
 */
export function selectPatients(
  data: StudyData,
  specification: StudySpecification,
  firstEvent: Uint8Array,
  hasOutcome: Uint8Array,
): StudyPatients {
  const n = data.subjects.length;
  const reasons: (string | null)[] = new Array(n).fill(null);
  for (const rule of specification.exclusions) {
    const applies = ruleOf(data, rule);
    for (let row = 0; row < n; row++) if (reasons[row] === null && applies(row)) reasons[row] = rule.reason;
  }
  for (let row = 0; row < n; row++) {
    if (reasons[row] === null && hasOutcome[row] === 0) reasons[row] = 'no outcome for any endpoint';
  }
  const subsets: ('TRAINING' | 'VALIDATION' | null)[] = new Array(n).fill(null);
  const { split } = specification;
  if (split.kind === 'SEEDED') {
    const rows = Int32Array.from(reasons.keys()).filter((row) => reasons[row] === null);
    const { training, validation } = splitRows(rows, firstEvent, split);
    for (const row of training) subsets[row] = 'TRAINING';
    for (const row of validation) subsets[row] = 'VALIDATION';
  } else {
    const rowOf = new Map(data.subjects.map((subject, row) => [subject, row]));
    for (const [subset, subjects] of [
      ['TRAINING', split.training],
      ['VALIDATION', split.validation],
    ] as const) {
      for (const subject of subjects) {
        const row = rowOf.get(subject);
        if (row === undefined) {
          throw new Failure('NOT_FOUND', `split: the cohort has no patient ${subject}`, { subject });
        }
        if (reasons[row] === null) subsets[row] = subset;
      }
    }
    for (let row = 0; row < n; row++) {
      if (reasons[row] === null && subsets[row] === null) reasons[row] = notDivided;
    }
  }
  const training = subsets.filter((subset) => subset === 'TRAINING').length;
  if (training === 0) {
    throw new Failure('NO_OBSERVATIONS', `none of the ${n} patients is left to train on`, { patients: n });
  }
  const counts = new Map<string, number>();
  for (const reason of reasons) if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return {
    candidates: n,
    excluded: Array.from(counts, ([reason, patients]) => ({ reason, patients })),
    training,
    validation: subsets.filter((subset) => subset === 'VALIDATION').length,
    subsets,
  };
}

function ruleOf(data: StudyData, rule: ExclusionRule): (row: number) => boolean {
  if (rule.withoutSource !== null) {
    const source = data.sources.find(({ name }) => name === rule.withoutSource);
    return (row) => source?.present[row] !== 1;
  }
  const column = data.covariates.find(({ name }) => name === rule.covariate);
  if (!column) {
    throw new Failure('NOT_FOUND', `exclusion "${rule.reason}": there is no covariate ${rule.covariate}`, {
      covariate: rule.covariate,
    });
  }
  const values = new Set(rule.equals.map(String));
  return (row) => {
    const value = textOf(column, row);
    return values.size === 0 ? value === null : value !== null && values.has(value);
  };
}

function textOf(column: CovariateColumn, row: number): string | null {
  if (column.kind === 'CATEGORICAL') return column.codes[row] < 0 ? null : column.levels[column.codes[row]];
  return Number.isNaN(column.values[row]) ? null : String(column.values[row]);
}
