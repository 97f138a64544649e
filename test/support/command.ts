import { vi } from 'vitest';
import { run } from '../../src/cli/program.ts';

/** What a command left behind. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a `nomograph` command in this process with the settings given, and catches what it prints. */
export async function runCommand(
  argv: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += typeof text === 'string' ? text : Buffer.from(text).toString();
      return true;
    }),
  );
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  try {
    const code = await run(argv);
    return { code, ...printed };
  } finally {
    process.exitCode = 0;
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}
