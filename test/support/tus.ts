import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StoredObject } from '../../src/store/entities/stored-object.ts';
import type { TestServer } from './server.ts';

export interface UploadAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly offset: number;
  /** The object, or the failure. */
  readonly body: Record<string, unknown> | null;
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** `Upload-Metadata` as the tus protocol wants it. */
export function uploadMetadata(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');
}

/** One request of the tus protocol, signed in unless the headers say otherwise. */
export async function tus(
  server: TestServer,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Uint8Array | ReadableStream,
  signal?: AbortSignal,
): Promise<UploadAnswer> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { ...server.signedIn, 'tus-resumable': '1.0.0', ...headers },
    ...(body && { body: body as never, duplex: 'half' }),
    ...(signal && { signal }),
  } as RequestInit);
  const text = await response.text();
  return {
    status: response.status,
    location: response.headers.get('location'),
    offset: Number(response.headers.get('upload-offset')),
    body: text.startsWith('{') ? JSON.parse(text) : null,
  };
}

/** Uploads a file by one request. */
export function upload(
  server: TestServer,
  bytes: Uint8Array,
  filename: string,
  announced?: string,
): Promise<UploadAnswer> {
  return tus(
    server,
    'POST',
    '/uploads',
    {
      'upload-length': String(bytes.length),
      'content-type': 'application/offset+octet-stream',
      'upload-metadata': uploadMetadata({ filename, ...(announced && { sha256: announced }) }),
    },
    bytes.length > 0 ? bytes : undefined,
  );
}

/** What is in the folders of uploads and objects, and in the table of objects. */
export async function traces(server: TestServer) {
  const files = async (folder: string) =>
    (await readdir(join(server.directory, folder), { recursive: true, withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort();
  const rows = await server.nomograph.platform.dataSource
    .getRepository(StoredObject)
    .find({ order: { sha256: 'ASC' } });
  return {
    uploads: await files('uploads'),
    objects: await files('objects'),
    rows: rows.map((row) => row.sha256),
  };
}
