import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  type InlineFragmentNode,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionNode,
} from 'graphql';

/** The operation under way, as far as it tells what is selected. */
export type Operation = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues'>;

/**
 * The fields of an object type that are selected under some fields: those of one response name together, in their order in
 * the answer. Specification: https://spec.graphql.org/October2021/#CollectFields()
 */
export function selectedFields(
  operation: Operation,
  type: string,
  nodes: readonly FieldNode[],
): Map<string, FieldNode[]> {
  const found = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const collect = ({ selections }: { readonly selections: readonly SelectionNode[] }): void => {
    for (const selection of selections) {
      if (!isIncluded(operation, selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const same = found.get(name);
        if (same) same.push(selection);
        else found.set(name, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (concerns(operation, selection, type)) collect(selection.selectionSet);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = operation.fragments[selection.name.value];
        if (fragment && concerns(operation, fragment, type)) collect(fragment.selectionSet);
      }
    }
  };
  for (const { selectionSet } of nodes) if (selectionSet) collect(selectionSet);
  return found;
}

function isIncluded({ variableValues }: Operation, selection: SelectionNode): boolean {
  if (!selection.directives?.length) return true;
  if (getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.if !== false;
}

/** Whether a fragment is of the type, or of one that the type belongs to. */
function concerns(
  { schema }: Operation,
  { typeCondition }: FragmentDefinitionNode | InlineFragmentNode,
  type: string,
): boolean {
  if (!typeCondition || typeCondition.name.value === type) return true;
  const [condition, object] = [schema.getType(typeCondition.name.value), schema.getType(type)];
  return isAbstractType(condition) && isObjectType(object) && schema.isSubType(condition, object);
}
