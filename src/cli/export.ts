import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { openStore } from '../server.ts';
import { openFeatureMatrix } from '../store/feature-matrix.ts';
import { encodeMatrix, type MatrixFormat, matrixFormats } from '../store/matrix-encoding.ts';
import { commandPrincipal } from './command-principal.ts';

interface ExportOptions {
  readonly profile: string;
  readonly format: MatrixFormat;
  readonly names?: string[];
  readonly out?: string;
}

export function exportCommand(): Command {
  return new Command('export')
    .description("Export a cohort's feature matrix: a row a region of interest, a column a feature.")
    .argument('<cohort>', "the cohort's key")
    .option('--profile <name>', 'the extraction profile', 'pyradiomics-default')
    .addOption(
      new Option('--format <format>', 'csv, the Apache Arrow stream format, or a line of JSON a row')
        .choices(matrixFormats)
        .default('csv'),
    )
    .option('--names <features>', 'some features, separated by commas', (text: string) =>
      text.split(',').map((name) => name.trim()),
    )
    .option('--out <file>', 'write to a file instead of printing')
    .action(async (cohort: string, { profile, format, names, out }: ExportOptions) => {
      const log = createLog('warn');
      const { dataSource, auditLog, shutdown } = await openStore(readConfig(process.env), log);
      try {
        const matrix = await openFeatureMatrix(dataSource, cohort, profile, names);
        await auditLog.write({
          at: new Date(),
          principal: commandPrincipal(),
          action: 'export',
          objectKind: 'Cohort',
          objectId: matrix.cohortId,
          cohortId: matrix.cohortId,
          outcome: 'OK',
          details: { kinds: ['FeatureVector'], profile: matrix.profile, format },
        });
        const bytes = Readable.from(encodeMatrix(matrix, format));
        if (out) await writeWhole(bytes, out);
        else for await (const chunk of bytes) process.stdout.write(chunk as Uint8Array);
      } finally {
        await shutdown.run(log);
      }
    });
}

/** Writes the file whole or not at all. */
async function writeWhole(bytes: Readable, file: string): Promise<void> {
  const partial = `${file}.partial`;
  try {
    await pipeline(bytes, createWriteStream(partial));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
