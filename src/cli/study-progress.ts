import type { StudyEvent, StudySpecification } from '../engine/study/index.ts';
import { planModels } from '../engine/study/study-models.ts';
import { ProgressBar } from './progress-bar.ts';

/** What a study says on its way, on stderr: models that are done, resamples of the whole selection, and warnings. */
export class StudyProgress {
  readonly #models = new ProgressBar('Fitting models', 'models');
  readonly #resamples = new ProgressBar('Repeating selection', 'resamples');
  readonly #total: number;
  readonly #told = new Set<string>();
  readonly #done = new Set<string>();

  constructor({ endpoints, sources, covariates }: StudySpecification) {
    const names = sources.map(({ name }) => name);
    this.#total = endpoints.length * planModels(names, covariates.length > 0).length;
    this.#models.update(0, this.#total);
  }

  add(event: StudyEvent): void {
    switch (event.type) {
      case 'WarningRaised':
        this.#say(`${event.code}: ${event.message}`);
        break;
      case 'ModelNotFitted':
        this.#say(`${event.failure.code}: ${event.endpoint}, ${event.model}: ${event.failure.message}`);
        this.#finish(`${event.endpoint} ${event.model}`);
        break;
      case 'ConcordanceEstimated':
        this.#finish(`${event.endpoint} ${event.model}`);
        break;
      case 'ConcordanceCorrected':
        if (event.wholePipeline) this.#resamples.update(event.replicate, event.replicates);
        break;
    }
  }

  #finish(model: string): void {
    if (this.#done.has(model)) return;
    this.#done.add(model);
    this.#models.update(this.#done.size, this.#total);
  }

  #say(line: string): void {
    if (this.#told.has(line)) return;
    this.#told.add(line);
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[2K${line}\n` : `${line}\n`);
  }
}
