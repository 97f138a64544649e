import type { EntityManager } from 'typeorm';
import type { PrognosisResult, StudyResult } from '../../engine/study/index.ts';
import type { StudySpecification } from '../../engine/study/study-specification.ts';
import { Model } from '../entities/model.ts';
import { Study } from '../entities/study.ts';
import { type ErasedNames, withoutTraces } from './erased-traces.ts';

/**
 * Takes patients out of a study: what was made of all stays, marked, and what was said of each of them goes, in its models as
 * well. Returns who of them was in it, by subject key.
 */
export async function eraseFromStudy(
  manager: EntityManager,
  studyId: string,
  names: ErasedNames,
): Promise<readonly string[]> {
  const { subjects, result, specification, erasedPatients } = await manager.findOneOrFail(Study, {
    select: { id: true, specification: true, erasedPatients: true, subjects: true, result: true },
    where: { id: studyId },
  });
  const standIns = new Map<string, string>();
  const rename = (subject: string): string => {
    if (!names.subjectKeys.has(subject)) return subject;
    const standIn = standIns.get(subject) ?? `erased-${erasedPatients + standIns.size + 1}`;
    standIns.set(subject, standIn);
    return standIn;
  };
  const rows = new Set<number>();
  const renamedSubjects = subjects?.map((subject, row) => {
    if (names.subjectKeys.has(subject)) rows.add(row);
    return rename(subject);
  });
  const renamedSpecification = renamed(specification, rename);
  if (standIns.size === 0) return [];
  await manager.update(Study, { id: studyId }, {
    erasedPatients: erasedPatients + standIns.size,
    specification: renamedSpecification,
    ...(rows.size > 0 && {
      subjects: renamedSubjects,
      result: withoutRows(withoutTraces(result, names) as StudyResult, rows),
    }),
  } as object);
  if (rows.size > 0)
    for (const model of await manager.findBy(Model, { studyId }))
      await manager.update(
        Model,
        { id: model.id },
        {
          erasedPatients: model.erasedPatients + rows.size,
          result: withoutPredictions(model.result as PrognosisResult, rows),
        },
      );
  return [...standIns.keys()];
}

/** A specification in which patients who train, validate or have a fold by name have other ones. */
function renamed(specification: StudySpecification, rename: (subject: string) => string): StudySpecification {
  const { split, folds } = specification;
  return {
    ...specification,
    ...(split?.kind === 'GIVEN' && {
      split: { ...split, training: split.training.map(rename), validation: split.validation.map(rename) },
    }),
    ...(folds?.kind === 'GIVEN' && {
      folds: {
        ...folds,
        foldOf: Object.fromEntries(
          Object.entries(folds.foldOf).map(([subject, fold]) => [rename(subject), fold]),
        ),
      },
    }),
  };
}

function withoutRows(result: StudyResult, rows: ReadonlySet<number>): StudyResult {
  return {
    ...result,
    endpoints: result.endpoints.map((endpoint) => ({
      ...endpoint,
      models: endpoint.models.map((model) => ({
        ...model,
        result: model.result && withoutPredictions(model.result, rows),
      })),
    })),
  };
}

function withoutPredictions<T extends PrognosisResult>(result: T, rows: ReadonlySet<number>): T {
  return { ...result, predictions: result.predictions.filter(({ row }) => !rows.has(row)) };
}
