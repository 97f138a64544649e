import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Failure } from '../engine/failure.ts';
import { jobStates } from '../store/entities/job.ts';
import type { Context, Platform } from './context.ts';
import { queueLag } from './health.ts';
import { metricsPrincipal } from './rights/authenticator.ts';
import { everything, principalOf, sameGrant } from './rights/principal.ts';

/**
 * The program's figures in Prometheus' form: the process, requests, jobs by state, the queue's lag and the followers of
 * logs. Labels are names of the schema's operations' types and states alone: nothing that a client or a patient gave.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #operations: Histogram<'type' | 'outcome'>;

  constructor(platform: Platform) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#operations = new Histogram({
      name: 'nomograph_operation_seconds',
      help: 'Time of an operation of the graph over HTTP, by its type and whether it had errors.',
      labelNames: ['type', 'outcome'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    new Gauge({
      name: 'nomograph_event_loop_delay_p99_seconds',
      help: 'The 99th percentile of the event loop’s delay since the last look.',
      registers,
      collect() {
        this.set(delay.percentile(99) / 1e9);
        delay.reset();
      },
    });
    new Gauge({
      name: 'nomograph_event_followers',
      help: 'Readers that follow a job’s log at the moment.',
      registers,
      collect() {
        this.set(platform.events.followerCount);
      },
    });
    new Gauge({
      name: 'nomograph_jobs',
      help: 'Jobs by state.',
      labelNames: ['state'],
      registers,
      async collect() {
        const rows: { state: string; count: number }[] = await platform.dataSource.query(
          'select state, count(*)::int as count from job group by state',
        );
        for (const state of jobStates) {
          this.set({ state }, rows.find((row) => row.state === state)?.count ?? 0);
        }
      },
    });
    new Gauge({
      name: 'nomograph_queue_lag_seconds',
      help: 'How long the oldest job in the queue has waited.',
      registers,
      async collect() {
        this.set(await queueLag(platform));
      },
    });
  }

  /** Answers a scrape of who has the key for it, or the role ADMIN on everything. Throws `FORBIDDEN` for others. */
  readonly handler: RequestHandler = async (_request, response) => {
    const { id, grants } = principalOf(response);
    if (id !== metricsPrincipal && !grants.some((grant) => everything.some((all) => sameGrant(all, grant))))
      throw new Failure('FORBIDDEN', 'the metrics need the role ADMIN on everything, or their own key', {
        role: 'ADMIN',
      });
    response.type(this.#registry.contentType).send(await this.#registry.metrics());
  };

  /** Times operations. */
  readonly plugin: ApolloServerPlugin<Context> = {
    requestDidStart: async () => {
      const stop = this.#operations.startTimer();
      return {
        willSendResponse: async ({ operation, response }) => {
          const failed = response.body.kind === 'single' && response.body.singleResult.errors !== undefined;
          stop({ type: operation?.operation ?? 'none', outcome: failed ? 'errors' : 'data' });
        },
      };
    },
  };
}
