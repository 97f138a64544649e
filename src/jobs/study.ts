import { IsNull } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { type StudyData, type StudyResult, studyVersion } from '../engine/study/index.ts';
import { freezeCohort, requireFrozen } from '../store/cohort-versions.ts';
import { contentKey, jsonHash } from '../store/content-key.ts';
import { Model } from '../store/entities/model.ts';
import { Prediction } from '../store/entities/prediction.ts';
import { Study } from '../store/entities/study.ts';
import { insertNew } from '../store/insert-new.ts';
import { keepModelInputs } from '../store/model-inputs.ts';
import { requireStudy, requireUnchanged } from '../store/studies.ts';
import { type LoadedStudyData, loadStudyData, studyDataHash } from '../store/study-data.ts';
import { traced } from '../tracing.ts';
import { EventWriter } from './event-writer.ts';
import type { JobEventBody, StudyCompleted } from './job-event.ts';
import type { JobRun } from './job-run.ts';
import { softwareVersions } from './software-versions.ts';
import { runStudyInThreads } from './study-threads.ts';

export interface StudyJob {
  readonly studyId: string;
}

/**
 * Runs a study in worker threads, and keeps its result, its models and a prediction of each for each patient. A study
 * that was completed is not run again: what its run told is told once more.
 */
export async function runStudy(run: JobRun, { studyId }: StudyJob): Promise<StudyCompleted> {
  const { dataSource, threads, signal } = run;
  const study = await requireStudy(dataSource, studyId);
  const { cohortId, specification } = study;
  if (study.completedAt) {
    const { data } = await loadStudyData(dataSource, cohortId, specification);
    requireUnchanged(study, studyDataHash(data), studyVersion);
    await retell(run, study);
    return { type: 'StudyCompleted', studyId, resultHash: study.resultHash as string, reused: true };
  }
  const cohortVersionId = study.cohortVersionId ?? (await freezeCohort(dataSource, cohortId)).id;
  const { data, ...read } = await traced('stage load', {}, () =>
    loadStudyData(dataSource, cohortId, specification),
  );
  // Checked after the data were read: what was so when they were frozen, and is now, was so between.
  await requireFrozen(dataSource, cohortVersionId);
  const dataHash = studyDataHash(data);
  const events = new EventWriter(run);
  const work = { runId: run.job.id, data, specification };
  const result = await runStudyInThreads(threads, work, (event) => events.add(event), signal);
  await events.flush();
  return traced('stage keep', {}, () =>
    keep(run, { ...study, cohortVersionId }, dataHash, result, data, read),
  );
}

/** Tells the events of the run that completed a study once more. */
async function retell(run: JobRun, { jobId }: Study): Promise<void> {
  const { from, to } = await longestAttempt(run, jobId);
  const pageSize = 500;
  for (let after = from; ; ) {
    const rows: { sequence: number; payload: JobEventBody }[] = await run.dataSource.query(
      `select sequence, payload from job_event
       where job_id = $1 and sequence > $2 and sequence < $3 and type <> 'StudyCompleted'
       order by sequence limit ${pageSize}`,
      [jobId, after, to],
    );
    if (rows.length === 0) return;
    await run.emit(rows.map(({ payload }) => payload));
    after = rows[rows.length - 1].sequence;
  }
}

/**
 * Where in a job's log its longest attempt stands, between two sequence numbers. All attempts tell the same as far as
 * they get, so it is a whole one, also where the very job that tells it again had been cut off at its last event.
 */
async function longestAttempt(
  { dataSource }: JobRun,
  jobId: string | null,
): Promise<{ from: number; to: number }> {
  const [attempt]: { from: number; to: number }[] = await dataSource.query(
    `with attempt as (
       select sequence as "from", coalesce(lead(sequence) over (order by sequence), last_sequence + 1) as "to"
       from job_event join job on job.id = job_id where job_id = $1 and type = 'JobStarted'
     )
     select * from attempt order by "to" - "from" desc, "from" limit 1`,
    [jobId],
  );
  return attempt ?? { from: 0, to: 0 };
}

/** Keeps the result with its models and predictions. Where another process has completed the study meanwhile, its result stands. */
async function keep(
  { dataSource, job }: JobRun,
  study: Study,
  dataHash: string,
  result: StudyResult,
  { subjects }: StudyData,
  { patientIds, vectors }: Pick<LoadedStudyData, 'patientIds' | 'vectors'>,
): Promise<StudyCompleted> {
  const resultHash = jsonHash(result);
  const { id: studyId, cohortId, cohortVersionId, specification } = study;
  return dataSource.transaction(async (manager) => {
    const completion = {
      jobId: job.id,
      cohortVersionId,
      dataHash,
      resultHash,
      engineVersion: studyVersion,
      versions: softwareVersions,
      subjects: [...subjects],
      result,
      completedAt: new Date(),
    };
    const { affected } = await manager.update(
      Study,
      { id: studyId, completedAt: IsNull() },
      completion as object,
    );
    if (affected === 0) {
      const standing = await manager.findOneByOrFail(Study, { id: studyId });
      return { type: 'StudyCompleted', studyId, resultHash: standing.resultHash as string, reused: true };
    }
    for (const { endpoint, models } of result.endpoints) {
      for (const { name, kind, sources, result: model } of models) {
        if (!model) continue;
        const id = uuid();
        const contents = [studyVersion, studyId, dataHash, specification, endpoint, name];
        await manager.insert(Model, {
          id,
          cohortId,
          jobId: job.id,
          studyId,
          endpoint,
          name,
          specification: { endpoint, name, kind, sources },
          contentKey: contentKey(...contents),
          result: model,
          versions: softwareVersions,
        });
        await insertNew(
          manager,
          Prediction,
          model.predictions.map(({ row, ...prediction }) => ({
            id: uuid(),
            modelId: id,
            patientId: patientIds[row],
            ...prediction,
          })),
        );
        const predicted = new Set(model.predictions.map(({ row }) => patientIds[row]));
        const read = sources.flatMap((source) => vectors.get(source) ?? []);
        await keepModelInputs(manager, id, read, predicted);
      }
    }
    return { type: 'StudyCompleted', studyId, resultHash, reused: false };
  });
}
