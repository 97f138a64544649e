import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { generate } from '@graphql-codegen/cli';
import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  validate,
} from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { createSchema, printSdl } from '../../src/api/schema.ts';
import { everyField } from '../support/every-field.ts';

const file = resolve(import.meta.dirname, '../../schema/schema.graphql');
let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await createSchema();
});

test('schema/schema.graphql is what the code says; `npm run schema` writes it', () => {
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(printSdl(schema));
});

test('src/client/generated is what schema/ says; `npm run client` writes it', async () => {
  const root = resolve(file, '../..');
  const config = JSON.parse(readFileSync(resolve(root, 'schema/codegen.json'), 'utf8'));
  const written = await generate({ ...config, cwd: root, silent: true }, false);
  expect(written).toHaveLength(1);
  for (const { filename, content } of written)
    expect(readFileSync(resolve(root, filename), 'utf8')).toBe(content);
});

test('every type, field, argument and value is described by a sentence', () => {
  const silent: string[] = [];
  const check = (place: string, { description }: { description?: string | null | undefined }) => {
    if (!description || !/^\S.*\.$/s.test(description)) silent.push(place);
  };
  let places = 0;
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || isSpecifiedScalarType(type)) continue;
    places++;
    // The three roots, and scalars of packages, are not ours to describe.
    if (!['Query', 'Mutation', 'Subscription', 'DateTimeISO', 'JSONObject'].includes(type.name))
      check(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      check(`${type.name}.${field.name}`, field);
      if ('args' in field)
        for (const argument of field.args) check(`${type.name}.${field.name}(${argument.name})`, argument);
    }
  }
  expect(places).toBeGreaterThan(60);
  expect(silent).toEqual([]);
});

test('one selection can hold every field of every event: fields of one name have one type', () => {
  const event = schema.getType('JobEvent');
  if (!isInterfaceType(event)) throw new Error('JobEvent is no interface');
  const document = `subscription { jobEvents(jobId: "1") ${everyField(schema, event)} }`;
  expect(validate(schema, parse(document)).map(({ message }) => message)).toEqual([]);
  expect(document).toContain('... on ModelEstimated');
  expect(document).toContain('hazardRatioUpper');
});

const examples = resolve(file, '../operations');
test.each(readdirSync(examples))('schema/operations/%s asks for what there is', (name) => {
  const document = parse(readFileSync(resolve(examples, name), 'utf8'));
  expect(document.definitions.length).toBeGreaterThan(0);
  expect(validate(schema, document).map(({ message }) => message)).toEqual([]);
});

test('docs/PROTOCOL.md has a row for every event that names its fields', () => {
  const page = readFileSync(resolve(file, '../../docs/PROTOCOL.md'), 'utf8');
  const event = schema.getType('JobEvent');
  if (!isInterfaceType(event)) throw new Error('JobEvent is no interface');
  // Where an event of a study belongs is said once for all of them.
  const common = [...Object.keys(event.getFields()), 'endpoint', 'model'];
  const missing = schema.getPossibleTypes(event).flatMap((type) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${type.name}\` |`));
    if (!row) return [type.name];
    const fields = Object.keys(type.getFields()).filter((name) => !common.includes(name));
    return fields.filter((name) => !row.includes(`\`${name}\``)).map((name) => `${type.name}.${name}`);
  });
  expect(missing).toEqual([]);
});
