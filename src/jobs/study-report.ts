import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Failure } from '../engine/failure.ts';
import type { StudyResult } from '../engine/study/index.ts';
import type { StudyReportData } from '../report/index.ts';
import { jsonHash } from '../store/content-key.ts';
import { ReportFile } from '../store/entities/report-file.ts';
import { Study } from '../store/entities/study.ts';
import { lockObjects } from '../store/erasure/object-removal.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { requireProfile } from '../store/profiles.ts';
import { sourceFeatureNames } from '../store/source-features.ts';
import type { Threads } from './threads.ts';

interface ReportParts {
  readonly dataSource: DataSource;
  readonly objects: ObjectStore;
  readonly threads: Threads;
}

/**
 * Renders a completed study's report in a worker thread and keeps its files, in place of those that were there.
 * Returns them by path. Throws `NOT_FOUND` for a study that was not completed.
 */
export async function createStudyReport(
  { dataSource, objects, threads }: ReportParts,
  study: Study,
): Promise<ReportFile[]> {
  const { subjects, result, ...completed } = await requireResult(dataSource, study);
  const files = await threads.renderReport({
    title: study.name,
    specification: study.specification,
    data: { subjects, sources: await namedSources(dataSource, study, result) },
    result,
    provenance: { ...completed, specificationHash: jsonHash(study.specification) },
  });
  const createdAt = new Date();
  const written = files.map(({ path, mediaType, content }) => {
    const bytes = Buffer.from(content);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return {
      bytes,
      row: { studyId: study.id, path, mediaType, byteLength: bytes.byteLength, sha256, createdAt },
    };
  });
  const rows: ReportFile[] = written.map(({ row }) => row);
  await dataSource.transaction(async (manager) => {
    // Whoever writes the report at the same time waits here, and so does who erases a patient of the study.
    const [{ erased }]: { erased: number }[] = await manager.query(
      'select erased_patients as erased from study where id = $1 for update',
      [study.id],
    );
    if (erased !== study.erasedPatients)
      throw new Failure('CONFLICT', 'a patient of the study was erased while its report was written', {
        studyId: study.id,
      });
    await lockObjects(
      manager,
      rows.map(({ sha256 }) => sha256),
    );
    for (const { bytes } of written) await objects.put(bytes);
    await manager.delete(ReportFile, { studyId: study.id });
    await manager.insert(ReportFile, rows);
  });
  return rows.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function requireResult(dataSource: DataSource, { id, name }: Study) {
  const study = await dataSource.getRepository(Study).findOne({
    select: { subjects: true, result: true, dataHash: true, resultHash: true, versions: true },
    where: { id },
  });
  const { subjects, result, dataHash, resultHash, versions } = study ?? {};
  if (!subjects || !result || !dataHash || !resultHash || !versions)
    throw new Failure('NOT_FOUND', `study ${name} has no result yet: run it first`, { studyId: id });
  return { subjects, result, dataHash, resultHash, versions };
}

/** The names of the features of each source that the study had. */
async function namedSources(
  dataSource: DataSource,
  { specification }: Study,
  { agreement }: StudyResult,
): Promise<StudyReportData['sources']> {
  const had = specification.sources.filter(({ name }) => agreement.some(({ source }) => source === name));
  return Promise.all(
    had.map(async (source) => {
      const { featureNames } = await requireProfile(dataSource, source.profile);
      return { name: source.name, features: sourceFeatureNames(source, featureNames) };
    }),
  );
}
