import { Failure } from '../../engine/failure.ts';
import { requireId, requireText } from '../../store/checks.ts';
import type { Context } from '../context.ts';
import type { ReferenceResolver, Representation } from './subgraph.ts';

/**
 * How what other subgraphs refer to is found, by the loaders that the graph's own fields are read by: in as many
 * statements as there are kinds of keys, and only what who asks may see.
 */
export const references: Readonly<Record<string, ReferenceResolver<Context>>> = {
  Cohort: (representation, { loaders }) =>
    isGiven(representation, 'id')
      ? loaders.cohort.load(idOf(representation))
      : loaders.cohortByKey.load(textOf(representation, 'key')),
  Patient: async (representation, { loaders }) => {
    if (isGiven(representation, 'id')) return loaders.patient.load(idOf(representation));
    const subjectKey = textOf(representation, 'subjectKey');
    const cohort = representation.cohort;
    if (typeof cohort !== 'object' || cohort === null)
      throw incomplete(representation, 'id, or subjectKey and cohort { key }');
    return loaders.patientBySubject.load({ cohortKey: textOf(cohort as Representation, 'key'), subjectKey });
  },
  Scan: (representation, { loaders }) => loaders.scan.load(idOf(representation)),
  Study: (representation, { loaders }) => loaders.study.load(idOf(representation)),
  Model: (representation, { loaders }) => loaders.model.load(idOf(representation)),
};

function isGiven(representation: Representation, field: string): boolean {
  return representation[field] !== undefined && representation[field] !== null;
}

function idOf(representation: Representation): string {
  return requireId(textOf(representation, 'id'), 'id');
}

function textOf(representation: Representation, field: string): string {
  const value = representation[field];
  if (typeof value !== 'string') throw incomplete(representation, field);
  requireText(value, field, 200);
  return value;
}

function incomplete({ __typename: name }: Representation, fields: string): Failure {
  return new Failure('INPUT_INVALID', `a reference to a ${name ?? 'Cohort'} needs ${fields}`, {
    field: fields,
  });
}
