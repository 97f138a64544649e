import { Command } from 'commander';
export function coxCommand(): Command {
  return new Command('cox');
}
