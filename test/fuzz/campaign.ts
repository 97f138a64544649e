import type { TestServer } from '../support/server.ts';
import { type FuzzCase, fuzzCase } from './fuzz-case.ts';
import { isCompared, judge } from './judge.ts';
import type { ReadReport } from './reader.ts';
import { limits } from './reader-process.ts';
import { ReadingDesk } from './reading-desk.ts';
import { uploadMutated } from './uploads.ts';

/** A file that was neither read right nor refused by a code. */
export interface Finding {
  readonly file: FuzzCase;
  readonly complaints: readonly string[];
}

/** What came of a number of files. */
export interface CampaignResult {
  readonly findings: readonly Finding[];
  /** How often each outcome, by format. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Of the files that were accepted, how many were held against a reading of their own, by format. */
  readonly compared: Readonly<Record<string, { accepted: number; compared: number }>>;
  readonly uploads: Readonly<Record<string, number>>;
  readonly mutations: Readonly<Record<string, number>>;
  readonly slowest: { readonly milliseconds: number; readonly number: number };
  readonly slowestUpload: { readonly milliseconds: number; readonly number: number };
  /** Peaks of resident memory: of the reading process, and of this one, in which the server runs. */
  readonly peakBytes: { readonly reader: number; readonly server: number };
}

const uploadsAtOnce = 4;

/** Reads and uploads the mutated files of these numbers. */
export async function runCampaign(
  seed: number,
  numbers: readonly number[],
  server: TestServer,
): Promise<CampaignResult> {
  const desk = await ReadingDesk.open();
  const findings: Finding[] = [];
  const outcomes: Record<string, Record<string, number>> = {};
  const compared: Record<string, { accepted: number; compared: number }> = {};
  const uploads: Record<string, number> = {};
  const mutations: Record<string, number> = {};
  let slowest = { milliseconds: 0, number: 0 };
  let slowestUpload = { milliseconds: 0, number: 0 };
  const peakBytes = { reader: 0, server: 0 };
  const watch = setInterval(() => {
    peakBytes.server = Math.max(peakBytes.server, process.memoryUsage().rss);
  }, 10);
  const underWay = new Set<Promise<void>>();
  try {
    for (const number of numbers) {
      const file = fuzzCase(seed, number);
      let read = await desk.read(file);
      // On a busy machine time may pass without a file's doing: what hangs does so twice.
      if (read === 'HANG') read = await desk.read(file);
      const said = outcomeOf(read);
      outcomes[file.format] ??= {};
      outcomes[file.format][said] = (outcomes[file.format][said] ?? 0) + 1;
      mutations[file.mutation] = (mutations[file.mutation] ?? 0) + 1;
      if (typeof read !== 'string') {
        const wasCompared = isCompared(file, read);
        compared[file.format] ??= { accepted: 0, compared: 0 };
        if (wasCompared !== null) compared[file.format].accepted++;
        if (wasCompared) compared[file.format].compared++;
        peakBytes.reader = Math.max(peakBytes.reader, read.peakBytes);
        if (read.milliseconds > slowest.milliseconds) slowest = { milliseconds: read.milliseconds, number };
      }
      const sent = uploadMutated(server, file, read).then(({ code, complaints, milliseconds }) => {
        uploads[code] = (uploads[code] ?? 0) + 1;
        if (milliseconds > slowestUpload.milliseconds) slowestUpload = { milliseconds, number };
        const all = [...judge(file, read), ...complaints];
        if (all.length > 0) findings.push({ file, complaints: all });
      });
      const tracked = sent.finally(() => underWay.delete(tracked));
      underWay.add(tracked);
      if (underWay.size >= uploadsAtOnce) await Promise.race(underWay);
    }
    await Promise.all(underWay);
    if (peakBytes.server > limits.bytes)
      throw new Error(`the server's process took ${peakBytes.server} bytes`);
  } finally {
    clearInterval(watch);
    await desk.close();
  }
  return { findings, outcomes, compared, uploads, mutations, slowest, slowestUpload, peakBytes };
}

function outcomeOf(read: ReadReport | string): string {
  if (typeof read === 'string') return read;
  if (read.reading !== 'ok') return read.reading;
  return read.extraction === 'ok' ? 'ok' : `read, then ${read.extraction}`;
}
