import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RequestHandler, Response } from 'express';
import { Failure } from '../engine/failure.ts';
import { clinicalTables, openClinicalTable } from '../store/clinical-tables.ts';
import type { ExportTable } from '../store/export-table.ts';
import { openFeatureMatrix } from '../store/feature-matrix.ts';
import { encodeTable, mediaTypes, type TableFormat, tableFormats } from '../store/table-encoding.ts';
import type { Platform } from './context.ts';
import { principalOf } from './rights/principal.ts';
import { Rights } from './rights/rights.ts';
import { requireExportedSites } from './rights/writable.ts';

type Address = { cohort: string; file: string };

/**
 * `GET /export/<cohort key>/<profile name>.<csv|arrow|ndjson>` streams the cohort's feature matrix; `?names=a,b` takes some
 * features. It holds the patients that who asks may see. Rows go out as fast as the client takes them and no faster.
 */
export function exportFeatures(platform: Platform): RequestHandler<Address> {
  return async (request, response) => {
    const { cohort, file } = request.params;
    const { name, format } = parseFile(file);
    const names = typeof request.query.names === 'string' ? request.query.names.split(',') : undefined;
    await send(platform, response, cohort, format, (sites) =>
      openFeatureMatrix(platform.dataSource, cohort, name, names, sites),
    );
  };
}

/** `GET /export/<cohort key>/tables/<patients|outcomes>.<csv|arrow|ndjson>` streams a clinical table of the cohort in the same way. */
export function exportTable(platform: Platform): RequestHandler<Address> {
  return async (request, response) => {
    const { cohort, file } = request.params;
    const { name, format } = parseFile(file);
    const table = clinicalTables.find((one) => one === name);
    if (!table)
      throw new Failure(
        'NOT_FOUND',
        `there is no table ${name.slice(0, 80)}, only ${clinicalTables.join(' and ')}`,
        { table: name.slice(0, 80) },
      );
    await send(platform, response, cohort, format, (sites, rights) =>
      openClinicalTable(platform.dataSource, cohort, table, (id) => rights.seesIdentifying(id), sites),
    );
  };
}

function parseFile(file: string): { name: string; format: TableFormat } {
  const dot = file.lastIndexOf('.');
  const format = file.slice(dot + 1) as TableFormat;
  if (dot >= 1 && tableFormats.includes(format)) return { name: file.slice(0, dot), format };
  throw new Failure(
    'INPUT_INVALID',
    `the export ends in .${tableFormats.join(' or .')}, not as in ${file.slice(0, 80)}`,
    { field: 'format', value: file.slice(0, 80) },
  );
}

async function send(
  { dataSource, auditLog }: Platform,
  response: Response,
  cohort: string,
  format: TableFormat,
  open: (sites: readonly string[] | null, rights: Rights) => Promise<ExportTable>,
): Promise<void> {
  const principal = principalOf(response);
  const rights = await Rights.of(dataSource, principal);
  const sites = await requireExportedSites(dataSource, rights, cohort);
  const table = await open(sites, rights);
  // Before the first byte, so that nothing goes out that is not in the log.
  await auditLog.write({
    at: new Date(),
    principal: principal.id,
    action: 'export',
    objectKind: 'Cohort',
    objectId: table.cohortId,
    cohortId: table.cohortId,
    outcome: 'OK',
    details: {
      kinds: [table.kind],
      [table.kind === 'FeatureVector' ? 'profile' : 'table']: table.name,
      format,
      sites,
    },
  });
  response.attachment(`${table.cohort}_${table.name}.${format}`).type(mediaTypes[format]);
  await pipeline(Readable.from(encodeTable(table, format)), response).catch(
    (error: NodeJS.ErrnoException) => {
      // A client that goes away in the middle is no failure of ours.
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    },
  );
}
