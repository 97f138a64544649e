import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Stage, variablesOf } from './dockerfile.ts';

/** A stage whose steps were carried out in a folder that stands for the image's root. */
export interface BuiltStage {
  readonly root: string;
  /** Where WORKDIR led, in that folder. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What a container would not inherit is kept from the steps too, but for what npm needs to reach its registry. */
export const outside = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(PATH|HOME|TMPDIR|npm_config_.*|.*_proxy|NODE_EXTRA_CA_CERTS)$/i.test(name),
  ),
);

/**
 * Carries out a stage's steps on this machine, without Docker: COPY copies, RUN runs. What only an image has (its user,
 * volumes, ports) is passed over. Absolute paths of the image lie below `root`.
 */
export function buildStage(
  stage: Stage,
  root: string,
  context: string,
  stages: ReadonlyMap<string, BuiltStage>,
): BuiltStage {
  let directory = root;
  const environment: Record<string, string> = {};
  for (const { name, text, flags } of stage.instructions) {
    if (name === 'WORKDIR') {
      directory = join(root, text);
      mkdirSync(directory, { recursive: true });
    } else if (name === 'ENV') Object.assign(environment, variablesOf({ name, text, flags }));
    else if (name === 'COPY') {
      const paths = text.split(/\s+/);
      const target = paths.pop()!;
      const from = flags.from === undefined ? context : stages.get(flags.from)!.root;
      for (const path of paths)
        copy(join(from, path), target.startsWith('/') ? join(root, target) : join(directory, target), target);
    } else if (name === 'RUN') {
      const { status, error } = spawnSync('sh', ['-c', text], {
        cwd: directory,
        env: { ...outside, ...environment },
        stdio: ['ignore', 2, 2],
        timeout: 600_000,
      });
      if (status !== 0)
        throw new Error(`RUN ${text} ended with ${status}${error ? `: ${error.message}` : ''}`);
    } else if (!['USER', 'VOLUME', 'EXPOSE', 'HEALTHCHECK', 'CMD'].includes(name))
      throw new Error(`Instruction ${name} is not known here`);
  }
  return { root, directory, environment };
}

/** As COPY does: a folder's content goes into the target, a file goes into a target that ends with a slash. */
function copy(source: string, target: string, written: string): void {
  if (!existsSync(source)) throw new Error(`COPY ${source}: no such file`);
  const into =
    statSync(source).isDirectory() || !written.endsWith('/') ? target : join(target, basename(source));
  cpSync(source, into, { recursive: true, verbatimSymlinks: true });
}
