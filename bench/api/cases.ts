import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { featureCount, matrixCohort, pageCohort, pageSize, vectorCount } from './database.ts';
import { type Call, send } from './load.ts';
import type { BenchServer } from './servers.ts';

/** One server's way to ask for what the case is about, and to read its answer in a form that is every server's. */
interface Contender {
  readonly call: Call;
  read(body: Buffer): unknown;
}

export interface BenchCase {
  readonly name: string;
  /** How many times as many requests a second as the server of the name. */
  readonly target: Readonly<Record<string, number>>;
  readonly connections: number;
  /** Answers before any is timed, at least. */
  readonly warmUp: number;
  /** Nomograph first. */
  readonly contenders: readonly Contender[];
}

/** What answers. */
export interface Servers {
  readonly nomograph: BenchServer;
  readonly bare: BenchServer;
  readonly postgraphile: BenchServer | null;
  readonly databasePid: number;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of three graphs, whose shapes are compared at run time.
type Json = any;

function callOf(
  server: BenchServer,
  databasePid: number,
  query: string,
  variables: object,
  secret?: string,
): Call {
  const body = JSON.stringify({ query, variables });
  return {
    server,
    databasePid,
    body,
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      ...(secret && { authorization: `Bearer ${secret}` }),
    },
  };
}

function dataOf(body: Buffer): Json {
  const { data, errors } = JSON.parse(body.toString());
  if (errors) throw new Error(`answered with errors: ${JSON.stringify(errors).slice(0, 500)}`);
  return data;
}

/** An API key that may read both cohorts as an analyst, and nothing else. */
export async function createKey({ nomograph, databasePid }: Servers, adminKey: string): Promise<string> {
  const grants = [pageCohort, matrixCohort].map((cohortKey) => ({ role: 'ANALYST', cohortKey }));
  const query = `mutation CreateKey($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }`;
  const answer = await send(
    callOf(nomograph, databasePid, query, { input: { name: 'bench', grants } }, adminKey),
  );
  return dataOf(answer).createApiKey.secret;
}

/** A page of 100 patients with outcomes, scans and regions of interest. */
export async function pageCase(
  { nomograph, bare, postgraphile, databasePid }: Servers,
  secret: string,
): Promise<BenchCase> {
  const query = await readFile(join(import.meta.dirname, 'page.graphql'), 'utf8');
  const variables = { cohort: pageCohort, first: pageSize };
  const read = (body: Buffer) => dataOf(body).cohort.patients.edges.map(({ node }: Json) => node);
  const contenders: Contender[] = [
    { call: callOf(nomograph, databasePid, query, variables, secret), read },
    { call: callOf(bare, databasePid, query, variables), read },
  ];
  if (postgraphile) {
    const theirs = await readFile(join(import.meta.dirname, 'page-postgraphile.graphql'), 'utf8');
    contenders.push({ call: callOf(postgraphile, databasePid, theirs, variables), read: readPostgraphile });
  }
  return {
    name: `a page of ${pageSize} patients with outcomes, scans and regions`,
    target: { [bare.name]: 0.8, PostGraphile: 1 },
    connections: 8,
    warmUp: 200,
    contenders,
  };
}

function readPostgraphile(body: Buffer): unknown {
  return dataOf(body).cohortByKey.patientsByCohortId.edges.map(({ node: patient }: Json) => ({
    id: patient.rowId,
    subjectKey: patient.subjectKey,
    outcomes: patient.outcomesByPatientId.nodes,
    scans: patient.scansByPatientId.nodes.map((scan: Json) => ({
      id: scan.rowId,
      modality: scan.modality,
      phase: scan.phase,
      rois: scan.roisByScanId.nodes.map(({ rowId, ...roi }: Json) => ({ id: rowId, ...roi })),
    })),
  }));
}

/** A matrix of 1,000 × 1,217 features: one leaf of Nomograph's against lists of Float of the bare server's. */
export function matrixCase(
  { nomograph, bare, databasePid }: Servers,
  secret: string,
  profileId: string,
): BenchCase {
  const ours = `query Matrix($cohort: String!, $first: Int!) {
    cohort(key: $cohort) { featureMatrix(profile: "bench", first: $first) { rows { patient { subjectKey } } values } }
  }`;
  const theirs = `query Matrix($cohort: String!, $profileId: ID!, $first: Int!) {
    cohort(key: $cohort) { featureVectors(profileId: $profileId, first: $first) { edges { node { patient { subjectKey } values } } } }
  }`;
  const variables = { cohort: matrixCohort, first: vectorCount };
  return {
    name: `a matrix of ${vectorCount} × ${featureCount} features`,
    target: { [bare.name]: 5 },
    connections: 2,
    warmUp: 5,
    contenders: [
      { call: callOf(nomograph, databasePid, ours, variables, secret), read: readMatrix },
      {
        call: callOf(bare, databasePid, theirs, { ...variables, profileId }),
        read: (body) =>
          dataOf(body).cohort.featureVectors.edges.map(({ node }: Json) => [
            node.patient.subjectKey,
            ...node.values,
          ]),
      },
    ],
  };
}

/** The rows as lists of numbers, as the bare server gives them. */
function readMatrix(body: Buffer): unknown {
  const { rows, values } = dataOf(body).cohort.featureMatrix;
  const numbers = new Float64Array(Uint8Array.from(Buffer.from(values, 'base64')).buffer);
  return rows.map(({ patient }: Json, row: number) => [
    patient.subjectKey,
    ...numbers.subarray(row * featureCount, (row + 1) * featureCount),
  ]);
}
