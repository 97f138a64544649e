import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { Failure } from '../../engine/failure.ts';
import { type Role, roles } from '../../store/entities/grant.ts';
import type { Context } from '../context.ts';
import { anywhere, type Scope } from './rights.ts';
import { rowRules } from './scopes.ts';

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
    const rowRule = [type, ...type.getInterfaces()].map(({ name }) => rowRules[name]).find(Boolean);
    for (const field of Object.values(type.getFields())) {
      const role = rules.get(`${type.name}.${field.name}`) as Role;
      const what = `${type.name}.${field.name}`;
      const { resolve = defaultFieldResolver, subscribe } = field;
      field.resolve = (source, args, context: Context, info) => {
        const { rights, scopes } = context;
        if (rights.unlimited) return resolve(source, args, context, info);
        const go = (scope: Scope | null) => {
          if (scope === null || (rowRule && !rights.has(rowRule.visibleTo, scope)))
            throw new Failure('NOT_FOUND', `${type.name} is not there, or not to be seen`);
          rights.require(role, scope, what);
          scopes.reached(info.path, scope);
          return resolve(source, args, context, info);
        };
        const scope = rowRule ? rowRule.scopeOf(source as never, scopes) : scopes.inherited(info.path);
        return scope instanceof Promise ? scope.then(go) : go(scope);
      };
      if (subscribe) field.subscribe = checked(subscribe, role, what);
    }
  }
  return schema;
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
