import type { EndpointResult, RadscoreFeature } from '../../engine/study/study-result.ts';
import { fixed, measured } from '../notation.ts';
import { modelLabel } from './performance.ts';
import { makeTable, type ReportTable } from './table.ts';

interface RadscoreRow extends RadscoreFeature {
  readonly endpoint: string;
  readonly model: string;
  readonly lambda: number;
}

/** The features of every radscore: all that is needed to compute it for a new patient. */
export function radscoreTable(
  name: string,
  title: string,
  endpoints: readonly EndpointResult[],
): ReportTable {
  return makeTable<RadscoreRow>({
    name,
    title,
    rows: endpoints.flatMap(({ endpoint, models }) =>
      // The model with clinical covariates has the same radscore as the one without.
      models
        .filter(({ kind }) => kind === 'RADIOMICS')
        .flatMap(({ name: model, result }) =>
          (result?.radscore?.features ?? []).map((feature) => ({
            endpoint,
            model,
            lambda: result?.radscore?.lambda as number,
            ...feature,
          })),
        ),
    ),
    columns: [
      { title: 'Endpoint', text: ({ endpoint }) => endpoint },
      { title: 'Model', text: ({ model }) => modelLabel(model) },
      { title: 'Feature', text: (row) => row.name },
      { title: 'Coefficient', isNumber: true, text: ({ coefficient }) => fixed(coefficient, 4) },
      { title: 'Mean', isNumber: true, text: ({ mean }) => measured(mean) },
      { title: 'SD', isNumber: true, text: ({ standardDeviation }) => measured(standardDeviation) },
    ],
    exact: [
      { name: 'coefficient', value: ({ coefficient }) => coefficient },
      { name: 'mean', value: ({ mean }) => mean },
      { name: 'sd', value: ({ standardDeviation }) => standardDeviation },
      { name: 'lambda', value: ({ lambda }) => lambda },
    ],
    notes: [
      'Radscore = Σ coefficient · (value − mean) / SD, with mean and standard deviation of the training patients.',
    ],
  });
}
