import { mkdir } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readConfig } from '../config.ts';
import { type TimeUnit, timeUnits } from '../engine/study/time-unit.ts';
import { Threads } from '../jobs/threads.ts';
import { createLog } from '../log.ts';
import { openStore } from '../server.ts';
import { readTable } from '../store/table-file.ts';
import { importCohort } from './import/import-cohort.ts';
import { type ManifestOptions, parseManifest } from './import/manifest.ts';
import { untilInterrupted } from './interrupt.ts';
import { ProgressBar } from './progress-bar.ts';

interface ImportOptions {
  readonly cohort?: string;
  readonly key: string;
  readonly site?: string;
  readonly outcome: ManifestOptions['outcomes'];
  readonly timeUnit: TimeUnit;
  readonly features: string[];
  readonly ignore: string[];
  readonly identifying: string[];
}

const list = (text: string) => text.split(',').map((name) => name.trim());

const manifestHelp = `
The manifest is a CSV file with a header: one row a patient, or one row a region
of interest with the patient's columns repeated or left empty. Its columns:
  image, mask               files, relative to the manifest; the image may be
                            a folder or archive of a DICOM series
  roi                       of DICOM: the region of a structure set, or the
                            segment, in the series' folder or the mask file
  modality, phase           of the image: CT, MR, PT, …; ARTERIAL, …
  lesion, reader, session   of the mask
  label                     the mask's voxels that are meant
  OS_time, OS_event         outcomes by endpoint; --outcome for other names
  original_glcm_Idm, …      features, known by PyRadiomics' names
  all others                clinical covariates, numeric or by level`;

export function importCommand(): Command {
  return new Command('import')
    .description(
      'Import a cohort: patients with covariates and outcomes, and either their scans and masks or a ready feature table.',
    )
    .addHelpText('after', manifestHelp)
    .argument('<manifest>', 'the CSV file')
    .option('--cohort <key>', "the cohort's key; the manifest's name where absent")
    .option('--key <column>', 'the column of subject keys: pseudonyms, never names', 'patient')
    .option('--site <column>', 'the column of the sites, by which rights may be limited')
    .addOption(
      new Option('--outcome <endpoint=time,event>', 'the columns of an endpoint; may be repeated')
        .argParser(parseOutcome)
        .default([], 'none'),
    )
    .addOption(new Option('--time-unit <unit>', 'the unit of times').choices(timeUnits).default('MONTHS'))
    .addOption(
      new Option('--features <columns>', 'further columns that are features, separated by commas')
        .argParser(list)
        .default([], 'none'),
    )
    .addOption(
      new Option('--ignore <columns>', 'columns to leave out, separated by commas')
        .argParser(list)
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--identifying <columns>',
        'covariates that tell who somebody is, for curators alone, separated by commas',
      )
        .argParser(list)
        .default([], 'none'),
    )
    .action(async (file: string, options: ImportOptions) => {
      const { cohort, key, site, outcome: outcomes, timeUnit, features, ignore, identifying } = options;
      const table = await readTable(file);
      const manifest = parseManifest(table, {
        key,
        site,
        outcomes,
        timeUnit,
        features,
        ignore,
        identifying,
      });
      const config = readConfig(process.env);
      const log = createLog('warn');
      const interrupted = untilInterrupted();
      const { dataSource, objects, auditLog, shutdown } = await openStore(config, log);
      const threads = new Threads(config.threads);
      shutdown.add(() => threads.stop());
      try {
        await mkdir(objects.root, { recursive: true });
        const bar = new ProgressBar('Reading files', 'files');
        const summary = await Promise.race([
          interrupted.then(() => null),
          importCohort(
            { dataSource, objects, threads, auditLog },
            cohort ?? basename(file, extname(file)),
            manifest,
            (done, total) => bar.update(done, total),
          ),
        ]);
        if (!summary) process.exitCode = 1;
        else process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
      } finally {
        await shutdown.run(log);
      }
    });
}

function parseOutcome(text: string, previous: ManifestOptions['outcomes']): ManifestOptions['outcomes'] {
  const [, endpoint, time, event] = /^([^=]+)=([^,]+),(.+)$/.exec(text) ?? [];
  if (!event) throw new InvalidArgumentError('write it as OS=time,event');
  return [...previous, { endpoint: endpoint.trim(), time: time.trim(), event: event.trim() }];
}
