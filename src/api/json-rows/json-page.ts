import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getNamedType,
  isLeafType,
} from 'graphql';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Cohort, Patient } from '../../store/entities/index.ts';
import type { Context } from '../context.ts';
import type { PageReader } from '../paging.ts';
import { RawJson } from '../raw-json.ts';
import { listFields } from '../row-lists.ts';
import { selectedFields } from '../selected-fields.ts';
import type { JsonRow } from './json-rows.ts';
import { RowJson } from './row-json.ts';

interface Edge {
  readonly cursor: string;
  readonly node: unknown;
}

/** How a page of a cohort's patients is read and written where PostgreSQL writes its nodes. */
export interface JsonPage {
  readonly reader: PageReader;
  /** The edges as the leaf that they are there; takes note of what they show. */
  write(edges: readonly Edge[]): RawJson;
}

/** For the field under way; null where its edges are no leaf, or are not asked for. */
export function jsonPageOf(context: Context, cohort: Cohort, info: GraphQLResolveInfo): JsonPage | null {
  const connection = getNamedType(info.returnType) as GraphQLObjectType;
  if (!isLeafType(getNamedType(connection.getFields().edges.type))) return null;
  const selected = (type: string, nodes: readonly FieldNode[] = []) => selectedFields(info, type, nodes);
  const edges = selected(connection.name, info.fieldNodes).get('edges');
  if (!edges) return null;
  const { dataSource, loaders, rights, audit } = context;
  const members = selected('PatientEdge', edges);
  const nodes = members.get('node');
  const row = new RowJson(dataSource, info, {
    names: cohort.covariates.flatMap(({ name, identifying }) => (identifying ? [name] : [])),
    exceptAt: rights.sitesOf('CURATOR', cohort.id),
  });
  const json = nodes ? row.ofRow('Patient', 'patient', nodes) : `'null'`;
  return {
    reader: {
      rows: <T extends ObjectLiteral>(query: SelectQueryBuilder<T>) => {
        const sort = query.expressionMap.selects.find(({ aliasName }) => aliasName === 'sort_key');
        query
          .select('patient.id', 'id')
          .addSelect('patient.subjectKey', 'subjectKey')
          .addSelect(json, 'json');
        if (sort) query.addSelect('patient.covariates', 'covariates').addSelect(sort.selection, 'sort_key');
        return loaders.jsonRows.load(query.setParameters(row.parameters) as never) as Promise<
          ObjectLiteral[]
        > as Promise<T[]>;
      },
      count: (query) => loaders.pages.count(query),
    },
    write: (found) => {
      if (found.length > 0)
        for (const [{ name }] of selected('Patient', nodes).values()) {
          const list = listFields.Patient[name.value];
          if (list) audit.saw(list.of, cohort.id);
        }
      const texts = found.map((edge) => {
        const values = [...members].map(([name, [field]]) => `"${name}":${textOf(field.name.value, edge)}`);
        return `{${values.join(',')}}`;
      });
      return new RawJson(`[${texts.join(',')}]`);
    },
  };
}

function textOf(field: string, { cursor, node }: Edge): string {
  if (field === 'node') return (node as JsonRow<Patient>).json;
  return field === 'cursor' ? `"${cursor}"` : '"PatientEdge"';
}
