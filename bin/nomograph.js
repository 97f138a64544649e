#!/usr/bin/env node
// Runs the commands on the Node that the package brings along, and prepares a fresh checkout first.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));

if (existsSync(file('../tsconfig.build.json'))) await import('../scripts/prepare.js');

const bundled = file(
  process.platform === 'win32' ? '../node_modules/.bin/node.cmd' : '../node_modules/.bin/node',
);
if (Number.parseInt(process.versions.node, 10) < 24 && existsSync(bundled)) {
  // The terminal sends its signals to both processes; this one only waits for the other to end.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  const { status } = spawnSync(bundled, process.argv.slice(1), { stdio: 'inherit' });
  process.exit(status ?? 1);
}
await import('../dist/src/cli/main.js');
