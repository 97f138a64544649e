import { type EntityManager, In, type QueryDeepPartialEntity } from 'typeorm';
import { v7 as uuid } from 'uuid';
import type { Failure } from '../engine/failure.ts';
import { extractorVersion } from '../engine/radiomics/index.ts';
import { FeatureVector } from '../store/entities/feature-vector.ts';
import { encodeFeatures } from '../store/feature-values.ts';
import { insertNew } from '../store/insert-new.ts';
import type { ExtractedFeatures } from './extract.worker.ts';
import type { ExtractionCompleted, JobEventBody } from './job-event.ts';
import type { JobRun } from './job-run.ts';

/** Results are written together, this often at the least, so that the database does not set the pace. */
const writeMilliseconds = 150;

/** Keeps what an extraction has found: feature vectors and the events that tell of them, always in one transaction. */
export class ExtractionLog {
  readonly #run: JobRun;
  readonly #profileId: string;
  readonly #total: number;
  readonly #version: string;
  readonly #counts: { extracted: number; known: number; failed: number };
  #vectors: QueryDeepPartialEntity<FeatureVector>[] = [];
  #events: JobEventBody[] = [];
  #lastWrite = Date.now();
  #writing = Promise.resolve();

  /** `finished` of `total` regions have vectors already; those that are added are of the extractor's `version`. */
  constructor(run: JobRun, profileId: string, finished: number, total: number, version = extractorVersion) {
    this.#version = version;
    this.#run = run;
    this.#profileId = profileId;
    this.#total = total;
    this.#counts = { extracted: 0, known: finished, failed: 0 };
  }

  begin(): Promise<void> {
    return this.#run.emit([this.#progress()]);
  }

  add(
    roiId: string,
    patientId: string,
    contentKey: string,
    features: ExtractedFeatures,
    reused: boolean,
  ): void {
    this.#counts[reused ? 'known' : 'extracted']++;
    const id = uuid();
    this.#vectors.push({
      id,
      patientId,
      roiId,
      profileId: this.#profileId,
      contentKey,
      extractorVersion: this.#version,
      values: encodeFeatures(features.values),
      diagnostics: features.diagnostics,
      warnings: [...features.warnings],
    });
    this.#events.push({ type: 'RoiExtracted', roiId, featureVectorId: id, reused });
  }

  addFailure(roiId: string, failure: Failure): void {
    this.#counts.failed++;
    this.#events.push({ type: 'RoiFailed', roiId, failure: failure.toJSON() });
  }

  async writeIfDue(): Promise<void> {
    if (Date.now() - this.#lastWrite >= writeMilliseconds) await this.write();
  }

  /** Writes what was added since the last time, after all that was written before. */
  write(): Promise<void> {
    const vectors = this.#vectors;
    const events = [...this.#events, this.#progress()];
    this.#vectors = [];
    this.#events = [];
    this.#lastWrite = Date.now();
    this.#writing = this.#writing.then(() =>
      this.#run.dataSource.transaction(async (manager) => {
        await insertNew(manager, FeatureVector, vectors);
        await this.#run.emit(await this.#withStandingVectors(events, manager), manager);
      }),
    );
    return this.#writing;
  }

  /** Should another job have extracted a region meanwhile, its row stands: it is the one to tell of. */
  async #withStandingVectors(
    events: readonly JobEventBody[],
    manager: EntityManager,
  ): Promise<readonly JobEventBody[]> {
    const roiIds = events.flatMap((event) => (event.type === 'RoiExtracted' ? [event.roiId] : []));
    const standing = await manager.find(FeatureVector, {
      select: { id: true, roiId: true },
      where: { profileId: this.#profileId, roiId: In(roiIds) },
    });
    const idOf = new Map(standing.map(({ id, roiId }) => [roiId, id]));
    return events.map((event) =>
      event.type === 'RoiExtracted'
        ? { ...event, featureVectorId: idOf.get(event.roiId) ?? event.featureVectorId }
        : event,
    );
  }

  summary(): ExtractionCompleted {
    return { type: 'ExtractionCompleted', ...this.#counts };
  }

  #progress(): JobEventBody {
    const { extracted, known, failed } = this.#counts;
    return { type: 'JobProgress', stage: 'EXTRACTION', done: extracted + known + failed, total: this.#total };
  }
}
