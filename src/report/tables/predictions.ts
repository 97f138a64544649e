import type { EndpointResult } from '../../engine/study/study-result.ts';
import { fixed } from '../notation.ts';
import { subsetNames } from './horizons.ts';
import { modelLabel } from './performance.ts';
import { makeTable, type ReportTable } from './table.ts';

type Prediction = NonNullable<EndpointResult['models'][number]['result']>['predictions'][number];
type PredictionRow = Prediction & {
  readonly subject: string;
  readonly endpoint: string;
  readonly model: string;
};

/** What every model says of every patient. It names subjects, and so has its place in a file, not in what is published. */
export function predictionTable(
  name: string,
  title: string,
  endpoints: readonly EndpointResult[],
  subjects: readonly string[],
): ReportTable {
  return makeTable<PredictionRow>({
    name,
    title,
    rows: endpoints.flatMap(({ endpoint, models }) =>
      models.flatMap(({ name: model, result }) =>
        (result?.predictions ?? []).map((prediction) => ({
          subject: subjects[prediction.row],
          endpoint,
          model,
          ...prediction,
        })),
      ),
    ),
    columns: [
      { title: 'Subject', text: ({ subject }) => subject },
      { title: 'Endpoint', text: ({ endpoint }) => endpoint },
      { title: 'Model', text: ({ model }) => modelLabel(model) },
      { title: 'Set', text: ({ subset }) => subsetNames[subset] },
      { title: 'Radscore', isNumber: true, text: ({ radscore }) => fixed(radscore, 3) },
      { title: 'Linear predictor', isNumber: true, text: ({ linearPredictor }) => fixed(linearPredictor, 3) },
      { title: 'Risk', text: ({ riskGroup }) => (riskGroup === 'HIGH' ? 'high' : 'low') },
    ],
    exact: [
      { name: 'radscore', value: ({ radscore }) => radscore },
      { name: 'linear_predictor', value: ({ linearPredictor }) => linearPredictor },
    ],
  });
}
