import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import type {
  CohortTable,
  PrognosisEvent,
  PrognosisResult,
  PrognosisSpecification,
  StudyData,
  StudyEvent,
  StudyReplicate,
  StudyResult,
  StudySpecification,
} from '../engine/study/index.ts';
import type { ReportFile, StudyReportInput } from '../report/index.ts';
import { traced } from '../tracing.ts';
import type { CoxFitTask } from './cox-fit.worker.ts';
import type { ExtractedFeatures, ExtractTask } from './extract.worker.ts';
import type { Inspection, InspectTask } from './inspect.worker.ts';
import type { StreamedTask } from './stream-steps.ts';
import type { StudyTask } from './study.worker.ts';
import type { StudyReplicateTask } from './study-replicate.worker.ts';
import { type ThreadResult, unwrap } from './thread-result.ts';
import { workerPool } from './worker-pool.ts';

// In the sources a worker is a .ts file, which Node 24 runs as it is; in the build it is a .js file.
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
const worker = (name: string) => new URL(`./${name}.worker${extension}`, import.meta.url).href;

/** The worker threads of this process. All heavy work runs here. */
export class Threads {
  readonly #pool: Piscina;
  readonly count: number;

  constructor(count: number) {
    this.count = count;
    this.#pool = workerPool(count);
  }

  async inspect(task: InspectTask): Promise<Inspection[]> {
    return unwrap(await this.#run<Inspection[]>('inspect', task));
  }

  async extract(task: ExtractTask): Promise<ExtractedFeatures> {
    return unwrap(await this.#run<ExtractedFeatures>('extract', task));
  }

  /** Fits a prognostic model; `onEvent` hears of each step in order. Ends with `JOB_CANCELLED` soon after `signal` fires. */
  fitCox(
    table: CohortTable,
    specification: PrognosisSpecification,
    onEvent: (event: PrognosisEvent) => void,
    signal: AbortSignal,
  ): Promise<PrognosisResult> {
    const task: Omit<CoxFitTask, keyof StreamedTask> = { table, specification };
    return this.#stream('cox-fit', task, onEvent, signal);
  }

  /** Runs a study but for its repeated selection; `onEvent` and `signal` as for a fit. */
  fitStudy(
    data: StudyData,
    specification: StudySpecification,
    onEvent: (event: StudyEvent) => void,
    signal: AbortSignal,
  ): Promise<StudyResult> {
    const task: Omit<StudyTask, keyof StreamedTask> = { data, specification };
    return this.#stream('study', task, onEvent, signal);
  }

  /** Repeats a study's selection in one resample. */
  async replicateStudy(task: StudyReplicateTask): Promise<StudyReplicate[]> {
    return unwrap(await this.#run<StudyReplicate[]>('study-replicate', task));
  }

  /** Draws and writes a study's report. */
  async renderReport(input: StudyReportInput): Promise<ReportFile[]> {
    return unwrap(await this.#run<ReportFile[]>('study-report', input));
  }

  /** Runs a task that tells of its steps on a port of its own. */
  async #stream<Event, Result>(
    name: string,
    task: object,
    onEvent: (event: Event) => void,
    signal: AbortSignal,
  ): Promise<Result> {
    const { port1, port2 } = new MessageChannel();
    const cancelled = new Int32Array(new SharedArrayBuffer(4));
    const cancel = () => Atomics.store(cancelled, 0, 1);
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    port1.on('message', onEvent);
    const drained = once(port1, 'close');
    try {
      const streamed: StreamedTask = { events: port2, cancelled };
      const result = await this.#run<Result>(name, { ...task, ...streamed }, [port2]);
      // Events travel on a port of their own, which closes after the last one: none is left behind the result.
      await drained;
      return unwrap(result);
    } finally {
      signal.removeEventListener('abort', cancel);
      port1.close();
    }
  }

  /** A stage of a job or request: a task in a thread. */
  #run<Result>(name: string, task: object, transferList: MessagePort[] = []): Promise<ThreadResult<Result>> {
    return traced(
      `stage ${name}`,
      {},
      async () =>
        (await this.#pool.run(task, { filename: worker(name), transferList })) as ThreadResult<Result>,
    );
  }

  async stop(): Promise<void> {
    await this.#pool.close({ force: true });
  }
}
