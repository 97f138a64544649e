import { availableParallelism } from 'node:os';
import { basename, extname, join } from 'node:path';
import { Command } from 'commander';
import { checkStudySpecification, type StudyResult } from '../engine/study/index.ts';
import { softwareVersions } from '../jobs/software-versions.ts';
import { runStudyInThreads } from '../jobs/study-threads.ts';
import { Threads } from '../jobs/threads.ts';
import { performanceRows, performanceTable, type ReportTable, renderStudyReport } from '../report/index.ts';
import { jsonHash } from '../store/content-key.ts';
import { studyDataHash } from '../store/study-data.ts';
import { readStudyFile } from '../store/study-file.ts';
import { readStudyTables } from '../store/study-tables.ts';
import { untilInterrupted } from './interrupt.ts';
import { requireFreeDirectory, writeReport } from './report-directory.ts';
import { StudyProgress } from './study-progress.ts';
import { wholeNumber } from './whole-number.ts';

interface StudyOptions {
  readonly out: string;
  readonly force: boolean;
  readonly json: boolean;
  readonly threads: number;
}

const fileHelp = `
The study file is YAML. Tables are CSV files named relative to it:
  data:
    patients: clinical.csv            one row a patient
    subject: id                       the column of subjects, in every table
    outcomes:
      DFS: { time: dfs_time, event: dfs_event, unit: MONTHS }
    covariates:                       where the cells alone do not say it
      stage: { levels: [I, II, III], missing: [Unknown] }
    sources:
      CT:
        features: features_ct.csv     one row a patient, one column a feature
        columns: ['original_*']       which; all where absent
        repeats:
          - { kind: BETWEEN_READERS, name: reader 2, features: again.csv }
All else has the paper's settings where it is left out:
  title, endpoints, covariates, exclusions, split, folds, iccThreshold,
  univariateP, correlationThreshold, clinicalP, minimumGroup, lambda,
  horizons, missingCovariates, replicates, pipelineReplicates, seed
  split: { trainingFraction: 0.7, seed: 1, stratifyByEvent: true }, or
         { column: set, training: train, validation: test }`;

export function studyCommand(): Command {
  return new Command('study')
    .description(
      'Run a prognostic study on local tables, from features and clinical data to models, and write its report: HTML, tables, figures, and the result as JSON.',
    )
    .addHelpText('after', fileHelp)
    .argument('<file>', 'the study file')
    .requiredOption('--out <directory>', 'where the report goes')
    .option('--force', 'replace the report that is there', false)
    .option('--threads <number>', 'worker threads', wholeNumber(1, 256), availableParallelism())
    .option('--json', 'print the result as JSON instead of the table of C-indices', false)
    .action(async (path: string, { out, force, json, threads: count }: StudyOptions) => {
      await requireFreeDirectory(out, force);
      const file = await readStudyFile(path);
      const { data, specification, notes } = await readStudyTables(path, file);
      checkStudySpecification(specification);
      for (const note of notes) process.stderr.write(`${note}\n`);
      const interrupted = untilInterrupted();
      const progress = new StudyProgress(specification);
      const threads = new Threads(count);
      try {
        const run = { runId: path, data, specification };
        const cancel = new AbortController();
        // A model may take a minute between two events; an interruption ends the threads instead of waiting for one.
        const result = await Promise.race([
          interrupted.then(() => {
            cancel.abort();
            return null;
          }),
          runStudyInThreads(threads, run, (event) => progress.add(event), cancel.signal),
        ]);
        if (!result) {
          process.exitCode = 1;
          return;
        }
        const report = renderStudyReport({
          title: file.title ?? basename(path, extname(path)),
          specification,
          data: { subjects: data.subjects, sources: data.sources },
          result,
          provenance: {
            dataHash: studyDataHash(data),
            resultHash: jsonHash(result),
            specificationHash: jsonHash(specification),
            versions: softwareVersions,
          },
        });
        await writeReport(out, report);
        process.stderr.write(`The report is ${join(out, 'report.html')}.\n`);
        process.stdout.write(json ? `${JSON.stringify(result)}\n` : describe(result));
        if (isWithoutModel(result)) process.exitCode = 1;
      } finally {
        await threads.stop();
      }
    });
}

function isWithoutModel({ endpoints }: StudyResult): boolean {
  return endpoints.every(({ models }) => models.every((model) => model.result === null));
}

/** The table of C-indices for people. */
function describe({ endpoints }: StudyResult): string {
  return textTable(performanceTable('performance', '', performanceRows(endpoints)));
}

function textTable({ columns, rows }: ReportTable): string {
  const header = columns.map(({ group, title }) => (group ? `${group} ${title}` : title));
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, column) =>
        columns[column].isNumber ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
