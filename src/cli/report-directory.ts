import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../engine/failure.ts';
import type { ReportFile } from '../report/index.ts';

/** Throws `CONFLICT` where something is in the way of a report at `path`; better known before an hour's work than after. */
export async function requireFreeDirectory(path: string, force: boolean): Promise<void> {
  const entry = await lstat(path).catch(() => null);
  if (!entry) return;
  if (!entry.isDirectory())
    throw new Failure('CONFLICT', `${path} is a file, not a directory for the report`, { path });
  if (force || (await readdir(path)).length === 0) return;
  throw new Failure(
    'CONFLICT',
    `${path} is not empty: choose another directory, or replace its report by --force`,
    {
      path,
    },
  );
}

/**
 * Writes a report. The files are made under a temporary name beside `path` and moved into place when all are whole, so
 * that an interruption leaves nothing half done; what else is in the directory stays.
 */
export async function writeReport(path: string, files: readonly ReportFile[]): Promise<void> {
  const target = resolve(path);
  const suffix = `.${randomUUID().slice(0, 8)}.tmp`;
  const temporary = `${target}${suffix}`;
  try {
    for (const file of files) {
      const place = join(temporary, file.path);
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, file.content);
    }
    if (await isFree(target)) {
      await rm(target, { recursive: true, force: true });
      await rename(temporary, target);
      return;
    }
    for (const name of await readdir(temporary)) {
      const old = join(target, `${name}${suffix}`);
      const wasThere = await rename(join(target, name), old).then(
        () => true,
        () => false,
      );
      await rename(join(temporary, name), join(target, name));
      if (wasThere) await rm(old, { recursive: true, force: true });
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Whether nothing is there but, perhaps, an empty directory. */
async function isFree(path: string): Promise<boolean> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.length === 0;
}
