import { createSchema } from '../../src/api/schema.ts';
import { everyField } from './every-field.ts';
import type { TestServer } from './server.ts';

/** An event with every field that its type has. */
export interface ToldEvent {
  readonly __typename: string;
  readonly jobId: string;
  readonly sequence: number;
  readonly recordedAt: string;
  readonly [field: string]: unknown;
}

let document: Promise<string> | undefined;

/** A subscription to every field of every event of a job. */
export function subscription(): Promise<string> {
  document ??= createSchema().then((schema) => {
    const event = schema.getType('JobEvent');
    return `subscription ($jobId: ID!, $after: Int! = 0) { jobEvents(jobId: $jobId, after: $after) ${everyField(schema, event as never)} }`;
  });
  return document;
}

/** A job's events to the end, as a well-behaved client gets them. */
export async function eventsOf(server: TestServer, jobId: string, after = 0): Promise<ToldEvent[]> {
  const events: ToldEvent[] = [];
  for await (const event of watch(server, jobId, after)) events.push(event);
  return events;
}

export async function* watch(server: TestServer, jobId: string, after = 0): AsyncGenerator<ToldEvent> {
  const told = server.client.subscribe<{ jobEvents: ToldEvent }>(await subscription(), { jobId, after });
  for await (const { jobEvents } of told) yield jobEvents;
}

/** Starts an extraction; gives the job's id. */
export async function startExtraction(
  server: TestServer,
  cohortId: string,
  more: object = {},
): Promise<string> {
  const { extractFeatures } = await server.client.run<{ extractFeatures: { id: string } }>(
    'mutation ($input: ExtractFeaturesInput!) { extractFeatures(input: $input) { id } }',
    { input: { cohortId, ...more } },
  );
  return extractFeatures.id;
}

/** Starts a fit; gives the job's id. */
export async function startFit(server: TestServer, input: object): Promise<string> {
  const { fitCoxModel } = await server.client.run<{ fitCoxModel: { id: string } }>(
    'mutation ($input: FitCoxModelInput!) { fitCoxModel(input: $input) { id } }',
    { input },
  );
  return fitCoxModel.id;
}
