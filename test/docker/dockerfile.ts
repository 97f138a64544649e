/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  readonly name: string;
  /** What stands after the name, without flags such as `--from=build`. */
  readonly text: string;
  readonly flags: Readonly<Record<string, string>>;
}

/** From one FROM to the next. */
export interface Stage {
  readonly name: string | undefined;
  readonly image: string;
  readonly instructions: readonly Instruction[];
}

/** Reads the part of a Dockerfile's language that ours uses; throws on what it does not know. */
export function parseDockerfile(text: string): Stage[] {
  const stages: { name: string | undefined; image: string; instructions: Instruction[] }[] = [];
  const lines = text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  for (const line of lines.filter((line) => line.trim() !== '')) {
    const [, name, rest] = line.match(/^([A-Z]+)\s+(.+)$/) ?? [];
    if (!name || !rest) throw new Error(`Not an instruction: ${line}`);
    const flags = Object.fromEntries(
      [...rest.matchAll(/(?:^|\s)--([a-z-]+)=(\S+)/g)].map(([, key, value]) => [key, value]),
    );
    const instruction = { name, text: rest.replace(/^(--[a-z-]+=\S+\s+)+/, ''), flags };
    if (name === 'FROM') {
      const [, image, stage] = instruction.text.match(/^(\S+)(?: AS (\S+))?$/)!;
      stages.push({ name: stage, image: image!, instructions: [] });
    } else stages.at(-1)!.instructions.push(instruction);
  }
  return stages;
}

/** The command of a CMD or HEALTHCHECK … CMD in its JSON form. */
export function commandOf(instruction: Instruction): string[] {
  return JSON.parse(instruction.text.replace(/^CMD\s+/, ''));
}

/** `ENV A=1 B=2` */
export function variablesOf(instruction: Instruction): Record<string, string> {
  return Object.fromEntries(
    instruction.text.split(/\s+/).map((pair) => pair.split(/=(.*)/, 2) as [string, string]),
  );
}
