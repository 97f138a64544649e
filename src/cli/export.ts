import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { openStore } from '../server.ts';
import { type ClinicalTable, clinicalTables, openClinicalTable } from '../store/clinical-tables.ts';
import { openFeatureMatrix } from '../store/feature-matrix.ts';
import { encodeTable, type TableFormat, tableFormats } from '../store/table-encoding.ts';
import { commandPrincipal } from './command-principal.ts';

interface ExportOptions {
  readonly profile: string;
  readonly table?: ClinicalTable;
  readonly format: TableFormat;
  readonly names?: string[];
  readonly out?: string;
}

export function exportCommand(): Command {
  return new Command('export')
    .description(
      "Export a cohort's feature matrix, a row a region of interest and a column a feature, or a clinical table.",
    )
    .argument('<cohort>', "the cohort's key")
    .option('--profile <name>', 'the extraction profile', 'pyradiomics-default')
    .addOption(
      new Option(
        '--table <name>',
        'a clinical table in place of the features: patients with covariates, or outcomes',
      ).choices(clinicalTables),
    )
    .addOption(
      new Option('--format <format>', 'csv, the Apache Arrow stream format, or a line of JSON a row')
        .choices(tableFormats)
        .default('csv'),
    )
    .option('--names <features>', 'some features, separated by commas', (text: string) =>
      text.split(',').map((name) => name.trim()),
    )
    .option('--out <file>', 'write to a file instead of printing')
    .action(async (cohort: string, { profile, table: clinical, format, names, out }: ExportOptions) => {
      const log = createLog('warn');
      const { dataSource, auditLog, shutdown } = await openStore(readConfig(process.env), log);
      try {
        const table = clinical
          ? await openClinicalTable(dataSource, cohort, clinical, () => true)
          : await openFeatureMatrix(dataSource, cohort, profile, names);
        await auditLog.write({
          at: new Date(),
          principal: commandPrincipal(),
          action: 'export',
          objectKind: 'Cohort',
          objectId: table.cohortId,
          cohortId: table.cohortId,
          outcome: 'OK',
          details: { kinds: [table.kind], [clinical ? 'table' : 'profile']: table.name, format },
        });
        const bytes = Readable.from(encodeTable(table, format));
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
