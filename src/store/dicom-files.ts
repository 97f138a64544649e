import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { Failure } from '../engine/failure.ts';
import {
  type DicomFile,
  type DicomSeries,
  isDicom,
  parseDicom,
  type ReadSeriesOptions,
  readSeries,
  text,
} from '../engine/imaging/dicom/index.ts';
import type { Inflate } from '../engine/imaging/index.ts';
import { archiveEntries } from './archive.ts';
import { asFailure, readBounded } from './image-file.ts';

const maxFiles = 10_000;
const maxDepth = 8;
const maxTotalBytes = 2 ** 30;
/** What an archive may unpack to: a small file shall not fill a gigabyte. */
const maxArchiveBytes = 640 * 2 ** 20;

/** The directory of a disc, which is no image but in DICOM's form. */
const directorySop = '1.2.840.10008.1.3.10';

/** The engine's `Inflate` for raw deflate data, on zlib, whose output it bounds. */
export const inflateRaw: Inflate = (data, maxLength) => {
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, maxLength) });
  } catch (error) {
    throw asFailure(error, maxLength);
  }
};

/** What a folder or an archive held. */
export interface DicomFiles {
  readonly files: readonly DicomFile[];
  /** Names of files that are not DICOM. */
  readonly skipped: readonly string[];
}

/**
 * Reads DICOM files: each path is a file, a folder (to a depth of 8, links not followed), or a ZIP, tar or gzipped tar archive of them. What
 * is not DICOM in a folder or archive is skipped, as is a DICOMDIR.
 *
 * Throws `FILE_UNREADABLE`, `FILE_TOO_LARGE` (10,000 files or 1 GiB in all, or more than 640 MiB out of an archive),
 * `FILE_FORMAT_UNKNOWN` (a named file that is neither DICOM nor an archive; no DICOM file at all), and what `parseDicom` and `archiveEntries` throw.
 */
export async function readDicomFiles(paths: readonly string[]): Promise<DicomFiles> {
  const files: DicomFile[] = [];
  const skipped: string[] = [];
  const budget = { bytes: maxTotalBytes, files: maxFiles };
  const add = (bytes: Uint8Array, name: string) => {
    spend(budget, bytes.length, name);
    if (!isDicom(bytes)) {
      skipped.push(name);
      return;
    }
    const file = parseDicom(bytes, { fileName: name, inflateRaw });
    if (text(file.dataSet, 'SOPClassUID') !== directorySop && !isDirectory(file)) files.push(file);
    else skipped.push(name);
  };
  for (const path of paths) {
    for (const { path: found, name, named } of await filesBelow(path)) {
      const bytes = await readBounded(found, name);
      const entries = isDicom(bytes) ? null : entriesOf(bytes, name, budget);
      if (entries !== null) for (const entry of entries) add(entry.bytes, `${name}/${entry.name}`);
      else if (named && !isDicom(bytes)) {
        throw new Failure('FILE_FORMAT_UNKNOWN', `${name} is neither a DICOM file nor an archive of them`, {
          file: name,
        });
      } else add(bytes, name);
    }
  }
  if (files.length === 0) {
    throw new Failure('FILE_FORMAT_UNKNOWN', `none of ${skipped.length} files is DICOM`, {
      skipped: skipped.slice(0, 20),
    });
  }
  return { files, skipped };
}

export interface ReadDicomSeriesOptions extends ReadSeriesOptions {
  /** Which series, where the files are of several. */
  readonly seriesInstanceUid?: string;
}

export interface DicomImport extends DicomFiles {
  readonly series: DicomSeries;
  /** The structure sets and segmentations that lay beside the series. */
  readonly annotations: readonly DicomFile[];
}

/** Reads the image series among the files at `paths`: see `readDicomFiles` and `readSeries`. Heavy: meant for a worker thread. */
export async function readDicomSeries(
  paths: readonly string[],
  { seriesInstanceUid, ...options }: ReadDicomSeriesOptions = {},
): Promise<DicomImport> {
  const { files, skipped } = await readDicomFiles(paths);
  const annotations = files.filter(({ dataSet }) =>
    ['RTSTRUCT', 'SEG'].includes(text(dataSet, 'Modality') ?? ''),
  );
  const images = files.filter(
    (file) =>
      !annotations.includes(file) &&
      (seriesInstanceUid === undefined || text(file.dataSet, 'SeriesInstanceUID') === seriesInstanceUid),
  );
  if (images.length === 0) {
    throw new Failure(
      'NOT_FOUND',
      seriesInstanceUid === undefined
        ? 'there is no image among the files'
        : `there is no image of the series ${seriesInstanceUid}`,
      { seriesInstanceUid: seriesInstanceUid ?? null },
    );
  }
  return { series: readSeries(images, options), files: images, annotations, skipped };
}

/** A DICOMDIR has no SOP class of its own in the data set, but a directory's records. */
function isDirectory({ dataSet }: DicomFile): boolean {
  return dataSet.elements.has(0x00041220);
}

interface FoundFile {
  readonly path: string;
  readonly name: string;
  /** Whether the user named the file itself. */
  readonly named: boolean;
}

async function filesBelow(path: string): Promise<FoundFile[]> {
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) return [{ path, name: basename(path), named: true }];
  const found: FoundFile[] = [];
  const walk = async (folder: string, prefix: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = `${prefix}${entry.name}`;
      if (entry.isDirectory() && depth < maxDepth)
        await walk(join(folder, entry.name), `${name}/`, depth + 1);
      if (entry.isFile()) found.push({ path: join(folder, entry.name), name, named: false });
      if (found.length > maxFiles) tooMany();
    }
  };
  await walk(path, '', 0);
  return found;
}

function entriesOf(bytes: Uint8Array, name: string, budget: { bytes: number; files: number }) {
  try {
    return archiveEntries(bytes, {
      maxBytes: Math.min(budget.bytes, maxArchiveBytes),
      maxEntries: budget.files,
    });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `${name}: ${error.message}`, { ...error.details, file: name });
  }
}

function spend(budget: { bytes: number; files: number }, bytes: number, name: string): void {
  budget.bytes -= bytes;
  budget.files--;
  if (budget.files < 0) tooMany();
  if (budget.bytes < 0) {
    throw new Failure('FILE_TOO_LARGE', `the files up to ${name} have more than ${maxTotalBytes} bytes`, {
      file: name,
      limit: maxTotalBytes,
    });
  }
}

function tooMany(): never {
  throw new Failure('FILE_TOO_LARGE', `there are more than ${maxFiles} files`, { limit: maxFiles });
}
