import {
  type DocumentNode,
  type GraphQLSchema,
  getNullableType,
  getVariableValues,
  isListType,
  type OperationDefinitionNode,
  TypeInfo,
  ValidationContext,
} from 'graphql';
import { type ComplexityEstimator, createComplexityRule } from 'graphql-query-complexity';
import type { Limits } from '../../limits.ts';
import { maxPageSize } from '../paging.ts';
import { beyond } from './beyond.ts';

/** How long a list is taken to be that nobody can tell: scans of a patient, regions of a scan, models of a study. */
const assumedLength = 5;
/** Lists that are far longer than most. */
export const longLists: Readonly<Record<string, number>> = {
  'ExtractionProfile.features': 1500,
  'GivenFolds.patients': 1000,
  'Model.univariate': 100,
  'Radscore.path': 50,
  'Study.subjects': 1000,
};

/**
 * What a field may cost: itself, and what is below it once for each element. A connection has as many as `first` says,
 * which has a default; a list has as many as the longest list among its arguments, which it answers one by one.
 */
const estimate: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  if (childComplexity === 0) return 1;
  // A page beyond the greatest one is refused by its resolver, which says so better than a cost can.
  if (typeof args.first === 'number')
    return 1 + Math.min(Math.max(1, args.first), maxPageSize) * childComplexity;
  // The edges of a connection, and the rows of a matrix, are counted by `first`.
  if (!isListType(getNullableType(field.type)) || /Connection$|^FeatureMatrix$/.test(type.name))
    return 1 + childComplexity;
  return 1 + (longLists[`${type.name}.${field.name}`] ?? lengthOf(args)) * childComplexity;
};

function lengthOf(args: Readonly<Record<string, unknown>>): number {
  const lengths = Object.values(args).flatMap((value) => (Array.isArray(value) ? [value.length] : []));
  return lengths.length === 0 ? assumedLength : Math.max(1, ...lengths);
}

/** What is to be executed. The document is valid and within its limits. */
export interface CostlyOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Record<string, unknown>;
}

/**
 * The fields that an operation may have to resolve, at most. A field whose arguments cannot be read counts for nothing,
 * since it fails without being resolved; so does an operation whose variables are not those that it declares.
 * Throws a GraphQLError for a directive whose argument is no boolean.
 */
export function costOf(schema: GraphQLSchema, { document, operation, variables }: CostlyOperation): number {
  // Ended at the first error: a list can have as many as elements.
  if (getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 }).errors)
    return 0;
  const visitor = createComplexityRule({
    variables,
    estimators: [estimate],
    maximumComplexity: Number.POSITIVE_INFINITY,
    // Their number is a limit of its own.
    maxQueryNodes: Number.POSITIVE_INFINITY,
  })(new ValidationContext(schema, document, new TypeInfo(schema), () => {}));
  visitor.onOperationDefinitionEnter(operation);
  return visitor.complexity;
}

/** Throws `LIMIT_EXCEEDED` for an operation that may cost more than the limit, and what `costOf` throws. */
export function requireCost(schema: GraphQLSchema, operation: CostlyOperation, limits: Limits): void {
  const cost = costOf(schema, operation);
  if (cost <= limits.cost) return;
  throw beyond(
    'cost',
    limits.cost,
    cost,
    `the operation may have to resolve ${cost} fields: ask for shorter pages by \`first\`, or for less of each element`,
  );
}
