import type { SyntheticCohort } from '../../synthetic/cohort.ts';
import { ProgressBar } from '../progress-bar.ts';
import { type FollowedEvent, followJob } from './follow-job.ts';
import type { GraphClient } from './graph-client.ts';
import * as operations from './operations.ts';
import type { Concordance, ModelRow } from './performance-table.ts';

/** The demo's study: the paper's, with features of every phase of both modalities as the first reader drew them. */
const sources = ['CT', 'MR'].map((modality) => ({
  name: modality,
  modality,
  phases: ['ARTERIAL', 'VENOUS', 'EQUILIBRIUM'],
  reader: 'reader-1',
  session: 1,
  repeats: [
    { kind: 'WITHIN_READER', session: 2 },
    { kind: 'BETWEEN_READERS', reader: 'reader-2' },
  ],
}));
const endpoints = ['DFS', 'OS'];
const modelCount = 5 * endpoints.length;

export interface CompletedStudy {
  readonly studyId: string;
  readonly resultHash: string;
  readonly models: readonly ModelRow[];
  /** Where the report can be fetched from the server. */
  readonly report: string;
}

/** Creates the demo's study, runs it, puts its table together from the stream alone, and has its report written. */
export async function runDemoStudy(
  client: GraphClient,
  cohortId: string,
  cohort: SyntheticCohort,
): Promise<CompletedStudy> {
  const { createStudy } = await client.run<{ createStudy: { id: string } }>(operations.createStudy, {
    input: {
      cohortId,
      name: 'CT and MR radiomics',
      endpoints: endpoints.map((name) => ({ name })),
      sources,
      covariates: cohort.covariates.map(({ name }) => name),
      split: {
        given: { training: subjectsOf(cohort, 'TRAINING'), validation: subjectsOf(cohort, 'VALIDATION') },
      },
      pipelineReplicates: 10,
    },
  });
  const { id } = createStudy;
  const { runStudy } = await client.run<{ runStudy: { id: string } }>(operations.runStudy, { id });
  const models = new Map<string, ModelRow>();
  const fitting = new ProgressBar('Fitting models', 'models');
  const repeating = new ProgressBar('Repeating selection', 'resamples');
  fitting.update(0, modelCount);
  const end = await followJob(client, runStudy.id, (event) => {
    draw(models, event);
    if (event.__typename === 'ModelEstimated' || event.__typename === 'ModelNotFitted')
      fitting.update(models.size, modelCount);
    if (event.__typename === 'ConcordanceCorrected' && event.wholePipeline)
      repeating.update(event.replicate as number, event.replicates as number);
  });
  const { createStudyReport } = await client.run<{ createStudyReport: { path: string; url: string }[] }>(
    operations.createStudyReport,
    { id },
  );
  return {
    studyId: id,
    resultHash: end.resultHash as string,
    models: [...models.values()],
    report: createStudyReport.find(({ path }) => path === 'report.html')?.url as string,
  };
}

function subjectsOf({ patients }: SyntheticCohort, subset: 'TRAINING' | 'VALIDATION'): string[] {
  return patients.filter(({ group }) => group === subset).map(({ subject }) => subject);
}

/** Adds what an event says of a model to its row. */
function draw(models: Map<string, ModelRow>, event: FollowedEvent): void {
  const { endpoint, model } = event;
  if (typeof endpoint !== 'string' || typeof model !== 'string') return;
  const key = `${endpoint} ${model}`;
  const row = models.get(key) ?? { endpoint, model };
  switch (event.__typename) {
    case 'ConcordanceEstimated': {
      const concordance = event.concordance as Concordance & { subset: string };
      models.set(key, {
        ...row,
        [concordance.subset === 'TRAINING' ? 'training' : 'validation']: concordance,
      });
      break;
    }
    case 'ConcordanceCorrected':
      models.set(key, {
        ...row,
        [event.wholePipeline ? 'correctedForSelection' : 'corrected']: event.corrected,
      });
      break;
    case 'RiskGroupsCompared': {
      const { subset, logRank } = event.comparison as { subset: string; logRank: { p: number } };
      if (subset === 'VALIDATION') models.set(key, { ...row, validationLogRankP: logRank.p });
      break;
    }
    case 'ModelNotFitted':
      models.set(key, { ...row, failure: (event.failure as { message: string }).message });
      break;
    default:
      models.set(key, row);
  }
}
