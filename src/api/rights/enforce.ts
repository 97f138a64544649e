import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
} from 'graphql';
import { Failure } from '../../engine/failure.ts';
import { type Role, roles } from '../../store/entities/grant.ts';
import type { Context } from '../context.ts';
import { anywhere, rankOf, type Scope } from './rights.ts';
import { type RowRule, rowRules } from './scopes.ts';

/** A field's rule, by `Type.field`. */
export type AccessRules = ReadonlyMap<string, Role>;

/** Fields that federation adds to the schema: they give nothing but rows, whose own fields are held, and the SDL. */
const addedByFederation: Readonly<Record<string, Role>> = {
  'Query._service': 'READER',
  'Query._entities': 'READER',
  '_Service.sdl': 'READER',
};

/** The rule of every field of an object type. Throws an Error that names every field without one. */
export function accessRules(schema: GraphQLSchema): AccessRules {
  const rules = new Map<string, Role>();
  const open: string[] = [];
  for (const type of objectTypes(schema))
    for (const field of Object.values(type.getFields())) {
      const place = `${type.name}.${field.name}`;
      const rule = ruleOf(type, field) ?? addedByFederation[place];
      if (rule === undefined) open.push(place);
      else rules.set(place, rule);
    }
  if (open.length > 0)
    throw new Error(`give a rule, @access(role: …), to ${open.join(', ')}: nothing is open by default`);
  return rules;
}

/**
 * Has every field of the schema held to its rule, in queries, mutations, subscriptions and entities of other subgraphs
 * alike: a field is read if the role is held where its row belongs, and what belongs to no row where the nearest row
 * above it does. A row that may not be seen is as if it were not there. Throws an Error for a field without a rule.
 */
export function enforceAccess(schema: GraphQLSchema): GraphQLSchema {
  const rules = accessRules(schema);
  for (const type of objectTypes(schema)) {
    for (const field of Object.values(type.getFields())) {
      const what = `${type.name}.${field.name}`;
      const role = rules.get(what) as Role;
      const { resolve = defaultFieldResolver, subscribe } = field;
      const rule = { type: type.name, what, rank: rankOf(role), role, isPassedOn: passesOn(schema, field) };
      field.resolve = held(resolve, rule, rowRuleOf(type));
      if (subscribe) field.subscribe = checked(subscribe, role, what);
    }
  }
  return schema;
}

interface FieldRule {
  readonly type: string;
  /** `Type.field` */
  readonly what: string;
  readonly role: Role;
  readonly rank: number;
  /** Whether fields of what it gives are held to where this one's row belongs. */
  readonly isPassedOn: boolean;
}

/** The resolver, held to the rule. It runs for every value of every row of a page: what can be known of the field is known before. */
function held(
  resolve: GraphQLFieldResolver<unknown, Context>,
  { type, what, role, rank, isPassedOn }: FieldRule,
  rowRule: RowRule | undefined,
): GraphQLFieldResolver<unknown, Context> {
  const visibleFrom = rowRule ? rankOf(rowRule.visibleTo) : -1;
  return (source, args, context, info) => {
    const { rights, scopes } = context;
    if (rights.unlimited) return resolve(source, args, context, info);
    // The fields of a row follow one another: mostly it is the row that was looked at last.
    const { last } = scopes;
    if (last !== null && last.row === source && last.rule === rowRule && rank <= last.rank) {
      if (isPassedOn) scopes.reached(info.path, last.scope);
      return resolve(source, args, context, info);
    }
    const go = (scope: Scope | null) => {
      const heldRank = scope === null ? -1 : rights.rankAt(scope);
      if (scope === null || heldRank < visibleFrom)
        throw new Failure('NOT_FOUND', `${type} is not there, or not to be seen`);
      if (heldRank < rank) throw new Failure('FORBIDDEN', `${what} needs the role ${role}`, { role });
      if (rowRule) scopes.last = { row: source, rule: rowRule, scope, rank: heldRank };
      if (isPassedOn) scopes.reached(info.path, scope);
      return resolve(source, args, context, info);
    };
    const scope = rowRule ? rowRule.scopeOf(source as never, scopes) : scopes.inherited(info.path);
    return scope instanceof Promise ? scope.then(go) : go(scope);
  };
}

/** Whether the field gives anything that is no row itself, and whose own fields are held to the row that it was read of. */
function passesOn(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>): boolean {
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return false;
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  return possible.some((each) => rowRuleOf(each) === undefined);
}

function rowRuleOf(type: GraphQLObjectType): RowRule | undefined {
  return [type, ...type.getInterfaces()].map(({ name }) => rowRules[name]).find(Boolean);
}

function checked(
  subscribe: GraphQLFieldResolver<unknown, Context>,
  role: Role,
  what: string,
): GraphQLFieldResolver<unknown, Context> {
  return (source, args, context, info: GraphQLResolveInfo) => {
    context.rights.require(role, anywhere, what);
    return subscribe(source, args, context, info);
  };
}

function objectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
  );
}

function ruleOf(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): Role | undefined {
  const interfaces = type.getInterfaces();
  return [
    field.astNode,
    ...interfaces.map((each) => each.getFields()[field.name]?.astNode),
    type.astNode,
    ...interfaces.map(({ astNode }) => astNode),
  ]
    .map(declaredRole)
    .find((role) => role !== undefined);
}

function declaredRole(
  node: Pick<NonNullable<GraphQLField<unknown, unknown>['astNode']>, 'directives'> | null | undefined,
): Role | undefined {
  const directive = node?.directives?.find(({ name }) => name.value === 'access');
  const value = directive?.arguments?.[0]?.value;
  const role = value?.kind === 'EnumValue' ? (value.value as Role) : undefined;
  if (directive && (!role || !roles.includes(role))) throw new Error('@access wants a role of the graph');
  return role;
}
