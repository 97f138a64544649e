import { expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { Failure } from './engine/failure.ts';

test('registries are named with their addresses, and some with their tokens', () => {
  const none = readConfig({});
  expect([none.registries, none.registryTokens]).toEqual([{}, {}]);
  const { registries, registryTokens } = readConfig({
    NOMOGRAPH_REGISTRIES: '  cancer=https://cancer.example/graphql/a=b,c\n mortality=http://127.0.0.1:4001/ ',
    NOMOGRAPH_REGISTRY_TOKENS: 'cancer=a=b==',
  });
  expect(registries).toEqual({
    cancer: 'https://cancer.example/graphql/a=b,c',
    mortality: 'http://127.0.0.1:4001/',
  });
  expect(registryTokens).toEqual({ cancer: 'a=b==' });
});

test.each([
  ['an address without a name', 'https://cancer.example/'],
  ['a name without an address', 'cancer='],
  ['a name that no field can have', 'my-registry=https://cancer.example/'],
  ['a name that objects have', '__proto__=https://cancer.example/'],
  ['an address that can be listened to', 'cancer=http://cancer.example/'],
  ['a file', 'cancer=file:///etc/passwd'],
  ['no address', 'cancer=cancer'],
  ['an address with a password', 'cancer=https://me:secret@cancer.example/'],
  ['an address with a key', 'cancer=https://cancer.example/?key=secret'],
])('%s is refused by the name of the setting', (_what, value) => {
  expect(() => readConfig({ NOMOGRAPH_REGISTRIES: value })).toThrow(Failure);
  expect(() => readConfig({ NOMOGRAPH_REGISTRIES: value })).toThrow(/NOMOGRAPH_REGISTRIES/);
});
