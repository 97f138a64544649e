import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Limits } from '../../limits.ts';
import { beyond, maxDirectivesOfOneField } from './beyond.ts';

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/**
 * Holds what a document selects to its limits, with its fragments spread out, before it is validated: some of the rules
 * of validation compare every field with every other of its name and place. It stops at the first limit, so that it costs
 * no more than the limits allow, whatever the fragments amount to. A fragment within itself ends at a limit, or is left to
 * validation to refuse. Throws `LIMIT_EXCEEDED`.
 */
export function checkDocumentShape(document: DocumentNode, limits: Limits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  // The fields of the whole document count together: a document of many operations is validated as one.
  const tally = { fields: 0 };
  for (const definition of document.definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION)
      new Survey(limits, fragments, tally).of(definition);
}

/** The count over one operation, or over one fragment by itself, since it is validated by itself too. */
class Survey {
  readonly #limits: Limits;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #tally: { fields: number };
  readonly #entered = new Set<FragmentDefinitionNode>();
  #aliases = 0;
  #overlaps = 0;
  #directives = 0;

  constructor(
    limits: Limits,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    tally: { fields: number },
  ) {
    this.#limits = limits;
    this.#fragments = fragments;
    this.#tally = tally;
  }

  of(definition: Definition): void {
    this.#countDirectives(definition);
    for (const variable of definition.variableDefinitions ?? []) this.#countDirectives(variable);
    const isOperation = definition.kind === Kind.OPERATION_DEFINITION;
    if (!isOperation) this.#entered.add(definition);
    const names = this.#select([definition.selectionSet], 1);
    if (isOperation) this.#require('rootFields', names, 'fields at its root');
  }

  /** Counts what is selected in one place, and below it. Returns how many fields there are. */
  #select(sets: readonly SelectionSetNode[], depth: number): number {
    const below = new Map<string, SelectionSetNode[]>();
    const names = new Map<string, number>();
    const fields = sets.reduce((sum, set) => sum + this.#collect(set, depth, names, below), 0);
    // Fields of one name are merged, as they are in validation and execution.
    for (const merged of below.values()) this.#select(merged, depth + 1);
    return fields;
  }

  #collect(
    set: SelectionSetNode,
    depth: number,
    names: Map<string, number>,
    below: Map<string, SelectionSetNode[]>,
  ): number {
    let fields = 0;
    for (const selection of set.selections) {
      // Fragments count as well: empty ones within each other could double without end.
      this.#require('fields', ++this.#tally.fields, 'fields, with its fragments spread out');
      this.#countDirectives(selection);
      if (selection.kind === Kind.FIELD) {
        fields++;
        this.#require('depth', depth, 'levels of fields');
        if (selection.alias) this.#require('aliases', ++this.#aliases, 'aliases');
        const name = (selection.alias ?? selection.name).value;
        this.#countOverlaps(name, names);
        if (!selection.selectionSet) continue;
        const sets = below.get(name);
        if (sets) sets.push(selection.selectionSet);
        else below.set(name, [selection.selectionSet]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        fields += this.#collect(selection.selectionSet, depth, names, below);
      } else {
        // Fragments of one place are compared with each other, whatever is in them.
        this.#countOverlaps('...', names);
        const fragment = this.#fragments.get(selection.name.value);
        if (!fragment || this.#entered.has(fragment)) continue;
        this.#entered.add(fragment);
        fields += this.#collect(fragment.selectionSet, depth, names, below);
        this.#entered.delete(fragment);
      }
    }
    return fields;
  }

  #countOverlaps(name: string, names: Map<string, number>): void {
    const others = names.get(name) ?? 0;
    this.#overlaps += others;
    this.#require('overlaps', this.#overlaps, 'pairs of fields of one name, or of fragments, in one place');
    names.set(name, others + 1);
  }

  #countDirectives(node: ASTNode): void {
    const here = ('directives' in node && node.directives?.length) || 0;
    if (here === 0) return;
    if (here > maxDirectivesOfOneField)
      throw beyond(
        'directivesOfOneField',
        maxDirectivesOfOneField,
        here,
        `one place of the document has ${here} directives`,
      );
    this.#directives += here;
    this.#require('directives', this.#directives, 'directives');
  }

  #require(
    limit: 'fields' | 'depth' | 'aliases' | 'overlaps' | 'directives' | 'rootFields',
    actual: number,
    what: string,
  ): void {
    const maximum = this.#limits[limit];
    // The count ends here: `actual` is the first one too many, or all of those at the root.
    if (actual > maximum) throw beyond(limit, maximum, actual, `the document has ${actual} ${what}, or more`);
  }
}
