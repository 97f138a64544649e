import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second, as Linux tells them to programs on every machine of these days. */
const ticks = 100;

/** Seconds of the processor that a process has taken so far; null where the system does not tell. */
export function processorSeconds(pid: number): number | null {
  const fields = statOf(pid);
  return fields && (Number(fields[11]) + Number(fields[12])) / ticks;
}

/** The same of a process with all of its children, those that have ended included. */
export function familySeconds(pid: number): number | null {
  const own = statOf(pid);
  if (!own) return null;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((fields) => fields?.[1] === String(pid))
    .map((fields) => Number(fields?.[11]) + Number(fields?.[12]));
  const [user, system, ended, endedSystem] = own.slice(11, 15).map(Number);
  return children.reduce((sum, value) => sum + value, user + system + ended + endedSystem) / ticks;
}

/** The fields of /proc/pid/stat after the name, of which the first is the state and the second the parent. */
function statOf(pid: number): string[] | null {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return null;
  try {
    return readFileSync(path, 'utf8').split(') ')[1].split(' ');
  } catch {
    // It has ended meanwhile.
    return null;
  }
}
