import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { Failure } from '../engine/failure.ts';
import { EventLog, jobEventChannel, requireReached } from '../jobs/event-log.ts';
import { Notifications } from '../jobs/notifications.ts';
import { createLog } from '../log.ts';
import { openStore } from '../server.ts';
import { requireId } from '../store/checks.ts';
import { Job } from '../store/entities/job.ts';
import { untilInterrupted } from './interrupt.ts';
import { wholeNumber } from './whole-number.ts';

export function eventsCommand(): Command {
  return new Command('events')
    .description(
      'Follow a job: one JSON object a line for each of its events, until the final one. Works beside a running server.',
    )
    .argument('<job>', 'the identifier of the job')
    .option('--after <sequence>', 'begin after this sequence number', wholeNumber(0), 0)
    .action(async (jobId: string, { after }: { after: number }) => {
      const id = requireId(jobId, 'job');
      const config = readConfig(process.env);
      const log = createLog('warn');
      const interrupted = untilInterrupted();
      const { url, dataSource, shutdown } = await openStore(config, log);
      try {
        const notifications = new Notifications(url, jobEventChannel, log);
        await notifications.start();
        shutdown.add(() => notifications.stop());
        const job = await dataSource.getRepository(Job).findOneBy({ id });
        if (!job) throw new Failure('NOT_FOUND', `there is no job ${id}`, { jobId: id });
        requireReached(job, after);
        let failed = false;
        const events = new EventLog(dataSource, notifications).follow(id, after);
        interrupted.then(() => events.return?.());
        for await (const { sequence, recordedAt, body } of events) {
          process.stdout.write(`${JSON.stringify({ sequence, recordedAt, ...body })}\n`);
          failed = body.type === 'JobFailed';
        }
        if (failed) process.exitCode = 1;
      } finally {
        await shutdown.run(log);
      }
    });
}
