import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failureOf } from '../../test/support/failure-of.ts';
import { sha256 } from '../../test/support/tus.ts';
import { hashFile, ObjectStore } from './object-store.ts';

let folder: string;
let store: ObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nomograph-objects-'));
  store = new ObjectStore(join(folder, 'objects'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = Buffer.from('an object');
const hash = sha256(bytes);

async function files(): Promise<string[]> {
  const entries = await readdir(store.root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('an object store', () => {
  test('keeps bytes once under their hash', async () => {
    expect(await store.has(hash)).toBe(false);
    expect(await store.put(bytes)).toBe(hash);
    const { ino, mtimeMs } = await stat(store.path(hash));
    await Promise.all(Array.from({ length: 8 }, () => store.put(bytes)));
    expect(await stat(store.path(hash))).toMatchObject({ ino, mtimeMs });
    expect(await files()).toEqual([store.path(hash)]);
    expect(await readFile(store.path(hash))).toEqual(bytes);
    expect(await hashFile(store.path(hash))).toBe(hash);
  });

  test('keeps what many put at once', async () => {
    const others = Array.from({ length: 20 }, (_, n) => Buffer.from(`object ${n % 5}`));
    const hashes = await Promise.all(others.map((other) => store.put(other)));
    expect(hashes).toEqual(others.map(sha256));
    expect((await files()).sort()).toEqual([...new Set(hashes.map((each) => store.path(each)))].sort());
  });

  test('keeps a file that is there, and leaves an object that is there untouched', async () => {
    const path = join(folder, 'upload');
    await writeFile(path, bytes);
    await store.keep(path, hash);
    await store.keep(path, hash);
    await rm(path);
    expect(await readFile(store.path(hash))).toEqual(bytes);
    await expect(store.keep(join(folder, 'nothing'), hash)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('has no place for what is no hash', () => {
    for (const name of [
      '',
      '..',
      '../../etc/passwd',
      hash.toUpperCase(),
      `${hash}0`,
      `${hash.slice(1)}/`,
      `${hash}\n`,
    ])
      expect(failureOf(() => store.path(name)).code).toBe('INPUT_INVALID');
  });

  test('has whole objects alone, whenever its process is killed', async () => {
    // Writes objects of a quarter of a MiB until it dies, soon after the first is there.
    const program = `
      import { ObjectStore } from ${JSON.stringify(new URL('./object-store.ts', import.meta.url).href)};
      import { randomBytes } from 'node:crypto';
      const store = new ObjectStore(${JSON.stringify(store.root)});
      const lane = async () => { for (;;) { await store.put(randomBytes(2 ** 18)); console.log('another'); } };
      await Promise.all([lane(), lane(), lane()]);
    `;
    for (const milliseconds of [5, 40, 90]) {
      const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      await setTimeout(milliseconds);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const objects = (await files()).filter((path) => !path.includes('incoming-'));
    expect(objects.length).toBeGreaterThan(0);
    for (const path of objects) expect(path).toBe(store.path(await hashFile(path)));
    // What was under way has a name that no object has.
    for (const path of await files())
      expect(path).toMatch(/\/(incoming-[0-9a-f-]{36}|[0-9a-f]{2}\/[0-9a-f]{64})$/);
  });
});
