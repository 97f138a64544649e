// A bare Apollo server with hand-written SQL: no sign-in, rights, limits or audit. It prints its address.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import pg from 'pg';

const typeDefs = `
  type Query { cohort(key: String!): Cohort }
  type Cohort { id: ID! key: String! patients(first: Int!): PatientConnection! featureVectors(profileId: ID!, first: Int!): FeatureVectorConnection! }
  type PatientConnection { edges: [PatientEdge!]! pageInfo: PageInfo! }
  type PatientEdge { node: Patient! }
  type PageInfo { hasNextPage: Boolean! }
  type Patient { id: ID! subjectKey: String! outcomes: [Outcome!]! scans: [Scan!]! }
  type Outcome { endpoint: String! time: Float! event: Boolean! }
  type Scan { id: ID! modality: String! phase: String! rois: [Roi!]! }
  type Roi { id: ID! lesion: String! reader: String! session: Int! voxelCount: Int! }
  type FeatureVectorConnection { edges: [FeatureVectorEdge!]! }
  type FeatureVectorEdge { node: FeatureVector! }
  type FeatureVector { patient: SubjectOnly! values: [Float!]! }
  type SubjectOnly { subjectKey: String! }
`;

type Row = Record<string, unknown>;

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 12 });

/** Rows as properties of what they belong to, so that the graph's own default resolvers read them. */
function attach(owners: readonly Row[], rows: readonly Row[], owner: string, name: string): void {
  const byId = new Map(owners.map((each) => [each.id, each]));
  for (const each of owners) each[name] = [];
  for (const row of rows) (byId.get(row[owner]) as Record<string, Row[]>)[name].push(row);
}

const resolvers = {
  Query: {
    cohort: async (_root: unknown, { key }: { key: string }) =>
      (await pool.query('select id, key from cohort where key = $1', [key])).rows[0],
  },
  Cohort: {
    patients: async ({ id }: Row, { first }: { first: number }) => {
      const found = await pool.query<Row>(
        'select id, subject_key as "subjectKey" from patient where cohort_id = $1 order by subject_key limit $2',
        [id, first + 1],
      );
      const patients = found.rows.slice(0, first);
      const ids = [patients.map((patient) => patient.id)];
      const [outcomes, scans, rois] = await Promise.all([
        pool.query<Row>(
          'select patient_id, endpoint, time, event from outcome where patient_id = any ($1) order by endpoint',
          ids,
        ),
        pool.query<Row>(
          'select id, patient_id, modality, phase from scan where patient_id = any ($1) order by modality, phase',
          ids,
        ),
        pool.query<Row>(
          `select roi.id, scan_id, lesion, reader, session, voxel_count as "voxelCount" from roi join scan on scan.id = scan_id
           where patient_id = any ($1) order by lesion, reader, session`,
          ids,
        ),
      ]);
      attach(patients, outcomes.rows, 'patient_id', 'outcomes');
      attach(patients, scans.rows, 'patient_id', 'scans');
      attach(scans.rows, rois.rows, 'scan_id', 'rois');
      return {
        edges: patients.map((node) => ({ node })),
        pageInfo: { hasNextPage: found.rows.length > first },
      };
    },
    featureVectors: async ({ id }: Row, { profileId, first }: { profileId: string; first: number }) => {
      const { rows } = await pool.query<{ subjectKey: string; values: Buffer }>(
        `select subject_key as "subjectKey", vector.values from feature_vector vector join patient on patient.id = patient_id
         where cohort_id = $1 and profile_id = $2 order by subject_key limit $3`,
        [id, profileId, first],
      );
      return {
        edges: rows.map(({ subjectKey, values }) => ({
          node: {
            patient: { subjectKey },
            values: new Float64Array(
              values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength),
            ),
          },
        })),
      };
    },
  },
};

const apollo = new ApolloServer({ typeDefs, resolvers });
await apollo.start();
const app = express();
app.use('/graphql', express.json({ limit: '1mb' }), expressMiddleware(apollo));
const server = createServer(app);
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
});
