import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { RequestHandler } from 'express';
import { FieldResolver, Resolver, Root } from 'type-graphql';
import { Failure } from '../engine/failure.ts';
import { requireId } from '../store/checks.ts';
import { ReportFile } from '../store/entities/index.ts';
import type { Platform } from './context.ts';
import { principalOf } from './rights/principal.ts';
import { Rights } from './rights/rights.ts';
import { Scopes } from './rights/scopes.ts';
import { ReportFileType } from './types/report-file.ts';

@Resolver(() => ReportFileType)
export class ReportFileResolver {
  @FieldResolver(() => String, { description: 'Where it can be fetched: an address on this server.' })
  url(@Root() { studyId, path }: ReportFile): string {
    return `/studies/${studyId}/report/${path.split('/').map(encodeURIComponent).join('/')}`;
  }
}

/**
 * `GET /studies/<id>/report/<path>` sends a file of a study's report. The path is looked up among those of the report, so
 * that it never reaches the file system.
 */
export function sendReportFile({
  dataSource,
  objects,
  auditLog,
}: Platform): RequestHandler<{ study: string; path: string[] }> {
  return async (request, response) => {
    const studyId = requireId(request.params.study, 'study');
    const path = request.params.path.join('/');
    const principal = principalOf(response);
    const rights = await Rights.of(dataSource, principal);
    const scope = await new Scopes(dataSource, rights).ofStudy(studyId);
    const visible = scope !== null && rights.has('READER', scope);
    if (visible) rights.require('ANALYST', scope, 'the report');
    const file =
      !visible || path.includes('\0')
        ? null
        : await dataSource.getRepository(ReportFile).findOneBy({ studyId, path });
    if (!file) throw new Failure('NOT_FOUND', 'the report of the study has no such file', { studyId });
    const bytes = await readFile(objects.path(file.sha256)).catch(() => Buffer.alloc(0));
    if (createHash('sha256').update(bytes).digest('hex') !== file.sha256)
      throw new Failure('OBJECT_CORRUPT', `object ${file.sha256} is gone or altered`, {
        sha256: file.sha256,
      });
    await auditLog.write({
      at: new Date(),
      principal: principal.id,
      action: 'readReport',
      objectKind: 'Study',
      objectId: studyId,
      cohortId: scope && 'cohortId' in scope ? scope.cohortId : null,
      outcome: 'OK',
      details: { path },
    });
    response
      .type(`${file.mediaType}; charset=utf-8`)
      .set({
        // A page that users' own words have gone into: it may show itself and nothing more.
        'content-security-policy':
          "sandbox allow-downloads; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-cache',
        etag: `"${file.sha256}"`,
      })
      .send(bytes);
  };
}
