import { describe, expect, test } from 'vitest';
import { Base64Json, RawJson, stringifyResult as write } from './raw-json.ts';

const stringifyResult = (result: Parameters<typeof write>[0]) => write(result).toString();

const uuid = /"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"/;

describe('an answer', () => {
  test('without written values is JSON as it always is', () => {
    const result = { errors: undefined, data: { a: [1, null, 'é"\n'], b: undefined }, extensions: undefined };
    expect(stringifyResult(result as never)).toBe('{"data":{"a":[1,null,"é\\"\\n"]}}\n');
  });

  test('takes a written value as it is, its blanks included', () => {
    expect(stringifyResult({ data: { a: new RawJson('{ "b" : 1.0 }') } })).toBe(
      '{"data":{"a":{ "b" : 1.0 }}}\n',
    );
  });

  test('takes many, in order, at any depth, and one more than once', () => {
    const shared = new RawJson('"$& $1 \\" "');
    const data = {
      first: new RawJson('1'),
      list: [new RawJson('[]'), { deep: shared }, null, shared],
      last: new RawJson('"é\u2028"'),
    };
    const text = stringifyResult({ data, errors: [] });
    expect(text).toBe(
      '{"data":{"first":1,"list":[[],{"deep":"$& $1 \\" "},null,"$& $1 \\" "],"last":"é\u2028"},"errors":[]}\n',
    );
  });

  test('that is nothing but a written value is its text', () => {
    expect(stringifyResult({ data: new RawJson('null') as never })).toBe('{"data":null}\n');
  });

  test('keeps texts that look like places, and written values that hold them', () => {
    let seen = '';
    const spy = {
      toJSON() {
        const place = new RawJson('0').toJSON();
        seen ||= String(place);
        return 0;
      },
    };
    // A value that is met and not written is a defect that shows, not a shifted answer.
    expect(() => stringifyResult({ data: { spy } })).toThrow('0 places for 1 written values');
    const data = { text: seen, quoted: `"${seen}"`, key: { [seen]: 1 }, raw: new RawJson(`"${seen}"`) };
    expect(JSON.parse(stringifyResult({ data }))).toEqual({ data: { ...data, raw: seen } });
    expect(stringifyResult({ data: { spy: new RawJson('1') } })).not.toMatch(uuid);
  });

  test('is whole after one that could not be written', () => {
    const circle: Record<string, unknown> = { raw: new RawJson('1') };
    circle.self = circle;
    expect(() => stringifyResult({ data: circle })).toThrow(TypeError);
    expect(JSON.stringify(new RawJson('[1]'))).toBe('[1]');
    expect(stringifyResult({ data: { raw: new RawJson('2') } })).toBe('{"data":{"raw":2}}\n');
  });

  test('is whole if another is written in its midst', () => {
    const nested = { toJSON: () => JSON.parse(stringifyResult({ data: { raw: new RawJson('2') } })) };
    const data = { before: new RawJson('1'), nested, after: new RawJson('3') };
    expect(JSON.parse(stringifyResult({ data }))).toEqual({
      data: { before: 1, nested: { data: { raw: 2 } }, after: 3 },
    });
  });
});

test.each([0, 1, 2, 3, 49_151, 49_152, 49_153, 200_000])('%d bytes are a string in base64', (length) => {
  const bytes = Buffer.from(Array.from({ length }, (_, place) => (place * 73) % 256));
  const data = { before: 'é', matrix: new Base64Json(bytes), after: [new RawJson('"ü"')] };
  const expected = { data: { before: 'é', matrix: bytes.toString('base64'), after: ['ü'] } };
  expect(stringifyResult({ data })).toBe(`${JSON.stringify(expected)}\n`);
  expect(JSON.stringify({ data })).toBe(JSON.stringify(expected));
});

test('elsewhere a written value is what its text says', () => {
  expect(JSON.stringify({ a: [new RawJson('{ "b": "é" }')] })).toBe('{"a":[{"b":"é"}]}');
  expect(() => JSON.stringify(new RawJson('{'))).toThrow(SyntaxError);
});
