import type { TestServer } from '../support/server.ts';
import { sha256, upload } from '../support/tus.ts';
import type { FuzzCase } from './fuzz-case.ts';
import type { ReadReport } from './reader.ts';
import { limits } from './reader-process.ts';
import { seriesArchive } from './seed-series.ts';

export interface UploadReport {
  /** `ok`, or the code of the refusal. */
  readonly code: string;
  readonly complaints: readonly string[];
  readonly milliseconds: number;
}

/** Every other slice, structure set and segmentation goes in an archive with the series that it belongs to. */
const isArchived = ({ role, number }: FuzzCase) =>
  ['slice', 'contours', 'segments'].includes(role) && number % 2 === 0;

/** Uploads a mutated file to a server, which must keep it or refuse it by a code, as the same file was read or refused otherwise. */
export async function uploadMutated(
  server: TestServer,
  file: FuzzCase,
  read: ReadReport | string,
): Promise<UploadReport> {
  const report = await uploadOnce(server, file, read);
  if (report.milliseconds <= limits.milliseconds) return report;
  // On a busy machine time may pass without a file's doing: what hangs does so twice.
  const again = await uploadOnce(server, file, read);
  if (again.milliseconds <= limits.milliseconds) return again;
  const late = `upload: took ${again.milliseconds.toFixed()} ms`;
  return { ...again, complaints: [...again.complaints, late] };
}

async function uploadOnce(
  server: TestServer,
  file: FuzzCase,
  read: ReadReport | string,
): Promise<UploadReport> {
  const started = performance.now();
  const complaints: string[] = [];
  let code = 'NO ANSWER';
  try {
    const answer = isArchived(file)
      ? await upload(server, seriesArchive(file.series, [file]), 'series.zip')
      : await upload(server, file.bytes, file.name);
    code = answer.status === 201 ? 'ok' : String(answer.body?.code ?? `status ${answer.status}`);
    if (code !== 'ok' && ![413, 422].includes(answer.status))
      complaints.push(`upload: status ${answer.status}, ${code}`);
    complaints.push(...compared(file, read, code, answer.body));
  } catch (error) {
    complaints.push(`upload: ${error}`);
  }
  return { code, complaints, milliseconds: performance.now() - started };
}

function compared(
  file: FuzzCase,
  read: ReadReport | string,
  code: string,
  body: Record<string, unknown> | null,
): string[] {
  const { role, bytes } = file;
  if (typeof read === 'string') return [];
  if (isArchived(file)) return comparedSeries(file, read, code, body);
  if (role !== 'image' && role !== 'mask') return [];
  if (code === 'ok' && body?.sha256 !== sha256(bytes)) return ['upload: kept as another file'];
  // An upload is looked through for NaN, which is no part of reading.
  const expected = read.volume?.isFinite === false ? 'IMAGE_NOT_FINITE' : read.reading;
  if (code !== expected) return [`upload: ${code}, not ${expected}`];
  const shape = (volume: { size?: unknown; spacing?: unknown } | null) =>
    JSON.stringify([volume?.size, volume?.spacing]);
  if (code === 'ok' && shape(body) !== shape(read.volume)) return ['upload: kept with another geometry'];
  return [];
}

interface KeptVolume {
  readonly labels: Readonly<Record<string, number>> | null;
}

/** The slices must be taken or refused as they were read; a mask that is kept must have been read, with as many voxels. */
function comparedSeries(
  { role }: FuzzCase,
  read: ReadReport,
  code: string,
  body: Record<string, unknown> | null,
): string[] {
  if (role === 'slice') {
    // What is not DICOM at all is passed over in an archive.
    const isRight = code === read.reading || (code === 'ok' && read.reading === 'FILE_FORMAT_UNKNOWN');
    return isRight ? [] : [`upload: ${code}, not ${read.reading}`];
  }
  if (code !== 'ok') return [];
  const [, ...masks] = (body?.objects ?? []) as KeptVolume[];
  const counts = Object.values(read.regions).map((mask) => mask.replaceAll('0', '').length);
  const unread = masks.filter(({ labels }) => !counts.includes(labels?.[1] ?? 0));
  return unread.map(({ labels }) => `upload: a mask was kept that was not read: ${JSON.stringify(labels)}`);
}
