import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parse } from 'yaml';
import { Failure } from '../engine/failure.ts';
import type { Volume } from '../engine/imaging/index.ts';
import {
  type ConventionalProfile,
  extractByConvention,
  namedParameters,
  parseParameters,
} from '../engine/radiomics/index.ts';
import { isDicomSource, readDicomVolumes } from '../store/dicom-volumes.ts';
import { readImageFile } from '../store/image-file.ts';
import { featureCsv, featureJson } from './feature-row.ts';
import { ProgressBar } from './progress-bar.ts';

interface ExtractCommandOptions {
  readonly profile: string;
  readonly settings?: string;
  readonly label?: number;
  readonly roi?: string;
  readonly format: 'csv' | 'json';
}

/** Far more than a parameter file with every feature named. */
const maxSettingsBytes = 2 ** 20;

export function extractCommand(): Command {
  return new Command('extract')
    .description(
      "Extract the radiomics features of one region: an image and a mask on its grid (NIfTI or NRRD), or a DICOM series (a folder or archive) and its RTSTRUCT or SEG. Names, defaults and diagnostics_… are those of PyRadiomics' command.",
    )
    .argument('<image>', 'the image file')
    .argument('<mask>', 'the mask file')
    .addOption(
      new Option('--profile <name>', 'a profile of that name')
        .choices(Object.keys(namedParameters))
        .default('pyradiomics-default'),
    )
    .addOption(
      new Option(
        '--settings <file>',
        'a PyRadiomics parameter file (YAML or JSON) instead of a profile',
      ).conflicts('profile'),
    )
    .option(
      '--roi <name>',
      'of DICOM: the region of the structure set, or the segment; needed where there are several',
    )
    .option('--label <number>', "the mask's label, instead of the settings' or 1", parseLabel)
    .addOption(
      new Option('--format <format>', 'csv: a line of names and one of values; json: one object')
        .choices(['csv', 'json'])
        .default('csv'),
    )
    .action(async (imagePath: string, maskPath: string, options: ExtractCommandOptions) => {
      const profile =
        options.settings === undefined
          ? parseParameters(namedParameters[options.profile], options.profile)
          : await readSettings(options.settings);
      const { image, mask } = await readRegion(imagePath, maskPath, options.roi);
      const steps = extractByConvention(image, mask, profile, {
        names: { image: imagePath, mask: maskPath },
        sha1: (chunks) => {
          const hash = createHash('sha1');
          for (const chunk of chunks) hash.update(chunk);
          return hash.digest('hex');
        },
        ...(options.label === undefined ? {} : { label: options.label }),
      });
      const progress = new ProgressBar('extracting', 'feature classes');
      let step = steps.next();
      for (; !step.done; step = steps.next()) {
        progress.update(step.value.done, step.value.total);
      }
      for (const warning of step.value.warnings) {
        process.stderr.write(`${warning.code}: ${warning.message}\n`);
      }
      const files = { Image: resolve(imagePath), Mask: resolve(maskPath) };
      process.stdout.write(
        options.format === 'json' ? featureJson(files, step.value) : featureCsv(files, step.value),
      );
    });
}

async function readRegion(
  imagePath: string,
  maskPath: string,
  roi?: string,
): Promise<{ image: Volume; mask: Volume }> {
  if (!(await isDicomSource(maskPath))) {
    const [image, mask] = await Promise.all(
      [imagePath, maskPath].map((path) => readImageFile(path, { name: path })),
    );
    return { image: image.volume, mask: mask.volume };
  }
  const { series, masks, warnings } = await readDicomVolumes([imagePath, maskPath], roi);
  for (const { code, message } of warnings) process.stderr.write(`${code}: ${message}\n`);
  if (masks.length === 1) return { image: series.volume, mask: masks[0].volume };
  throw new Failure('MASK_LABEL_ABSENT', `${maskPath} has ${masks.length} regions: choose one by --roi`, {
    file: maskPath,
    regions: masks.map(({ name }) => name),
  });
}

function parseLabel(text: string): number {
  const label = Number(text);
  if (!Number.isSafeInteger(label) || label < 1) {
    throw new InvalidArgumentError('not a whole number from 1 up');
  }
  return label;
}

/** Reads a parameter file into a profile that carries the file's name. */
async function readSettings(path: string): Promise<ConventionalProfile> {
  const unreadable = (error: NodeJS.ErrnoException): never => {
    throw new Failure('FILE_UNREADABLE', `${path} cannot be read (${error.code})`, {
      file: path,
      reason: error.code ?? '',
    });
  };
  const { size } = await stat(path).catch(unreadable);
  if (size > maxSettingsBytes) {
    throw new Failure('FILE_TOO_LARGE', `${path} has ${size} bytes, the limit is ${maxSettingsBytes}`, {
      file: path,
      bytes: size,
      limit: maxSettingsBytes,
    });
  }
  const text = await readFile(path, 'utf8').catch(unreadable);
  try {
    return parseParameters(parseYaml(text), basename(path));
  } catch (error) {
    if (error instanceof Failure)
      throw new Failure(error.code, `${path}: ${error.message}`, { ...error.details, file: path });
    throw error;
  }
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 50 });
  } catch (error) {
    const [message] = (error as Error).message.split('\n');
    throw new Failure('PROFILE_INVALID', `not well-formed YAML: ${message}`, { key: '' });
  }
}
