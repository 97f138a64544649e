import { followJob } from './follow-job.ts';
import type { GraphClient } from './graph-client.ts';
import * as operations from './operations.ts';
import type { EndpointResult, SubsetResult } from './report.ts';

/** The model of the demo, fixed beforehand: clinical covariates, and the texture of the lesion in one phase of each modality. */
const covariates = ['Tumor_diameter', 'MVI', 'PLT', 'Bleeding_volume'];
const features = [
  { modality: 'CT', phase: 'ARTERIAL' },
  { modality: 'MR', phase: 'VENOUS' },
].map((scan) => ({
  ...scan,
  profile: 'pyradiomics-default',
  reader: 'reader-1',
  session: 1,
  names: ['original_glcm_JointEntropy'],
}));

interface Concordance {
  readonly subset: SubsetResult['subset'];
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

interface Curve {
  readonly subset: SubsetResult['subset'];
  readonly riskGroup: 'LOW' | 'HIGH';
  readonly patients: number;
  readonly events: number;
  readonly median: number | null;
}

interface Comparison {
  readonly subset: SubsetResult['subset'];
  readonly logRank: { readonly p: number };
}

/** Fits the demo's model for one endpoint and puts its result together from the stream alone. */
export async function fitEndpoint(
  client: GraphClient,
  cohortId: string,
  endpoint: string,
): Promise<EndpointResult> {
  const { fitCoxModel } = await client.run<{ fitCoxModel: { id: string } }>(operations.fitCoxModel, {
    input: {
      cohortId,
      endpoint,
      covariates,
      features,
      split: { trainingFraction: 0.7, seed: 1, stratifyByEvent: true },
    },
  });
  const concordance: Concordance[] = [];
  const curves: Curve[] = [];
  const comparisons: Comparison[] = [];
  const end = await followJob(client, fitCoxModel.id, (event) => {
    if (event.__typename === 'ConcordanceEstimated') concordance.push(event.concordance as Concordance);
    if (event.__typename === 'SurvivalCurveEstimated') curves.push(event.curve as Curve);
    if (event.__typename === 'RiskGroupsCompared') comparisons.push(event.comparison as Comparison);
    if (event.__typename === 'FitIterated')
      process.stderr.write(`${endpoint}: step ${event.iteration}, log-likelihood ${event.logLikelihood}\n`);
  });
  return {
    endpoint,
    modelId: end.modelId as string,
    subsets: concordance.map(({ subset, estimate, lower, upper }) => {
      const groups = curves.filter((curve) => curve.subset === subset);
      return {
        subset,
        patients: groups.reduce((sum, curve) => sum + curve.patients, 0),
        events: groups.reduce((sum, curve) => sum + curve.events, 0),
        concordance: { estimate, lower, upper },
        logRankP: comparisons.find((comparison) => comparison.subset === subset)?.logRank.p ?? null,
        medianSurvival: {
          LOW: groups.find((curve) => curve.riskGroup === 'LOW')?.median ?? null,
          HIGH: groups.find((curve) => curve.riskGroup === 'HIGH')?.median ?? null,
        },
      };
    }),
  };
}
