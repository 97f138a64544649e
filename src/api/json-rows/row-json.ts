import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  getArgumentValues,
  getNamedType,
  isNonNullType,
} from 'graphql';
import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import { columnFields, listFields, rowLists } from '../row-lists.ts';
import { type Operation, selectedFields } from '../selected-fields.ts';

/** Covariates that are withheld of patients but at some sites; null for all. */
export interface Withheld {
  readonly names: readonly string[];
  readonly exceptAt: readonly string[] | null;
}

/**
 * Writes the SQL by which PostgreSQL gives a row as the JSON that the graph would give, as text: to put texts together costs
 * it less than to build JSON. The names in it are the schema's, or GraphQL's own, of letters, digits and underscores;
 * all else that a client gives is a parameter.
 */
export class RowJson {
  readonly parameters: Record<string, unknown> = {};
  readonly #dataSource: DataSource;
  readonly #operation: Operation;
  readonly #withheld: Withheld;
  #lists = 0;

  constructor(dataSource: DataSource, operation: Operation, withheld: Withheld) {
    this.#dataSource = dataSource;
    this.#operation = operation;
    this.#withheld = withheld;
  }

  /** What is selected of a row of the type, which the statement knows by the alias: an expression of text, never null. */
  ofRow(typeName: string, alias: string, nodes: readonly FieldNode[]): string {
    const type = this.#operation.schema.getType(typeName) as GraphQLObjectType;
    const fields = type.getFields();
    return this.#object(type, nodes, (name, same) => {
      const field = fields[name];
      const list = listFields[typeName]?.[name];
      if (list) return this.#ofList(list, alias, same);
      if (typeName === 'Patient' && name === 'covariates') return this.#ofCovariates(field, alias, same);
      const column = `"${alias}"."${this.#columnOf(columnFields[typeName].entity, name)}"`;
      const text = (texts[getNamedType(field.type).name] ?? quoted)(column);
      return isNonNullType(field.type) ? text : `coalesce(${text}, 'null')`;
    });
  }

  /** An object of the fields that are selected, of which `textOf` gives the values' expressions. */
  #object(
    type: GraphQLObjectType,
    nodes: readonly FieldNode[],
    textOf: (field: string, nodes: readonly FieldNode[]) => string,
  ): string {
    const fields = selectedFields(this.#operation, type.name, nodes);
    const members = [...fields].map(([name, same]) => {
      const field = same[0].name.value;
      const text = field === '__typename' ? `'"${type.name}"'` : textOf(field, same);
      return `'"${name}":' || ${text}`;
    });
    return `'{' || ${members.map((member) => `${member} || `).join("',' || ")}'}'`;
  }

  #ofList(
    { loader, of }: (typeof listFields)[string][string],
    parent: string,
    nodes: readonly FieldNode[],
  ): string {
    const { entity, key, order } = rowLists[loader];
    const alias = `list_${++this.#lists}`;
    const { tableName } = this.#dataSource.getMetadata(entity);
    const column = (name: string) => `"${alias}"."${this.#columnOf(entity, name)}"`;
    const row = this.ofRow(of, alias, nodes);
    return listOf(
      row,
      order.map(column).join(', '),
      `"${tableName}" "${alias}" where ${column(key)} = "${parent}"."id"`,
    );
  }

  #ofCovariates(field: GraphQLField<unknown, unknown>, patient: string, nodes: readonly FieldNode[]): string {
    const { names } = getArgumentValues(field, nodes[0], this.#operation.variableValues);
    const alias = `list_${++this.#lists}`;
    const conditions = ['true'];
    const parameter = (value: unknown) => {
      const name = `${alias}_${Object.keys(this.parameters).length}`;
      this.parameters[name] = value;
      return `:${name}::text[]`;
    };
    if (names) conditions.push(`key = any (${parameter(names)})`);
    const withheld = this.#withheld;
    if (withheld.names.length > 0 && withheld.exceptAt !== null)
      conditions.push(
        `(key <> all (${parameter(withheld.names)}) or coalesce("${patient}"."site" = any (${parameter(withheld.exceptAt)}), false))`,
      );
    const isNumber = "jsonb_typeof(value) = 'number'";
    const row = this.#object(getNamedType(field.type) as GraphQLObjectType, nodes, (name) => {
      if (name === 'name') return quoted('key');
      return `case when ${name === 'number' ? '' : 'not '}${isNumber} then value::text else 'null' end`;
    });
    const from = `jsonb_each("${patient}"."covariates") "${alias}" where ${conditions.join(' and ')}`;
    return listOf(row, 'key collate "C"', from);
  }

  #columnOf(entity: EntityTarget<ObjectLiteral>, property: string): string {
    const column = this.#dataSource.getMetadata(entity).findColumnWithPropertyName(property);
    if (!column) throw new Error(`${property} is no column`);
    return column.databaseName;
  }
}

function listOf(row: string, order: string, from: string): string {
  return `'[' || coalesce((select string_agg(${row}, ',' order by ${order}) from ${from}), '') || ']'`;
}

const quoted = (column: string) => `to_json(${column})::text`;
const plain = (column: string) => `${column}::text`;

/** How values are written, by their type; those of other types as JSON writes them. */
const texts: Readonly<Record<string, (column: string) => string>> = {
  ID: (column) => `'"' || ${column}::text || '"'`,
  Int: plain,
  Boolean: plain,
  DateTimeISO: (column) =>
    `'"' || to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"'`,
};
