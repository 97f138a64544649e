import type { Coefficient, Subset } from '../engine/study/prognosis-event.ts';
import type { EndpointResult, StudyModelOutcome, StudyModelResult } from '../engine/study/study-result.ts';
import type { Nomogram } from '../engine/survival/index.ts';
import { calibrationFigure } from './figures/calibration.ts';
import { concordanceFigure } from './figures/concordance.ts';
import { decisionCurveFigure } from './figures/decision-curve.ts';
import type { Figure } from './figures/drawing.ts';
import { forestFigure } from './figures/forest.ts';
import { kaplanMeierFigure } from './figures/kaplan-meier.ts';
import { lassoFigure } from './figures/lasso.ts';
import { nomogramFigure } from './figures/nomogram.ts';
import { patientFlowFigure } from './figures/patient-flow.ts';
import { stagesFigure } from './figures/stages.ts';
import { fileNameParts } from './file-name.ts';
import { counted, fixed, horizonText, unitName } from './notation.ts';
import type { StudyReportInput } from './study-report-input.ts';
import { subsetNames } from './tables/horizons.ts';
import { modelLabel, performanceRows } from './tables/performance.ts';
import { TermLabels } from './term-labels.ts';

export interface StudyFigures {
  readonly flow: Figure;
  readonly endpoints: readonly {
    readonly endpoint: string;
    /** Of all models together. */
    readonly overview: readonly Figure[];
    readonly models: readonly { readonly model: string; readonly figures: readonly Figure[] }[];
  }[];
}

const subsets = ['TRAINING', 'VALIDATION'] as const;

/** Every figure of a study; what a model lacks is not drawn. */
export function studyFigures({ result }: Pick<StudyReportInput, 'result'>): StudyFigures {
  const labels = new TermLabels(result.characteristics);
  const slugs = fileNameParts(result.endpoints.map(({ endpoint }) => endpoint));
  const lines = (subset: Subset) => result.endpoints.map((endpoint) => followUpLine(endpoint, subset));
  return {
    flow: patientFlowFigure({
      name: 'patient-flow',
      title: 'Flow of patients',
      patients: result.patients,
      training: lines('TRAINING'),
      validation: lines('VALIDATION'),
    }),
    endpoints: result.endpoints.map((endpoint, place) => {
      const modelSlugs = fileNameParts(endpoint.models.map(({ name }) => name));
      return {
        endpoint: endpoint.endpoint,
        overview: overview(endpoint, slugs[place]),
        models: endpoint.models.flatMap((model, m) => {
          if (!model.result) return [];
          const slug = `${slugs[place]}-${modelSlugs[m]}`;
          return [{ model: model.name, figures: modelFigures(endpoint, model, model.result, slug, labels) }];
        }),
      };
    }),
  };
}

function followUpLine({ endpoint, subsets: all, timeUnit }: EndpointResult, subset: Subset): string {
  const found = all.find((item) => item.subset === subset);
  if (!found || found.patients === 0) return `${endpoint}: no patient`;
  const followUp =
    found.medianFollowUp === null
      ? ''
      : `, median follow-up ${fixed(found.medianFollowUp, timeUnit === 'DAYS' ? 0 : 1)} ${unitName(timeUnit)}`;
  return `${endpoint}: ${counted(found.events, 'event')}${followUp}`;
}

function overview(endpoint: EndpointResult, slug: string): Figure[] {
  const { endpoint: name, models } = endpoint;
  const figures = [
    stagesFigure({
      name: `stages-${slug}`,
      title: `Selection of features and covariates for ${name}`,
      models: models.map((model) => ({ ...model, name: modelLabel(model.name) })),
    }),
    concordanceFigure({
      name: `concordance-${slug}`,
      title: `C-index of each model for ${name}`,
      endpoint: name,
      models: performanceRows([endpoint]).map((row) => ({
        name: modelLabel(row.model),
        training: row.training,
        corrected: correctedConcordance(row.pipelineOptimism ?? row.optimism),
        validation: row.validation,
      })),
    }),
  ];
  for (const subset of subsets) {
    const figure = decisionCurves(endpoint, subset, slug);
    if (figure) figures.push(figure);
  }
  return figures;
}

