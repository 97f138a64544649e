import { mkdir } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { pino } from 'pino';
import { readConfig } from '../config.ts';
import { type TimeUnit, timeUnits } from '../engine/study/time-unit.ts';
import { Threads } from '../jobs/threads.ts';
import { openStore } from '../server.ts';
import { readTable } from '../store/table-file.ts';
import { importCohort } from './import/import-cohort.ts';
import { type ManifestOptions, parseManifest } from './import/manifest.ts';
import { ProgressBar } from './progress-bar.ts';

interface ImportOptions {
  readonly cohort?: string;
  readonly key: string;
  readonly outcome: ManifestOptions['outcomes'];
  readonly timeUnit: TimeUnit;
  readonly features: string[];
  readonly ignore: string[];
}

const list = (text: string) => text.split(',').map((name) => name.trim());

export function importCommand(): Command {
  return new Command('import')
    .description(
      `Import a cohort: patients with covariates and outcomes, and either their scans and masks or a ready feature table.

The manifest is a CSV file with a header. One row a patient, or one row a region of interest with the patient's columns repeated
or left empty. Columns:
  image, mask, modality, phase, lesion, reader, session, label   files relative to the manifest, and what they are
  <endpoint>_time, <endpoint>_event                              outcomes; see --outcome for other names
  original_firstorder_Mean, wavelet-LLH_glcm_Idm, …              features, known by PyRadiomics' names
  all others                                                     clinical covariates, numeric or by level`,
    )
    .argument('<manifest>', 'the CSV file')
    .option('--cohort <key>', "the cohort's key; the manifest's name where absent")
    .option('--key <column>', 'the column of subject keys: pseudonyms, never names', 'patient')
    .option(
      '--outcome <endpoint=time,event>',
      'the columns of an endpoint; may be repeated',
      parseOutcome,
      [],
    )
    .addOption(new Option('--time-unit <unit>', 'the unit of times').choices(timeUnits).default('MONTHS'))
    .option('--features <columns>', 'further columns that are features, separated by commas', list, [])
    .option('--ignore <columns>', 'columns to leave out, separated by commas', list, [])
    .action(async (file: string, options: ImportOptions) => {
      const { cohort, key, outcome: outcomes, timeUnit, features, ignore } = options;
      const manifest = parseManifest(await readTable(file), { key, outcomes, timeUnit, features, ignore });
      const config = readConfig(process.env);
      const log = pino({ level: 'warn' }, pino.destination(2));
      const { dataSource, objects, shutdown } = await openStore(config, log);
      const threads = new Threads(config.threads);
      shutdown.add(() => threads.stop());
      try {
        await mkdir(objects.root, { recursive: true });
        const bar = new ProgressBar('Reading files', 'files');
        const summary = await importCohort(
          { dataSource, objects, threads },
          cohort ?? basename(file, extname(file)),
          manifest,
          (done, total) => bar.update(done, total),
        );
        process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
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
