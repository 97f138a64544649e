import { Directive } from 'type-graphql';

/** Has other subgraphs refer to a type by the fields: they come back to it by its reference resolver. */
export function Key(fields: string): ClassDecorator & MethodDecorator & PropertyDecorator {
  return Directive(`@key(fields: ${JSON.stringify(fields)})`);
}

/** Lets other subgraphs have the same type, as values are shared that nobody owns. */
export function Shareable(): ClassDecorator & MethodDecorator & PropertyDecorator {
  return Directive('@shareable');
}
