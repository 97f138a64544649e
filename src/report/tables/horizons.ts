import type { Subset } from '../../engine/study/prognosis-event.ts';
import type { EndpointResult, HorizonPerformance } from '../../engine/study/study-result.ts';
import { fixed, horizonText } from '../notation.ts';
import { modelLabel } from './performance.ts';
import { makeTable, type ReportTable } from './table.ts';

interface HorizonRow extends HorizonPerformance {
  readonly endpoint: EndpointResult;
  readonly model: string;
  readonly subset: Subset;
}

export const subsetNames: Readonly<Record<Subset, string>> = {
  TRAINING: 'Training',
  VALIDATION: 'Validation',
};

/** How well each model predicts at each horizon: time-dependent AUC and Brier score. */
export function horizonTable(name: string, title: string, endpoints: readonly EndpointResult[]): ReportTable {
  return makeTable<HorizonRow>({
    name,
    title,
    rows: endpoints.flatMap((endpoint) =>
      endpoint.models.flatMap((model) =>
        (model.result?.performance ?? []).flatMap(({ subset, horizons }) =>
          horizons.map((horizon) => ({ endpoint, model: model.name, subset, ...horizon })),
        ),
      ),
    ),
    columns: [
      {
        title: 'Horizon',
        text: ({ endpoint, horizon }) => horizonText(horizon, endpoint.timeUnit, endpoint.endpoint),
      },
      { title: 'Model', text: ({ model }) => modelLabel(model) },
      { title: 'Patients', text: ({ subset }) => subsetNames[subset] },
      { title: 'AUC', isNumber: true, text: ({ auc }) => fixed(auc, 3) },
      { title: 'Brier score', isNumber: true, text: ({ brier }) => fixed(brier, 3) },
      { title: 'of Kaplan–Meier', isNumber: true, text: ({ referenceBrier }) => fixed(referenceBrier, 3) },
    ],
    exact: [
      { name: 'endpoint', value: ({ endpoint }) => endpoint.endpoint },
      { name: 'horizon', value: ({ horizon }) => horizon },
      { name: 'time_unit', value: ({ endpoint }) => endpoint.timeUnit },
      { name: 'auc', value: ({ auc }) => auc },
      { name: 'brier', value: ({ brier }) => brier },
      { name: 'reference_brier', value: ({ referenceBrier }) => referenceBrier },
    ],
    notes: [
      'AUC: cumulative/dynamic, weighted by the inverse probability of censoring. Brier score: the lower the better; beside it that of the Kaplan–Meier curve, which knows no patient.',
    ],
  });
}
