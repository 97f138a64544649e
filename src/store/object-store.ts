import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { requireSha256 } from './checks.ts';

/** The SHA-256 of a file's bytes, in lower-case hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Files kept once under the SHA-256 of their content, at `<root>/ab/ab12…`. A file becomes visible by one link of
 * complete, synced bytes, so that a crash leaves either the whole object or nothing.
 */
export class ObjectStore {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Where the object's bytes are. Throws `INPUT_INVALID` unless `sha256` is 64 hex digits. */
  path(sha256: string): string {
    requireSha256(sha256, 'sha256');
    return join(this.root, sha256.slice(0, 2), sha256);
  }

  async has(sha256: string): Promise<boolean> {
    return stat(this.path(sha256)).then(
      () => true,
      () => false,
    );
  }

  /** Keeps the file at `path`, which must be on the same disk, as the object `sha256`. */
  async keep(path: string, sha256: string): Promise<void> {
    const target = this.path(sha256);
    const made = await mkdir(dirname(target), { recursive: true });
    const file = await open(path, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    // A link, not a rename: where the object exists already it stays untouched.
    await link(path, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await syncDirectory(dirname(target));
    // A new folder is as much in danger as the file in it.
    if (made) for (const folder of new Set([this.root, dirname(made)])) await syncDirectory(folder);
  }

  /** Stores `bytes`; returns their SHA-256. */
  async put(bytes: Uint8Array): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (await this.has(sha256)) return sha256;
    await mkdir(this.root, { recursive: true });
    const temporary = join(this.root, `incoming-${randomUUID()}`);
    try {
      await writeFile(temporary, bytes, { flag: 'wx' });
      await this.keep(temporary, sha256);
    } finally {
      await rm(temporary, { force: true });
    }
    return sha256;
  }
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows cannot open a directory to sync it.
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
