import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLNamedType,
  GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { accessRules } from '../rights/enforce.ts';
import { rankOf } from '../rights/rights.ts';
import { columnFields, listFields } from '../row-lists.ts';

/** Edges that the database has written: one leaf. */
const Edges = new GraphQLScalarType({ name: 'Edges', serialize: (value) => value });

/** The connection whose edges may be a leaf, and the type of its nodes. */
const connection = 'PatientConnection';
const node = 'Patient';

/**
 * Tells the operations in which all that is asked for of each patient in a page is what PostgreSQL can write as the graph
 * would: columns of rows and lists of rows, under no rule that those who may see the row do not pass.
 */
export class PlainOperations {
  /** The schema for them: the same, with the edges of such a page as a leaf. */
  readonly schema: GraphQLSchema;
  readonly #schema: GraphQLSchema;
  readonly #fields: ReadonlySet<string>;
  readonly #known = new WeakMap<OperationDefinitionNode, boolean>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
    this.schema = mapSchema(schema, {
      [MapperKind.OBJECT_FIELD]: (field, name, type) =>
        type === connection && name === 'edges' ? { ...field, type: Edges } : field,
    });
    const rules = accessRules(schema);
    const plain = Object.entries(columnFields).flatMap(([type, { fields }]) =>
      [...fields, ...Object.keys(listFields[type] ?? {})].map((field) => `${type}.${field}`),
    );
    this.#fields = new Set(
      [...plain, 'Patient.covariates'].filter((field) => {
        const role = rules.get(field);
        return role !== undefined && rankOf(role) <= rankOf('ANALYST');
      }),
    );
  }

  /** Whether a valid query is one of them; what stands under a condition counts. */
  has(document: DocumentNode, operation: OperationDefinitionNode | undefined): boolean {
    // Apollo Server asks before it says that the document has no operation of the name.
    if (operation?.operation !== 'query') return false;
    let known = this.#known.get(operation);
    if (known === undefined) {
      const fragments = fragmentsOf(document);
      const edges: FieldNode[] = [];
      this.#collectEdges(this.#schema.getQueryType(), operation.selectionSet, fragments, edges);
      known =
        edges.length > 0 &&
        edges.every((field) => !field.alias && this.#isPlain(`${node}Edge`, field, fragments));
      this.#known.set(operation, known);
    }
    return known;
  }

  #collectEdges(
    type: GraphQLNamedType | undefined | null,
    { selections }: SelectionSetNode,
    fragments: Fragments,
    edges: FieldNode[],
  ): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const field =
          isObjectType(type) || isInterfaceType(type) ? type.getFields()[selection.name.value] : undefined;
        if (!field || !selection.selectionSet) continue;
        if (type?.name === connection && field.name === 'edges') edges.push(selection);
        else this.#collectEdges(getNamedType(field.type), selection.selectionSet, fragments, edges);
      } else {
        const part = partOf(selection, fragments);
        const condition = part.typeCondition && this.#schema.getType(part.typeCondition.name.value);
        this.#collectEdges(condition ?? type, part.selectionSet, fragments, edges);
      }
    }
  }

  /** Whether all that is selected of a type, by a field or a fragment, can be written. */
  #isPlain(type: string, { selectionSet }: Pick<FieldNode, 'selectionSet'>, fragments: Fragments): boolean {
    return (selectionSet?.selections ?? []).every((selection) => {
      if (selection.kind !== Kind.FIELD) {
        const part = partOf(selection, fragments);
        const isOfType = (part.typeCondition?.name.value ?? type) === type;
        return isOfType && this.#isPlain(type, part, fragments);
      }
      const { value: name } = selection.name;
      if (name === '__typename') return true;
      if (type === `${node}Edge`)
        return name === 'cursor' || (!selection.alias && this.#isPlain(node, selection, fragments));
      if (!this.#fields.has(`${type}.${name}`)) return false;
      const list = listFields[type]?.[name];
      return !list || this.#isPlain(list.of, selection, fragments);
    });
  }
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function fragmentsOf({ definitions }: DocumentNode): Fragments {
  return new Map(
    definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
}

function partOf(selection: FragmentSpreadNode | InlineFragmentNode, fragments: Fragments) {
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection;
  return fragments.get(selection.name.value) as FragmentDefinitionNode;
}
