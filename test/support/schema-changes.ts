import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import {
  buildSchema,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
} from 'graphql';

/** A change that some client may notice, and that was decided upon. */
export interface AllowedChange {
  /** As the complaint names it, e.g. `FIELD_REMOVED Patient.age`. */
  readonly change: string;
  readonly reason: string;
  /** When it was decided, e.g. `2026-11-23`. */
  readonly date: string;
}

const roles = ['READER', 'ANALYST', 'CURATOR', 'ADMIN'];
const day = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
/** How a deprecation says until when: the last day on which what it marks is there for sure. */
const term = /\bKept until (\d{4}-\d{2}-\d{2})\.$/;

/**
 * What is wrong with going from one schema to another, as SDL: breaking and dangerous changes that nobody decided upon, decisions
 * about nothing, and deprecations without a term or past it. `today` is a date such as `2026-11-23`.
 */
export async function complaints(
  released: string,
  current: string,
  allowed: readonly AllowedChange[],
  today: string,
): Promise<string[]> {
  const [before, after] = [released, current].map((sdl) => buildSchema(sdl, { assumeValidSDL: true })) as [
    GraphQLSchema,
    GraphQLSchema,
  ];
  const changes = [...(await noticeable(before, after, today)), ...raisedRoles(before, after)];
  const names = new Map(changes.map((change) => [change.name, change.message]));
  return [
    ...[...names]
      .filter(([name]) => !allowed.some(({ change }) => change === name))
      .map(([name, message]) => `${name}: ${message}; undo it, or enter it in schema/breaking-changes.json`),
    ...allowed
      .filter(({ change }) => !names.has(change))
      .map(({ change }) => `${change}: allowed, but there is no such change since the last release`),
    ...allowed
      .filter(({ reason, date }) => reason.trim().length < 10 || !day.test(date))
      .map(({ change }) => `${change}: an entry has a reason and a date`),
    ...deprecations(after).flatMap(({ place, reason }) => {
      const [, until] = reason.match(term) ?? [];
      if (!until || !day.test(until))
        return [`${place}: a deprecation ends in "Kept until <year>-<month>-<day>."`];
      return until < today ? [`${place}: deprecated and kept until ${until}, which is past: remove it`] : [];
    }),
  ];
}

interface NamedChange {
  readonly name: string;
  readonly message: string;
}

/** Changes that graphql-inspector calls breaking or dangerous, but for what goes after its term and what gateways alone read. */
async function noticeable(
  before: GraphQLSchema,
  after: GraphQLSchema,
  today: string,
): Promise<NamedChange[]> {
  const past = new Set(
    deprecations(before)
      .filter(({ reason }) => (reason.match(term)?.[1] ?? today) < today)
      .map(({ place }) => place),
  );
  return (await diff(before, after))
    .filter(({ criticality }: Change) => criticality.level !== CriticalityLevel.NonBreaking)
    .filter(({ type }) => !String(type).startsWith('DIRECTIVE_USAGE_'))
    .filter(({ type, path }) => !(String(type).endsWith('_REMOVED') && past.has(path ?? '')))
    .map(({ type, path, message }) => ({ name: `${type} ${path ?? ''}`.trim(), message }));
}

/** Fields that were open to a lesser role: for who has that one alone, they are gone. */
function raisedRoles(before: GraphQLSchema, after: GraphQLSchema): NamedChange[] {
  const now = accessOf(after);
  return [...accessOf(before)].flatMap(([place, role]) => {
    const then = now.get(place);
    return then !== undefined && roles.indexOf(then) > roles.indexOf(role)
      ? [{ name: `ACCESS_RAISED ${place}`, message: `${role} read it, now ${then} is needed` }]
      : [];
  });
}

/** The role in the `@access` of every field, or of its type. */
function accessOf(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const rules = new Map<string, string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const role = [field, type]
        .flatMap(({ astNode }) => astNode?.directives ?? [])
        .find(({ name }) => name.value === 'access')?.arguments?.[0]?.value;
      if (role?.kind === Kind.ENUM) rules.set(`${type.name}.${field.name}`, role.value);
    }
  }
  return rules;
}

/** Everything that is marked as deprecated. */
function deprecations(schema: GraphQLSchema): { place: string; reason: string }[] {
  const found: { place: string; reason: string }[] = [];
  const look = (place: string, { deprecationReason }: { deprecationReason?: string | null | undefined }) => {
    if (typeof deprecationReason === 'string') found.push({ place, reason: deprecationReason });
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      look(`${type.name}.${field.name}`, field);
      if ('args' in field)
        for (const argument of field.args) look(`${type.name}.${field.name}.${argument.name}`, argument);
    }
  }
  return found;
}
