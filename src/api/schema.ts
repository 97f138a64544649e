import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { CohortResolver } from './cohort.ts';
import { ExtractionProfileResolver, FeatureVectorResolver } from './feature.ts';
import { JobResolver } from './job.ts';
import { ModelResolver, PredictionResolver } from './model.ts';
import { PatientResolver } from './patient.ts';
import { RoiResolver, ScanResolver } from './scan.ts';
import { jobEventTypes } from './types/job-event.ts';

/** Builds the graph. */
export async function createSchema(): Promise<GraphQLSchema> {
  return buildSchema({
    resolvers: [
      CohortResolver,
      PatientResolver,
      ScanResolver,
      RoiResolver,
      ExtractionProfileResolver,
      FeatureVectorResolver,
      JobResolver,
      ModelResolver,
      PredictionResolver,
    ],
    orphanedTypes: [...jobEventTypes],
    validate: false,
    // type-graphql asks for one; events come from the log, not from a publisher in this process.
    pubSub: {
      publish: () => {},
      subscribe: () => {
        throw new Error('Subscriptions read the event log.');
      },
    },
  });
}

/** The schema as SDL, sorted, as it is checked in. */
export function printSdl(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
