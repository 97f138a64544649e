import { Command, InvalidArgumentError } from 'commander';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { openStore } from '../server.ts';
import { type AuditPosition, verifyChain } from '../store/audit/chain.ts';

export function auditCommand(): Command {
  const verify = new Command('verify')
    .description(
      'Check every link of the audit log, and print where it ends. Note that elsewhere: who can rewrite the whole database can rewrite the whole log, but not your note.',
    )
    .option(
      '--anchor <sequence:hash>',
      'an end that was printed earlier, which must still be there',
      parseAnchor,
    )
    .action(async ({ anchor }: { anchor?: AuditPosition }) => {
      const log = createLog('warn');
      const { dataSource, shutdown } = await openStore(readConfig(process.env), log);
      try {
        const { sequence, hash } = await verifyChain(dataSource, anchor);
        process.stdout.write(`${JSON.stringify({ entries: sequence, end: `${sequence}:${hash}` })}\n`);
      } finally {
        await shutdown.run(log);
      }
    });
  return new Command('audit').description('The log of who did what.').addCommand(verify);
}

function parseAnchor(text: string): AuditPosition {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!hash) throw new InvalidArgumentError('write it as it was printed, 17:ab12…');
  return { sequence: Number(sequence), hash };
}
