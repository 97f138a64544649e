import type { EntityManager } from 'typeorm';
import type { PrognosisResult, StudyResult } from '../../engine/study/index.ts';
import type { StudySpecification } from '../../engine/study/study-specification.ts';
import { Model } from '../entities/model.ts';
import { Study } from '../entities/study.ts';
import { type ErasedNames, withoutTraces } from './erased-traces.ts';

/**
 * Takes a patient out of a study: what was made of all stays, marked, and what was said of the patient goes, in its models as
 * well. Returns whether the patient was in it.
 */
export async function eraseFromStudy(
  manager: EntityManager,
  studyId: string,
  names: ErasedNames,
): Promise<boolean> {
  const { subjects, result, specification, erasedPatients } = await manager.findOneOrFail(Study, {
    select: { id: true, specification: true, erasedPatients: true, subjects: true, result: true },
    where: { id: studyId },
  });
  const standIn = `erased-${erasedPatients + 1}`;
  const row = subjects?.indexOf(names.subjectKey) ?? -1;
  const named = renamed(specification, names.subjectKey, standIn);
  if (row < 0 && !named) return false;
  await manager.update(Study, { id: studyId }, {
    erasedPatients: erasedPatients + 1,
    ...(named && { specification: named }),
    ...(row >= 0 && {
      subjects: subjects?.map((subject, place) => (place === row ? standIn : subject)) ?? null,
      result: withoutRow(withoutTraces(result, names) as StudyResult, row),
    }),
  } as object);
  if (row < 0) return true;
  for (const model of await manager.findBy(Model, { studyId }))
    await manager.update(
      Model,
      { id: model.id },
      {
        erasedPatients: model.erasedPatients + 1,
        result: withoutPrediction(model.result as PrognosisResult, row),
      },
    );
  return true;
}

/** A specification in which a patient who trains, validates or has a fold by name has another one; null where there is none. */
function renamed(
  specification: StudySpecification,
  subjectKey: string,
  standIn: string,
): StudySpecification | null {
  const { split, folds } = specification;
  let found = false;
  const rename = (subject: string) => {
    if (subject !== subjectKey) return subject;
    found = true;
    return standIn;
  };
  const changed = {
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
  return found ? changed : null;
}

function withoutRow(result: StudyResult, row: number): StudyResult {
  return {
    ...result,
    endpoints: result.endpoints.map((endpoint) => ({
      ...endpoint,
      models: endpoint.models.map((model) => ({
        ...model,
        result: model.result && withoutPrediction(model.result, row),
      })),
    })),
  };
}

function withoutPrediction<T extends PrognosisResult>(result: T, row: number): T {
  return { ...result, predictions: result.predictions.filter((prediction) => prediction.row !== row) };
}
