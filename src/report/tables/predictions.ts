import type { EndpointResult, StudyModelResult } from '../../engine/study/study-result.ts';
import { fixed, horizonText } from '../notation.ts';
import { subsetNames } from './horizons.ts';
import { modelLabel } from './performance.ts';
import { makeTable, type ReportTable } from './table.ts';

type Prediction = StudyModelResult['predictions'][number];
type PredictionRow = Prediction & {
  readonly subject: string;
  readonly endpoint: string;
  readonly model: string;
  /** Predicted survival by the name of the horizon. */
  readonly survival: ReadonlyMap<string, number>;
};

/** What every model says of every patient. It names subjects, and so has its place in a file, not in what is published. */
export function predictionTable(
  name: string,
  title: string,
  endpoints: readonly EndpointResult[],
  subjects: readonly string[],
): ReportTable {
  const horizons = [
    ...new Set(endpoints.flatMap((endpoint) => endpoint.horizons.map((at) => nameOf(at, endpoint)))),
  ];
  return makeTable<PredictionRow>({
    name,
    title,
    rows: endpoints.flatMap((endpoint) =>
      endpoint.models.flatMap(({ name: model, result }) => {
        if (!result) return [];
        const hazards = baselineHazards(endpoint, result);
        return result.predictions.map((prediction) => ({
          subject: subjects[prediction.row],
          endpoint: endpoint.endpoint,
          model,
          ...prediction,
          survival: new Map(
            hazards.map(({ name: at, hazard }) => [
              at,
              Math.exp(-hazard * Math.exp(prediction.linearPredictor)),
            ]),
          ),
        }));
      }),
    ),
    columns: [
      { title: 'Subject', text: ({ subject }) => subject },
      { title: 'Endpoint', text: ({ endpoint }) => endpoint },
      { title: 'Model', text: ({ model }) => modelLabel(model) },
      { title: 'Set', text: ({ subset }) => subsetNames[subset] },
      { title: 'Radscore', isNumber: true, text: ({ radscore }) => fixed(radscore, 3) },
      { title: 'Linear predictor', isNumber: true, text: ({ linearPredictor }) => fixed(linearPredictor, 3) },
      { title: 'Risk', text: ({ riskGroup }) => (riskGroup === 'HIGH' ? 'high' : 'low') },
      ...horizons.map((horizon) => ({
        title: horizon,
        isNumber: true,
        text: ({ survival }: PredictionRow) => fixed(survival.get(horizon) ?? null, 3),
      })),
    ],
    exact: [
      { name: 'radscore', value: ({ radscore }) => radscore },
      { name: 'linear_predictor', value: ({ linearPredictor }) => linearPredictor },
      ...horizons.map((horizon) => ({
        name: `survival_${horizon.replace(/ survival$/, '').replaceAll(/\W+/g, '_')}`,
        value: ({ survival }: PredictionRow) => survival.get(horizon) ?? null,
      })),
    ],
  });
}

/** Of a patient whose linear predictor is 0, up to each horizon: survival is exp(−Λ₀(t) · exp(linear predictor)). */
function baselineHazards(
  endpoint: EndpointResult,
  { prediction: { baseline } }: StudyModelResult,
): { name: string; hazard: number }[] {
  return endpoint.horizons.map((horizon) => {
    const step = baseline.time.findLastIndex((time) => time <= horizon);
    return { name: nameOf(horizon, endpoint), hazard: step < 0 ? 0 : baseline.cumulativeHazard[step] };
  });
}

function nameOf(horizon: number, { timeUnit }: EndpointResult): string {
  return horizonText(horizon, timeUnit, 'survival');
}