function correctedConcordance(optimism: StudyModelResult['optimism']) {
  return optimism && { estimate: optimism.corrected, lower: optimism.lower, upper: optimism.upper };
}

function decisionCurves(
  { endpoint, timeUnit, horizons, models }: EndpointResult,
  subset: Subset,
  slug: string,
): Figure | null {
  const panels = horizons.map((horizon) => ({
    title: horizonText(horizon, timeUnit, endpoint),
    curves: models.flatMap((model) => {
      const assessed = model.result?.performance.find((item) => item.subset === subset);
      const decision = assessed?.horizons.find((item) => item.horizon === horizon)?.decision;
      return decision ? [{ model: modelLabel(model.name), ...decision }] : [];
    }),
  }));
  if (panels.every(({ curves }) => curves.length === 0)) return null;
  const set = subsetNames[subset].toLowerCase();
  return decisionCurveFigure({
    name: `decision-${slug}-${set}`,
    title: `Decision curves for ${endpoint}, ${set}`,
    endpoint,
    panels,
  });
}

function modelFigures(
  endpoint: EndpointResult,
  outcome: StudyModelOutcome,
  result: StudyModelResult,
  slug: string,
  labels: TermLabels,
): Figure[] {
  const { endpoint: name, timeUnit } = endpoint;
  const labelled = (row: Coefficient) => ({ ...row, name: labels.of(row.name) });
  const model = modelLabel(outcome.name);
  const about = (kind: string, title: string) => ({
    name: `${kind}-${slug}`,
    title: `${title} for ${name}, ${model}`,
  });
  const figures = [
    kaplanMeierFigure({
      ...about('km', 'Kaplan–Meier curves by risk group'),
      endpoint: name,
      timeUnit,
      panels: subsets.flatMap((subset) => {
        const assessed = result.performance.find((item) => item.subset === subset);
        const curves = result.curves.filter((curve) => curve.subset === subset);
        if (!assessed && curves.length === 0) return [];
        return {
          title: `${subsetNames[subset]} (${counted(assessed?.patients ?? 0, 'patient')})`,
          curves,
          logRank: result.comparisons.find((item) => item.subset === subset)?.logRank ?? null,
          hazardRatio: assessed?.hazardRatio ?? null,
        };
      }),
    }),
  ];
  // The radscore of a model with clinical covariates is that of the model without them.
  if (result.radscore && outcome.kind === 'RADIOMICS')
    figures.push(lassoFigure({ ...about('lasso', 'LASSO-Cox'), radscore: result.radscore }));
  if (outcome.kind !== 'RADIOMICS')
    figures.push(
      forestFigure({
        ...about('forest', 'Hazard ratios'),
        sections: [
          { title: 'Univariable', rows: result.univariate.map(labelled) },
          { title: 'Multivariable, final', rows: result.model.coefficients.map(labelled) },
        ],
      }),
    );
  if (result.nomogram)
    figures.push(
      nomogramFigure({
        ...about('nomogram', 'Nomogram'),
        endpoint: name,
        timeUnit,
        nomogram: labelledNomogram(result.nomogram, labels),
      }),
    );
  for (const subset of subsets) {
    const calibration = result.calibration.filter((item) => item.subset === subset);
    if (calibration.length === 0) continue;
    const set = subsetNames[subset].toLowerCase();
    figures.push(
      calibrationFigure({
        ...about(`calibration-${set}`, `Calibration in ${set}`),
        endpoint: name,
        panels: calibration.map(({ horizon, groups, smooth }) => ({
          title: horizonText(horizon, timeUnit, name),
          groups,
          smooth: smooth?.curve ?? null,
        })),
      }),
    );
  }
  return figures;
}

function labelledNomogram(nomogram: Nomogram, labels: TermLabels): Nomogram {
  const variables = nomogram.variables.map((variable) => ({ ...variable, name: labels.of(variable.name) }));
  return { ...nomogram, variables };
}
