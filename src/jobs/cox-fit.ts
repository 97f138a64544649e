import { v7 as uuid } from 'uuid';
import { type PrognosisResult, prognosisVersion, replayPrognosis } from '../engine/study/index.ts';
import { type LoadedTable, loadCohortTable } from '../store/cohort-table.ts';
import { contentKey } from '../store/content-key.ts';
import type { CoxSpecification } from '../store/cox-specification.ts';
import { Model } from '../store/entities/model.ts';
import { Prediction } from '../store/entities/prediction.ts';
import { insertNew } from '../store/insert-new.ts';
import { keepModelInputs } from '../store/model-inputs.ts';
import { traced } from '../tracing.ts';
import { EventWriter } from './event-writer.ts';
import type { CoxFitCompleted } from './job-event.ts';
import type { JobRun } from './job-run.ts';
import { softwareVersions } from './software-versions.ts';

/**
 * Fits a Cox model to a cohort in a worker thread, and keeps the model with a prediction for each of its patients.
 * A model that was fitted to the same values before is found again; its events are told as if it were new.
 */
export async function runCoxFit(run: JobRun, specification: CoxSpecification): Promise<CoxFitCompleted> {
  const { dataSource, job } = run;
  const { table, ...read } = await traced('stage load', {}, () =>
    loadCohortTable(dataSource, job.cohortId, specification),
  );
  const key = contentKey(prognosisVersion, job.cohortId, specification, table);
  const known = await dataSource.getRepository(Model).findOneBy({ contentKey: key });
  if (known) {
    await run.emit(replayPrognosis(known.result as PrognosisResult));
    return { type: 'CoxFitCompleted', modelId: known.id, reused: true };
  }
  const events = new EventWriter(run);
  const result = await run.threads.fitCox(table, specification, (event) => events.add(event), run.signal);
  await events.flush();
  return traced('stage keep', {}, () => keep(run, specification, key, result, read));
}

/** Keeps a model with its predictions. Where another process has kept the same one meanwhile, that one stands. */
async function keep(
  { dataSource, job }: JobRun,
  specification: CoxSpecification,
  key: string,
  result: PrognosisResult,
  { patientIds, vectors }: Pick<LoadedTable, 'patientIds' | 'vectors'>,
): Promise<CoxFitCompleted> {
  const id = uuid();
  return dataSource.transaction(async (manager) => {
    await insertNew(manager, Model, [
      {
        id,
        cohortId: job.cohortId,
        jobId: job.id,
        endpoint: specification.endpoint,
        specification,
        contentKey: key,
        result,
        versions: softwareVersions,
      },
    ]);
    const { id: modelId } = await manager.findOneByOrFail(Model, { contentKey: key });
    if (modelId !== id) return { type: 'CoxFitCompleted', modelId, reused: true };
    await insertNew(
      manager,
      Prediction,
      result.predictions.map(({ row, ...prediction }) => ({
        id: uuid(),
        modelId,
        patientId: patientIds[row],
        ...prediction,
      })),
    );
    const predicted = new Set(result.predictions.map(({ row }) => patientIds[row]));
    await keepModelInputs(manager, modelId, vectors, predicted);
    return { type: 'CoxFitCompleted', modelId, reused: false };
  });
}
