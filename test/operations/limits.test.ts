import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { limitNames, limitTable, settingOf } from '../../src/limits.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { TestServer } from '../support/server.ts';
import { transportNames, transports } from '../support/transports.ts';

const { limits: defaults } = readConfig({});

describe('the settings', () => {
  test('are one for each limit', () => {
    expect(settingOf('addressRequestsPerMinute')).toBe('NOMOGRAPH_MAX_ADDRESS_REQUESTS_PER_MINUTE');
    for (const name of limitNames) {
      expect(defaults[name]).toBe(limitTable[name][0]);
      expect(readConfig({ [settingOf(name)]: '7' }).limits).toEqual({ ...defaults, [name]: 7 });
      for (const wrong of ['0', '-1', '1.5', 'x', '1e12'])
        expect(() => readConfig({ [settingOf(name)]: wrong }), `${name} ${wrong}`).toThrow(settingOf(name));
    }
  });

  test('are all in docs/limits.md', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/limits.md'), 'utf8');
    const rows = limitNames.map((name) => {
      const [value, counts] = limitTable[name];
      return `| \`${settingOf(name)}\` | \`${name}\` | ${value} | ${counts} |\n`;
    });
    expect(page).toContain(rows.join(''));
  });
});

describe('how often anybody asks', () => {
  test('who is signed in, over whatever transport, and from wherever', async () => {
    const server = await TestServer.start({ limits: { ...defaults, requestsPerMinute: 5 } });
    try {
      const { createApiKey } = await server.client.run<{ createApiKey: { secret: string } }>(
        'mutation { createApiKey(input: { name: "others", grants: [{ role: READER }] }) { secret } }',
      );
      const asked = { query: '{ viewer { id } }' };
      for (const transport of ['HTTP', 'WebSocket', 'event stream', 'HTTP'] as const)
        expect((await transports[transport](server, asked)).errors).toBeUndefined();
      for (const transport of transportNames) {
        const { errors } = await transports[transport](server, asked);
        expect(errors?.map(({ extensions }) => extensions)).toMatchObject([
          { code: 'LIMIT_EXCEEDED', details: { limit: 'requestsPerMinute', maximum: 5 } },
        ]);
      }
      const answer = await server.post(asked);
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(60);
      for (const path of ['/uploads', '/metrics', '/export/a/b.csv'])
        expect((await fetch(`${server.url}${path}`, { headers: server.signedIn })).status, path).toBe(429);
      for (const transport of transportNames)
        expect((await transports[transport](server, asked, createApiKey.secret)).errors).toBeUndefined();
    } finally {
      await server.stop();
    }
  });

  test('an address, signed in or not', async () => {
    const server = await TestServer.start({ limits: { ...defaults, addressRequestsPerMinute: 6 } });
    try {
      for (let n = 0; n < 5; n++)
        expect((await server.post({}, { authorization: 'Bearer wrong' })).status).toBe(401);
      (await RawSocket.open(server.url)).terminate();
      const answer = await server.post({ query: '{ viewer { id } }' });
      expect(answer.status).toBe(429);
      expect(answer.body.errors?.[0].extensions).toMatchObject({
        code: 'LIMIT_EXCEEDED',
        details: { limit: 'addressRequestsPerMinute', maximum: 6, actual: 7 },
      });
      expect(answer.headers.get('retry-after')).not.toBeNull();
      expect(
        (await fetch(`${server.url}/sign-in`, { method: 'POST', body: new URLSearchParams({ token: 'x' }) }))
          .status,
      ).toBe(429);
      await expect(RawSocket.open(server.url)).rejects.toThrow('429');
      for (const path of ['/live', '/ready']) expect((await fetch(`${server.url}${path}`)).status).toBe(200);
    } finally {
      await server.stop();
    }
  });
});
