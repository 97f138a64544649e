import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RequestHandler } from 'express';
import { Failure } from '../engine/failure.ts';
import { openFeatureMatrix } from '../store/feature-matrix.ts';
import { encodeMatrix, type MatrixFormat, matrixFormats, mediaTypes } from '../store/matrix-encoding.ts';
import type { Platform } from './context.ts';
import { principalOf } from './rights/principal.ts';
import { Rights } from './rights/rights.ts';
import { requireExportedSites } from './rights/writable.ts';

/**
 * `GET /export/<cohort key>/<profile name>.<csv|arrow|ndjson>` streams the cohort's feature matrix; `?names=a,b` takes some
 * features. It holds the patients that who asks may see. Rows go out as fast as the client takes them and no faster.
 */
export function exportFeatures({
  dataSource,
  auditLog,
}: Platform): RequestHandler<{ cohort: string; file: string }> {
  return async (request, response) => {
    const { cohort, file } = request.params;
    const dot = file.lastIndexOf('.');
    const format = file.slice(dot + 1) as MatrixFormat;
    if (dot < 1 || !matrixFormats.includes(format)) {
      throw new Failure(
        'INPUT_INVALID',
        `the export ends in .${matrixFormats.join(' or .')}, not as in ${file.slice(0, 80)}`,
        {
          field: 'format',
          value: file.slice(0, 80),
        },
      );
    }
    const { names } = request.query;
    const principal = principalOf(response);
    const rights = await Rights.of(dataSource, principal);
    const sites = await requireExportedSites(dataSource, rights, cohort);
    const matrix = await openFeatureMatrix(
      dataSource,
      cohort,
      file.slice(0, dot),
      typeof names === 'string' ? names.split(',') : undefined,
      sites,
    );
    // Before the first byte, so that nothing goes out that is not in the log.
    await auditLog.write({
      at: new Date(),
      principal: principal.id,
      action: 'export',
      objectKind: 'Cohort',
      objectId: matrix.cohortId,
      cohortId: matrix.cohortId,
      outcome: 'OK',
      details: { kinds: ['FeatureVector'], profile: matrix.profile, format, sites },
    });
    response.attachment(`${matrix.cohort}_${matrix.profile}.${format}`).type(mediaTypes[format]);
    await pipeline(Readable.from(encodeMatrix(matrix, format)), response).catch(
      (error: NodeJS.ErrnoException) => {
        // A client that goes away in the middle is no failure of ours.
        if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
      },
    );
  };
}
