import { Directive } from 'type-graphql';
import type { Role } from '../../store/entities/grant.ts';

/**
 * The rule of a field: who may read or run it. On a type it holds for all of its fields that have none of their own; the
 * types that implement an interface take the interface's. A field without a rule keeps the schema from being built.
 */
export function Access(role: Role): MethodDecorator & PropertyDecorator & ClassDecorator {
  return Directive(`@access(role: ${role})`);
}
