import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import type { FormattedExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sendAnswers, writeResult } from './answer.ts';
import { Base64Json, RawJson } from './raw-json.ts';

let app: Express;
let server: Server;
let result: FormattedExecutionResult;
beforeAll(async () => {
  app = express().use(sendAnswers);
  app.get('/', (_request, response) => {
    response.type('json').send(writeResult(result));
  });
  app.get('/otherwise', (_request, response) => {
    response.json(writeResult(result));
  });
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

const address = (path = '/') => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

/** The body as it is sent. */
async function sent(given: FormattedExecutionResult, path?: string): Promise<string> {
  result = given;
  const response = await fetch(address(path));
  const body = Buffer.from(await response.arrayBuffer());
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(Number(response.headers.get('content-length'))).toBe(body.length);
  return body.toString();
}

const uuid = /"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"/;

describe('an answer', () => {
  test('without written values is JSON as it always is', async () => {
    const result = { errors: undefined, data: { a: [1, null, 'é"\n'], b: undefined }, extensions: undefined };
    expect(await sent(result as never)).toBe('{"data":{"a":[1,null,"é\\"\\n"]}}\n');
  });

  test('takes a written value as it is, its blanks included', async () => {
    expect(await sent({ data: { a: new RawJson('{ "b" : 1.0 }') } })).toBe('{"data":{"a":{ "b" : 1.0 }}}\n');
  });

  test('takes many, in order, at any depth, and one more than once', async () => {
    const shared = new RawJson('"$& $1 \\" "');
    const data = {
      first: new RawJson('1'),
      list: [new RawJson('[]'), { deep: shared }, null, shared],
      last: new RawJson('"é\u2028"'),
    };
    const text = await sent({ data, errors: [] });
    expect(text).toBe(
      '{"data":{"first":1,"list":[[],{"deep":"$& $1 \\" "},null,"$& $1 \\" "],"last":"é\u2028"},"errors":[]}\n',
    );
  });

  test('that is nothing but a written value is its text', async () => {
    expect(await sent({ data: new RawJson('null') as never })).toBe('{"data":null}\n');
  });

  test('keeps texts that look like places, and written values that hold them', async () => {
    let seen = '';
    const spy = {
      toJSON() {
        const place = new RawJson('0').toJSON();
        seen ||= String(place);
        return 0;
      },
    };
    // A value that is met and not written is a defect that shows, not a shifted answer.
    expect(() => writeResult({ data: { spy } })).toThrow('0 places for 1 written values');
    const data = { text: seen, quoted: `"${seen}"`, key: { [seen]: 1 }, raw: new RawJson(`"${seen}"`) };
    expect(JSON.parse(await sent({ data }))).toEqual({ data: { ...data, raw: seen } });
    expect(await sent({ data: { spy: new RawJson('1') } })).not.toMatch(uuid);
  });

  test('is whole after one that could not be written', async () => {
    const circle: Record<string, unknown> = { raw: new RawJson('1') };
    circle.self = circle;
    expect(() => writeResult({ data: circle })).toThrow(TypeError);
    expect(JSON.stringify(new RawJson('[1]'))).toBe('[1]');
    expect(await sent({ data: { raw: new RawJson('2') } })).toBe('{"data":{"raw":2}}\n');
  });

  test('is whole if another is written in its midst', async () => {
    const nested = {
      toJSON: () => JSON.parse(JSON.stringify(writeResult({ data: { raw: new RawJson('2') } }))),
    };
    const data = { before: new RawJson('1'), nested, after: new RawJson('3') };
    expect(JSON.parse(await sent({ data }))).toEqual({
      data: { before: 1, nested: { data: { raw: 2 } }, after: 3 },
    });
  });
});

const patterned = (length: number) => Buffer.alloc(length, 'any bytes');

test.each([0, 1, 2, 3, 49_151, 49_152, 49_153, 200_000, 3_000_001])(
  '%d bytes are a string in base64',
  async (length) => {
    const bytes = patterned(length);
    const release = vi.fn();
    const data = { before: 'é', matrix: new Base64Json(bytes, release), after: [new RawJson('"ü"')] };
    const expected = { data: { before: 'é', matrix: bytes.toString('base64'), after: ['ü'] } };
    expect(await sent({ data })).toBe(`${JSON.stringify(expected)}\n`);
    await vi.waitFor(() => expect(release).toHaveBeenCalledTimes(1));
    expect(await sent({ data }, '/otherwise')).toBe(JSON.stringify(expected));
    expect(release).toHaveBeenCalledTimes(1);
  },
);

test('a long answer waits for its client, and ends with it', async () => {
  const release = vi.fn();
  result = { data: { matrix: new Base64Json(Buffer.alloc(60_000_000), release) } };
  const request = get(address());
  await new Promise<void>((resolve) => request.once('response', (response) => response.pause() && resolve()));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(release).not.toHaveBeenCalled();
  request.destroy();
  await vi.waitFor(() => expect(release).toHaveBeenCalledTimes(1));
});

test('a long answer to nobody is none', async () => {
  const release = vi.fn();
  const answered = new Promise<void>((resolve) => {
    app.get('/late', (request, response) => {
      request.socket.destroy();
      response.once('close', () => {
        response
          .type('json')
          .send(writeResult({ data: { matrix: new Base64Json(patterned(3_000_000), release) } }));
        resolve();
      });
    });
  });
  await expect(fetch(address('/late'))).rejects.toThrow();
  await answered;
  await vi.waitFor(() => expect(release).toHaveBeenCalledTimes(1));
});

test('elsewhere a written value is what its text says', () => {
  expect(JSON.stringify({ a: [new RawJson('{ "b": "é" }')] })).toBe('{"a":[{"b":"é"}]}');
  expect(() => JSON.stringify(new RawJson('{'))).toThrow(SyntaxError);
});
