import { defaultFieldResolver, type GraphQLField } from 'graphql';
import { Failure } from '../../engine/failure.ts';
import { requireBatch } from '../arguments.ts';

/** Has `_entities` refuse what is no reference to an entity: the specification leaves it open, as a defect. */
export function checkRepresentations(
  entities: GraphQLField<unknown, unknown>,
  names: ReadonlySet<string>,
): void {
  const { resolve = defaultFieldResolver } = entities;
  entities.resolve = (source, args: { representations: readonly unknown[] }, context, info) => {
    requireBatch(args.representations, 'representations');
    for (const [index, representation] of args.representations.entries()) {
      const name = (representation as { __typename?: unknown } | null)?.__typename;
      if (typeof name !== 'string' || !names.has(name))
        throw new Failure(
          'INPUT_INVALID',
          `representation ${index} is of no entity: give its __typename, one of ${[...names].join(', ')}`,
          { index, known: [...names] },
        );
    }
    return resolve(source, args, context, info);
  };
}
