import { describe, expect, test } from 'vitest';
import { runCommand } from '../../test/support/command.ts';
import { createProgram } from './program.ts';

const commands = createProgram().commands.map((command) => command.name());

describe('nomograph', () => {
  test('says its version', async () => {
    expect(await runCommand(['--version'])).toMatchObject({ code: 0, stderr: '' });
  });

  test.each(commands)('%s --help shows every option within 80 columns', async (name) => {
    const { code, stdout } = await runCommand([name, '--help']);
    expect(code).toBe(0);
    const command = createProgram().commands.find((command) => command.name() === name);
    for (const { long } of command!.options) expect(stdout).toContain(long);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test.each([
    [[]],
    [['nope']],
    [['serve', '--prot', '1']],
    [['serve', '--port', 'abc']],
    [['serve', '--port', '65536']],
    [['serve', '--role', 'boss']],
    [['demo', '--seed', '1.5']],
    [['demo', '--seed', '']],
    [['extract', 'image.nii']],
    [['extract', 'image.nii', 'mask.nii', '--label', '0']],
    [['extract', 'image.nii', 'mask.nii', '--format', 'xml']],
    [['cox', 'table.csv', '--time', 'months']],
    [['cox', 'table.csv', '--time', 'months', '--event', 'died', '--ties', 'exact']],
    [['import', 'manifest.csv', '--outcome', 'OS']],
    [['import', 'manifest.csv', '--time-unit', 'WEEKS']],
    [['events']],
    [['events', 'job', '--after', '-1']],
  ])('%j is a wrong use: code 2, said on stderr', async (argv) => {
    const { code, stdout, stderr } = await runCommand(argv);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(argv.length === 0 ? /^Usage/ : /^error: /);
  });

  test.each([
    [['extract', 'absent.nii', 'absent.nii'], 'FILE_UNREADABLE: absent.nii'],
    [['cox', 'absent.csv', '--time', 'months', '--event', 'died'], 'FILE_UNREADABLE: absent.csv'],
    [['import', 'absent.csv'], 'FILE_UNREADABLE: absent.csv'],
    [['events', 'job'], 'INPUT_INVALID: job "job"'],
    [['serve', '--host', '0.0.0.0'], 'CONFIG_INVALID: NOMOGRAPH_HOST'],
    [['migrate'], 'CONFIG_INVALID: Settings are not valid: NOMOGRAPH_THREADS'],
  ])('%j fails: code 1, one line on stderr', async (argv, message) => {
    const settings = { NOMOGRAPH_THREADS: argv[0] === 'migrate' ? '0' : '1', NOMOGRAPH_TOKEN: '' };
    const { code, stdout, stderr } = await runCommand(argv, settings);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
