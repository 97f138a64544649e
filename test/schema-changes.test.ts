import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AllowedChange, complaints } from './support/schema-changes.ts';

const folder = resolve(import.meta.dirname, '../schema');
const read = (name: string) => readFileSync(resolve(folder, name), 'utf8');

test('nothing that clients of the last release rely on is gone, unless that was decided', async () => {
  const allowed = JSON.parse(read('breaking-changes.json')) as AllowedChange[];
  const today = new Date().toISOString().slice(0, 10);
  expect(await complaints(read('released.graphql'), read('schema.graphql'), allowed, today)).toEqual([]);
});

/** The rule itself: it finds what it is there to find, and lets pass what it should. */
describe('the rule', () => {
  const released = /* GraphQL */ `
    directive @access(role: Role!) on FIELD_DEFINITION | OBJECT
    enum Role { READER ANALYST CURATOR ADMIN }
    type Query @access(role: READER) {
      patient(id: ID!): Patient
      old: Int @deprecated(reason: "Ask for patient. Kept until 2027-01-31.")
    }
    type Patient @access(role: ANALYST) { id: ID!, age: Float, state: State! }
    enum State { ALIVE DEAD }
  `;
  const to = (from: string | RegExp, into: string) => {
    const current = released.replace(from, into);
    expect(current).not.toBe(released);
    return current;
  };
  const day = '2026-11-23';

  test.each([
    ['a field is gone', 'age: Float, ', '', 'FIELD_REMOVED Patient.age'],
    ['a type is another', 'age: Float', 'age: Int', 'FIELD_TYPE_CHANGED Patient.age'],
    ['a field may be null', 'state: State!', 'state: State', 'FIELD_TYPE_CHANGED Patient.state'],
    ['a value is gone', 'ALIVE DEAD', 'ALIVE', 'ENUM_VALUE_REMOVED State.DEAD'],
    ['a value came', 'ALIVE DEAD', 'ALIVE DEAD LOST', 'ENUM_VALUE_ADDED State.LOST'],
    ['more is asked for', '(id: ID!)', '(id: ID!, key: String!)', 'FIELD_ARGUMENT_ADDED Query.patient.key'],
    [
      'a higher role is needed',
      'Patient @access(role: ANALYST)',
      'Patient @access(role: ADMIN)',
      'ACCESS_RAISED Patient.id',
    ],
    ['one field needs it', 'age: Float', 'age: Float @access(role: CURATOR)', 'ACCESS_RAISED Patient.age'],
    ['what is kept goes too early', /old:.*\n/, '\n', 'FIELD_REMOVED Query.old'],
  ])('finds that %s, unless it was decided', async (_what, from, into, change) => {
    const current = to(from, into);
    const found = await complaints(released, current, [], day);
    expect(found.map((complaint) => complaint.split(':')[0])).toContain(change);
    const allowed = found.map((complaint) => ({
      change: complaint.split(':')[0] as string,
      reason: 'For good reasons.',
      date: day,
    }));
    expect(await complaints(released, current, allowed, day)).toEqual([]);
  });

  test.each([
    ['a new field', 'age: Float', 'age: Float, weight: Float'],
    ['a lower role', 'Patient @access(role: ANALYST)', 'Patient @access(role: READER)'],
    [
      'a deprecation with a term',
      'age: Float',
      'age: Float @deprecated(reason: "Nobody ages. Kept until 2026-11-23.")',
    ],
    [
      'what only gateways read',
      'type Patient',
      'directive @key(fields: String!) repeatable on OBJECT\ntype Patient @key(fields: "id")',
    ],
  ])('lets pass %s', async (_what, from, into) => {
    expect(await complaints(released, to(from, into), [], day)).toEqual([]);
  });

  test('lets go what was deprecated once its term is over, and asks for it then', async () => {
    expect(await complaints(released, released, [], '2027-01-31')).toEqual([]);
    expect(await complaints(released, released, [], '2027-02-01')).toEqual([
      'Query.old: deprecated and kept until 2027-01-31, which is past: remove it',
    ]);
    expect(await complaints(released, to(/old:.*\n/, '\n'), [], '2027-02-01')).toEqual([]);
  });

  test.each(['"No longer supported"', '"Kept until soon."', '"Kept until 2027-13-01."'])(
    'refuses the deprecation %s, which has no term',
    async (reason) => {
      const current = to('age: Float', `age: Float @deprecated(reason: ${reason})`);
      expect(await complaints(released, current, [], day)).toEqual([
        'Patient.age: a deprecation ends in "Kept until <year>-<month>-<day>."',
      ]);
    },
  );

  test('refuses decisions about nothing, without a reason, and without a date', async () => {
    const current = to('age: Float, ', '');
    const entry = { change: 'FIELD_REMOVED Patient.age', reason: 'It identifies people.', date: day };
    const about = (change: Partial<AllowedChange>) =>
      complaints(released, current, [{ ...entry, ...change }], day);
    expect(await about({})).toEqual([]);
    expect(await about({ reason: ' ' })).toEqual([
      'FIELD_REMOVED Patient.age: an entry has a reason and a date',
    ]);
    expect(await about({ date: 'today' })).toHaveLength(1);
    expect(await complaints(released, released, [entry], day)).toEqual([
      'FIELD_REMOVED Patient.age: allowed, but there is no such change since the last release',
    ]);
  });
});
