import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import { type Nomograph, startNomograph } from '../../server.ts';
import { GraphClient } from '../demo/graph-client.ts';
import { fillMock } from './mock-cohort.ts';
import { mockJobs } from './mock-jobs.ts';

export interface MockOptions {
  /** Of all that is made up. */
  readonly seed: number;
  /** Patients of the cohort that it begins with. */
  readonly patients: number;
  /** Milliseconds before each event of a job, once the mock is up. */
  readonly pace: number;
}

/**
 * Starts the real server on an empty database with the jobs of a mock, and fills it. What it begins with is made at once; `pace` is
 * for the jobs that are started later.
 */
export async function startMock(config: Config, log: Logger, options: MockOptions): Promise<Nomograph> {
  const { seed, patients, pace } = options;
  const [atOnce, later] = [mockJobs(seed, 0), mockJobs(seed, pace)];
  let codes = atOnce;
  const nomograph = await startNomograph(config, log, {
    EXTRACTION: (run) => codes.EXTRACTION(run),
    COX_FIT: (run) => codes.COX_FIT(run),
    STUDY: (run) => codes.STUDY(run),
    COHORT_ERASURE: (run) => codes.COHORT_ERASURE(run),
  });
  const client = new GraphClient(nomograph.url as string, nomograph.token);
  try {
    await fillMock(nomograph, client, seed, patients);
    codes = later;
    return nomograph;
  } catch (error) {
    await nomograph.stop();
    throw error;
  } finally {
    await client.close();
  }
}
