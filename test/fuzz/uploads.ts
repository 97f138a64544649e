import type { TestServer } from '../support/server.ts';
import { sha256, upload } from '../support/tus.ts';
import type { FuzzCase } from './fuzz-case.ts';
import type { ReadReport } from './reader.ts';
import { limits } from './reader-process.ts';

export interface UploadReport {
  /** `ok`, or the code of the refusal. */
  readonly code: string;
  readonly complaints: readonly string[];
  readonly milliseconds: number;
}

/** Uploads a mutated file to a server, which must keep it or refuse it by a code, as the same file was read or refused otherwise. */
export async function uploadMutated(
  server: TestServer,
  file: FuzzCase,
  read: ReadReport | string,
): Promise<UploadReport> {
  const started = performance.now();
  const complaints: string[] = [];
  let code = 'NO ANSWER';
  try {
    const answer = await upload(server, file.bytes, file.name);
    code = answer.status === 201 ? 'ok' : String(answer.body?.code ?? `status ${answer.status}`);
    if (code !== 'ok' && ![413, 422].includes(answer.status))
      complaints.push(`upload: status ${answer.status}, ${code}`);
    complaints.push(...compared(file, read, code, answer.body));
  } catch (error) {
    complaints.push(`upload: ${error}`);
  }
  const milliseconds = performance.now() - started;
  if (milliseconds > limits.milliseconds) complaints.push(`upload: took ${milliseconds.toFixed()} ms`);
  return { code, complaints, milliseconds };
}

function compared(
  { role, bytes }: FuzzCase,
  read: ReadReport | string,
  code: string,
  body: Record<string, unknown> | null,
): string[] {
  if ((role !== 'image' && role !== 'mask') || typeof read === 'string') return [];
  if (code === 'ok' && body?.sha256 !== sha256(bytes)) return ['upload: kept as another file'];
  // An upload is looked through for NaN, which is no part of reading.
  const expected = read.volume?.isFinite === false ? 'IMAGE_NOT_FINITE' : read.reading;
  if (code !== expected) return [`upload: ${code}, not ${expected}`];
  const shape = (volume: { size?: unknown; spacing?: unknown } | null) =>
    JSON.stringify([volume?.size, volume?.spacing]);
  if (code === 'ok' && shape(body) !== shape(read.volume)) return ['upload: kept with another geometry'];
  return [];
}
