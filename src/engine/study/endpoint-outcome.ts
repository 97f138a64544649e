import { Failure } from '../failure.ts';
import type { OutcomeColumn, StudyData } from './study-data.ts';
import type { EndpointDefinition } from './study-specification.ts';
import { fromMonths } from './time-unit.ts';

/**
 * The outcome of a study's endpoint: the first event among its outcomes, or, without one, the shortest of their
 * follow-ups, for past it not all of them are known. A patient who lacks one of the outcomes has none. From a
 * landmark on, time counts from there, and whoever was not followed past it has no outcome either.
 *
 * @throws Failure NOT_FOUND for an outcome that the data lack; INPUT_INVALID where their units of time differ.
 */
export function endpointOutcome(data: StudyData, definition: EndpointDefinition): OutcomeColumn {
  const parts = definition.outcomes.map((name) => {
    const column = data.outcomes.find((outcome) => outcome.name === name);
    if (column) return column;
    const known = data.outcomes.map((outcome) => outcome.name);
    throw new Failure(
      'NOT_FOUND',
      `endpoint ${definition.name}: no patient has an outcome for the endpoint ${name}`,
      { endpoint: name, known },
    );
  });
  const [{ timeUnit }] = parts;
  const other = parts.find((part) => part.timeUnit !== timeUnit);
  if (other) {
    const message = `endpoint ${definition.name}: ${parts[0].name} is in ${timeUnit}, ${other.name} in ${other.timeUnit}`;
    throw new Failure('INPUT_INVALID', message, {
      endpoint: definition.name,
      units: [timeUnit, other.timeUnit],
    });
  }
  const landmark = fromMonths(definition.landmark, timeUnit);
  const n = data.subjects.length;
  const time = new Float64Array(n).fill(Number.NaN);
  const event = new Uint8Array(n);
  for (let row = 0; row < n; row++) {
    const first = firstOf(parts, row);
    if (!first || (landmark > 0 && !(first.time > landmark))) continue;
    time[row] = first.time - landmark;
    event[row] = first.event;
  }
  return { name: definition.name, time, event, timeUnit };
}

function firstOf(parts: readonly OutcomeColumn[], row: number): { time: number; event: number } | null {
  let eventTime = Number.POSITIVE_INFINITY;
  let followUp = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    const time = part.time[row];
    if (Number.isNaN(time)) return null;
    if (part.event[row] === 1) eventTime = Math.min(eventTime, time);
    else followUp = Math.min(followUp, time);
  }
  if (eventTime < Number.POSITIVE_INFINITY) return { time: eventTime, event: 1 };
  return { time: followUp, event: 0 };
}
