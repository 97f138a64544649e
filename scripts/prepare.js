// Installs the dependencies and builds `dist`, each only when something changed. Plain JavaScript without imports
// from node_modules: it runs on the machine's own Node, before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'dist/.built');

/** True when node_modules holds exactly what package-lock.json says, by npm's own record of what it installed. */
function isInstalled() {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    const installed = found[path];
    // Optional packages of other platforms are rightly absent.
    if (!installed) return entry.optional || entry.peer || entry.devOptional;
    return installed.version === entry.version && installed.integrity === entry.integrity;
  });
}

/** The time of the newest change among the files that the build reads. */
function newestSource() {
  const folders = ['src', 'migrations'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((name) => join(root, folder, String(name))),
  );
  const files = ['ormconfig.ts', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((name) =>
    join(root, name),
  );
  return Math.max(...[...folders, ...files].map((file) => statSync(file).mtimeMs));
}

function run(what, command, args) {
  console.error(`nomograph: ${what} …`);
  // What the tools print goes to stderr: stdout belongs to the command that is being prepared.
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  console.error(`nomograph: ${what} failed${error ? `: ${error.message}` : ''}`);
  process.exit(1);
}

if (!isInstalled()) {
  const npm = process.env.npm_execpath;
  if (npm) run('installing dependencies', process.execPath, [npm, 'ci', '--loglevel=error']);
  else
    run('installing dependencies', process.platform === 'win32' ? 'npm.cmd' : 'npm', [
      'ci',
      '--loglevel=error',
    ]);
}
if (!existsSync(built) || statSync(built).mtimeMs < newestSource()) {
  const started = new Date();
  run('building', process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    '-p',
    join(root, 'tsconfig.build.json'),
  ]);
  writeFileSync(built, `${started.toISOString()}\n`);
}
