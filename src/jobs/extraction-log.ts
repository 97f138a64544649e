import { v7 as uuid } from 'uuid';
import type { Failure } from '../engine/failure.ts';
import { extractorVersion } from '../engine/radiomics/index.ts';
import { FeatureVector } from '../store/entities/feature-vector.ts';
import { encodeFeatures } from '../store/feature-values.ts';
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
  readonly #counts: { extracted: number; known: number; failed: number };
  #vectors: FeatureVector[] = [];
  #events: JobEventBody[] = [];
  #lastWrite = Date.now();
  #writing = Promise.resolve();

  constructor(run: JobRun, profileId: string, finished: number, total: number) {
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
    const vector = this.#run.dataSource.manager.create(FeatureVector, {
      id: uuid(),
      patientId,
      roiId,
      profileId: this.#profileId,
      contentKey,
      extractorVersion,
      values: encodeFeatures(features.values),
      diagnostics: features.diagnostics,
      warnings: [...features.warnings],
    });
    this.#vectors.push(vector);
    this.#events.push({ type: 'RoiExtracted', roiId, featureVectorId: vector.id, reused });
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
        // Should another job have extracted the same region meanwhile, its row stands.
        await manager.createQueryBuilder().insert().into(FeatureVector).values(vectors).orIgnore().execute();
        await this.#run.emit(events, manager);
      }),
    );
    return this.#writing;
  }

  summary(): ExtractionCompleted {
    return { type: 'ExtractionCompleted', ...this.#counts };
  }

  #progress(): JobEventBody {
    const { extracted, known, failed } = this.#counts;
    return { type: 'JobProgress', stage: 'EXTRACTION', done: extracted + known + failed, total: this.#total };
  }
}
