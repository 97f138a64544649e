import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FileStore } from '@tus/file-store';
import { EVENTS, Server, type ServerOptions, type Upload } from '@tus/server';
import type { RequestHandler, Response } from 'express';
import { Failure, type FailureCode } from '../engine/failure.ts';
import { objectRow } from '../jobs/object-row.ts';
import { ObjectOwner } from '../store/entities/object-owner.ts';
import { StoredObject } from '../store/entities/stored-object.ts';
import { lockObjects } from '../store/erasure/object-removal.ts';
import { insertNew } from '../store/insert-new.ts';
import { hashFile } from '../store/object-store.ts';
import type { Platform } from './context.ts';
import { principalOf } from './rights/principal.ts';

/** Unfinished uploads are kept this long for their clients to come back. */
const patience = 24 * 3_600_000;
/** How the server names uploads; nothing else reaches the file system. */
const uploadId = /^[0-9a-f]{32}$/;

const statusOf: Partial<Record<FailureCode, number>> = {
  FILE_TOO_LARGE: 413,
  UPLOAD_MISMATCH: 460,
  INTERNAL: 500,
};

export interface Uploads {
  readonly handler: RequestHandler;
  /** Removes unfinished uploads that nobody came back for; returns how many. */
  removeAbandoned(): Promise<number>;
}

/**
 * Resumable uploads by the tus protocol under `/uploads`. A finished upload is read as a volume, or as an archive of a DICOM series; if it is sound it
 * becomes an object of the store, known by its SHA-256, and only then can the graph refer to it. If not, the client gets the
 * failure as JSON and nothing remains. An upload, and the object that it becomes, is of who made it. Metadata: `filename`, and `sha256` to have the bytes compared with what was meant.
 */
export function createUploads(platform: Platform, directory: string, maxBytes: number): Uploads {
  const datastore = new FileStore({ directory, expirationPeriodInMilliseconds: patience });
  // The size is told first, so that what is too large is refused before it is written.
  datastore.extensions = datastore.extensions.filter((extension) => extension !== 'creation-defer-length');
  const remove = (id: string) =>
    datastore
      .remove(id)
      .catch((error: unknown) => platform.log.error({ err: error }, 'while removing an upload'));
  /** Uploads whose creation is under way: until it has succeeded, no client knows how to come back to them. */
  const creating = new WeakMap<object, string>();
  const tus = new CodedServer({
    path: '/uploads',
    datastore,
    maxSize: maxBytes,
    relativeLocation: true,
    respectForwardedHeaders: false,
    allowedOrigins: [],
    async onUploadCreate(request, { id, metadata }) {
      creating.set(request, id);
      // Whatever the client calls itself: the sign-in knows better.
      return { metadata: { ...metadata, principal: principalOf(responseTo(request)).id } };
    },
    async onUploadFinish(request, upload) {
      creating.delete(request);
      try {
        const object = await accept(platform, upload, join(directory, upload.id));
        return {
          // A PATCH answers 204 by default, which has no body; a POST that brought all the bytes stays 201 with its Location.
          ...(request.method === 'PATCH' && { status_code: 200 }),
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(object),
        };
      } catch (error) {
        await remove(upload.id);
        throw refusal(error, platform);
      }
    },
    async onResponseError(request, error) {
      const id = creating.get(request);
      if (id) await datastore.remove(id).catch(() => {}); // It may have failed before it was there.
      if (!('status_code' in error)) return refusal(error, platform);
      if (error.status_code !== 413 || error.body.startsWith('{')) return error;
      const failure = new Failure('FILE_TOO_LARGE', `the upload is larger than ${maxBytes} bytes`, {
        limit: maxBytes,
      });
      return { status_code: error.status_code, body: JSON.stringify(failure) };
    },
  });
  // Not before: after a POST that brought all the bytes, tus looks at the upload once more.
  tus.on(EVENTS.POST_FINISH, (_request, _response, upload) => remove(upload.id));
  const handler: RequestHandler = (request, response, next) => {
    const id = request.path.replace(/^\/uploads\/?/, '').replace(/\/$/, '');
    // Reading back is not offered: tus would hand out any upload by its name.
    const allowed = id === '' ? ['POST', 'OPTIONS'] : ['HEAD', 'PATCH', 'DELETE', 'OPTIONS'];
    if (!allowed.includes(request.method) || (id !== '' && !uploadId.test(id))) {
      response.status(404).json(new Failure('NOT_FOUND', 'there is no such upload'));
      return;
    }
    const owned = id === '' ? Promise.resolve(true) : isOwner(datastore, id, principalOf(response).id);
    owned
      .then((own) => {
        if (own) return tus.handle(request, response);
        response.status(404).json(new Failure('NOT_FOUND', 'The file for this url was not found'));
      })
      .catch(next);
  };
  return { handler, removeAbandoned: () => tus.cleanUpExpiredUploads() };
}

