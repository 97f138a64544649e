import type { Subset } from '../../engine/study/prognosis-event.ts';
import type { CalibrationPoint, EndpointResult } from '../../engine/study/study-result.ts';
import { fixed, horizonText, withLimits } from '../notation.ts';
import { subsetNames } from './horizons.ts';
import { modelLabel } from './performance.ts';
import { makeTable, type ReportTable } from './table.ts';

interface CalibrationRow extends CalibrationPoint {
  readonly endpoint: EndpointResult;
  readonly model: string;
  readonly subset: Subset;
  readonly horizon: number;
  readonly group: number;
}

/** Predicted and observed survival by groups of predicted survival. */
export function calibrationTable(
  name: string,
  title: string,
  endpoints: readonly EndpointResult[],
): ReportTable {
  return makeTable<CalibrationRow>({
    name,
    title,
    rows: endpoints.flatMap((endpoint) =>
      endpoint.models.flatMap(({ name: model, result }) =>
        (result?.calibration ?? []).flatMap(({ subset, horizon, groups }) =>
          groups.map((point, place) => ({ endpoint, model, subset, horizon, group: place + 1, ...point })),
        ),
      ),
    ),
    columns: [
      {
        title: 'Horizon',
        text: ({ endpoint, horizon }) => horizonText(horizon, endpoint.timeUnit, endpoint.endpoint),
      },
      { title: 'Model', text: ({ model }) => modelLabel(model) },
      { title: 'Set', text: ({ subset }) => subsetNames[subset] },
      { title: 'Group', isNumber: true, text: ({ group }) => String(group) },
      { title: 'Patients', isNumber: true, text: ({ patients }) => String(patients) },
      { title: 'Predicted', isNumber: true, text: ({ predicted }) => fixed(predicted, 3) },
      {
        title: 'Observed (95 % CI)',
        isNumber: true,
        text: ({ observed, lower, upper }) => withLimits(observed, lower, upper, 3),
      },
      { title: 'Corrected', isNumber: true, text: ({ corrected }) => fixed(corrected, 3) },
    ],
    exact: [
      { name: 'endpoint', value: ({ endpoint }) => endpoint.endpoint },
      { name: 'horizon', value: ({ horizon }) => horizon },
      { name: 'time_unit', value: ({ endpoint }) => endpoint.timeUnit },
      { name: 'events', value: ({ events }) => events },
      { name: 'predicted', value: ({ predicted }) => predicted },
      { name: 'observed', value: ({ observed }) => observed },
      { name: 'lower', value: ({ lower }) => lower },
      { name: 'upper', value: ({ upper }) => upper },
      { name: 'corrected', value: ({ corrected }) => corrected },
    ],
  });
}
