import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('what a failed statement was given is not written', () => {
  const program = `
    import { createLog } from './src/log.ts';
    const error = Object.assign(new Error('duplicate key'), { query: 'insert … $1', parameters: ['P-001', 61], detail: 'Key (subject_key)=(P-001)', driverError: { detail: 'P-001' } });
    createLog('info').error({ err: error, jobId: 'j' }, 'failed');`;
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  expect(stderr).toContain('duplicate key');
  expect(stderr).toContain('"jobId":"j"');
  expect(stderr).not.toMatch(/P-001|insert …|"parameters"/);
});