/** The protocol's own refusals are plain text in tus; here every one has a code, as everywhere else. */
type ServerRequest = Parameters<NonNullable<ServerOptions['onUploadCreate']>>[0];

class CodedServer extends Server {
  override write(...[context, headers, status, body]: Parameters<Server['write']>) {
    if (status < 400) return super.write(context, headers, status, body);
    headers.set('content-type', 'application/json');
    if (body?.startsWith('{')) return super.write(context, headers, status, body);
    const code: FailureCode = status === 404 || status === 410 ? 'NOT_FOUND' : 'INPUT_INVALID';
    return super.write(context, headers, status, JSON.stringify(new Failure(code, body?.trim() ?? '')));
  }
}

/** Keeps the volumes behind an upload; returns the one of a plain file, or those of a DICOM archive. */
async function accept(
  { threads, objects, dataSource, auditLog }: Platform,
  upload: Upload,
  path: string,
): Promise<object> {
  const name = (upload.metadata?.filename ?? '').replace(/^.*[/\\]/, '').slice(0, 255) || upload.id;
  const announced = upload.metadata?.sha256?.toLowerCase();
  if (announced) await requireHash(path, name, announced);
  const scratch = await mkdtemp(`${path}-volumes-`);
  try {
    const inspections = await threads.inspect({ paths: [path], name, scratch });
    const rows = inspections.map(objectRow);
    const principal = upload.metadata?.principal as string;
    const [{ sha256: id }] = inspections;
    const change = {
      principal,
      action: 'upload',
      object: { kind: 'StoredObject', id },
      cohorts: new Set<string>(),
      details: { objects: inspections.length },
    };
    await auditLog.during(change, () =>
      dataSource.transaction(async (manager) => {
        await lockObjects(
          manager,
          inspections.map(({ sha256 }) => sha256),
        );
        for (const { path, sha256 } of inspections) await objects.keep(path, sha256);
        await insertNew(manager, StoredObject, rows);
        await insertNew(
          manager,
          ObjectOwner,
          inspections.map(({ sha256 }) => ({ sha256, principal })),
        );
      }),
    );
    return inspections[0].dicom === null ? rows[0] : { objects: rows };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Whether an unfinished upload is of who asks. One that is not there is nobody's. */
async function isOwner(datastore: FileStore, id: string, principal: string): Promise<boolean> {
  const upload = await datastore.getUpload(id).catch(() => undefined);
  return upload?.metadata?.principal === principal;
}

function responseTo({ runtime }: ServerRequest): Response {
  return runtime?.node?.res as unknown as Response;
}

async function requireHash(path: string, name: string, announced: string): Promise<void> {
  const found = await hashFile(path);
  if (found === announced) return;
  throw new Failure('UPLOAD_MISMATCH', `${name} arrived with SHA-256 ${found}, not ${announced}`, {
    file: name,
    found,
    expected: announced,
  });
}

function refusal(error: unknown, { log }: Platform): { status_code: number; body: string } {
  if (!(error instanceof Failure)) log.error({ err: error }, 'upload failed');
  const failure = error instanceof Failure ? error : new Failure('INTERNAL', 'the upload could not be kept');
  return { status_code: statusOf[failure.code] ?? 422, body: JSON.stringify(failure) };
}
