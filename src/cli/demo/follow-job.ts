import { Failure, type FailureCode, type FailureDetails } from '../../engine/failure.ts';
import type { GraphClient } from './graph-client.ts';
import * as operations from './operations.ts';

export interface FollowedEvent {
  readonly __typename: string;
  readonly sequence: number;
  readonly [field: string]: unknown;
}

/** Follows a job to its end; throws its failure. */
export async function followJob(
  client: GraphClient,
  jobId: string,
  onEvent: (event: FollowedEvent) => void,
): Promise<FollowedEvent> {
  let last: FollowedEvent | undefined;
  for await (const { jobEvents } of client.subscribe<{ jobEvents: FollowedEvent }>(operations.jobEvents, {
    jobId,
  })) {
    // After a broken connection the library subscribes as at first: what was seen comes again.
    if (last && jobEvents.sequence <= last.sequence) continue;
    last = jobEvents;
    onEvent(jobEvents);
  }
  if (!last) throw new Failure('SERVICE_UNAVAILABLE', `the stream of job ${jobId} ended without an event`);
  if (last.__typename === 'JobFailed') {
    const { code, message, details } = last.failure as {
      code: FailureCode;
      message: string;
      details: FailureDetails;
    };
    throw new Failure(code, message, details);
  }
  if (last.__typename === 'JobCancelled') throw new Failure('JOB_CANCELLED', `job ${jobId} was cancelled`);
  return last;
}
