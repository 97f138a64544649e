import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../../engine/failure.ts';

/** The user "nobody" of every common Unix: owns nothing else, so that a breach of the server reaches nothing else. */
const nobody = 65534;

/** The user that the server's processes run as; undefined for the one that this process runs as. */
export type Account = { readonly uid: number; readonly gid: number } | undefined;

/**
 * PostgreSQL refuses to run as root. Then it runs as the owner of the data that is there, else as nobody.
 * Any other user runs it in person.
 */
export async function serverAccount(cluster: string): Promise<Account> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : { uid: nobody, gid: nobody };
}

/** Whether the account may enter `start`, by the mode bits of it and of every folder above it. */
export async function mayEnter(start: string, account: Account): Promise<boolean> {
  if (!account) return true;
  for (let folder = await realpath(start); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const pass = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & pass) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/**
 * The name by which a server process that was started inside `folder` finds it. Below a home that only root may
 * enter the absolute path is closed to the account, but its own working directory is not: Linux has a name for it.
 */
export async function nameOfFolder(folder: string, account: Account): Promise<string> {
  if (await mayEnter(folder, account)) return folder;
  if (process.platform === 'linux') return '/proc/self/cwd';
  throw new Failure(
    'CONFIG_INVALID',
    `The embedded PostgreSQL cannot run as root on data in ${folder}: user ${account?.uid} may not enter a folder above it. Choose a data directory outside of root's home, or run as another user.`,
    { path: folder },
  );
}
