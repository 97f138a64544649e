import { userInfo } from 'node:os';

/** Who runs a command, as the audit log knows them: a user of the machine, for whom no sign-in vouches. */
export function commandPrincipal(): string {
  try {
    return `command:${userInfo().username}`;
  } catch {
    return `command:${process.getuid?.() ?? ''}`; // A user without a name, as in containers.
  }
}
