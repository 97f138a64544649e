import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { Failure } from '../engine/failure.ts';
import type { CompressedFrame, DecodeFrame } from '../engine/imaging/dicom/index.ts';
import type { DecodedFrame, FrameDecoderData } from './frame-decoder.worker.ts';

/** A sound frame of 4096 × 4096 takes less than a second: it is given four, and a small one two. */
const leastMilliseconds = 2_000;
const mostMilliseconds = 4_000;
const largestFrame = 2 ** 24;
const startMilliseconds = 60_000;

export interface FrameDecoder {
  readonly decodeFrame: DecodeFrame;
  close(): Promise<void>;
}

interface Running {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly answered: Int32Array;
}

/**
 * Decodes JPEG lossless, JPEG-LS and JPEG 2000 frames by WebAssembly codecs in a thread of its own, while the calling thread waits: a
 * frame that takes longer than two to four seconds, by its size, ends the thread and fails with `FILE_CORRUPT`, as does one that the codec
 * refuses or finds broken. The thread starts with the first frame.
 */
export function createFrameDecoder(): FrameDecoder {
  let running: Running | null = null;

  function end(): Promise<unknown> {
    const ended = running?.worker.terminate() ?? Promise.resolve();
    running?.port.close();
    running = null;
    return ended;
  }

  function decodeFrame(frame: CompressedFrame): Uint8Array {
    running ??= start();
    // A copy, since the message would take the whole file along.
    running.port.postMessage({ ...frame, bytes: new Uint8Array(frame.bytes) });
    const milliseconds = timeFor(frame);
    const answer = waitFor<DecodedFrame>(running, milliseconds);
    if (answer !== null && 'samples' in answer) return answer.samples;
    const isFlawed = answer !== null && 'flaw' in answer;
    // A codec that has failed may have left its memory in disorder.
    if (!isFlawed) end();
    const reason = isFlawed
      ? answer.flaw
      : (answer?.error ?? `took more than ${(milliseconds / 1000).toFixed(1)} s`);
    throw new Failure('FILE_CORRUPT', `a frame compressed as ${frame.coding} cannot be decoded: ${reason}`, {
      coding: frame.coding,
      reason,
    });
  }

  return {
    decodeFrame,
    close: async () => {
      await end();
    },
  };
}

function timeFor({ rows, columns }: CompressedFrame): number {
  const part = Math.min(1, (rows * columns) / largestFrame);
  return leastMilliseconds + part * (mostMilliseconds - leastMilliseconds);
}

function start(): Running {
  const { port1, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  // In the sources a worker is a .ts file, which Node 24 runs as it is; in the build it is a .js file.
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const worker = new Worker(new URL(`./frame-decoder.worker${extension}`, import.meta.url), {
    workerData: { port: port2, answered } satisfies FrameDecoderData,
    transferList: [port2],
    // What the codecs have to say goes nowhere.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  worker.stdout.resume();
  worker.stderr.resume();
  worker.unref();
  port1.unref();
  const running = { worker, port: port1, answered };
  if (waitFor<'ready'>(running, startMilliseconds) === 'ready') return running;
  worker.terminate();
  throw new Error('the thread that decodes frames did not start');
}

/** Waits, without giving way to the event loop, for the thread's next answer; null where it does not come in time. */
function waitFor<T>({ port, answered }: Running, milliseconds: number): T | null {
  const outcome = Atomics.wait(answered, 0, 0, milliseconds);
  if (outcome === 'timed-out') return null;
  Atomics.store(answered, 0, 0);
  return (receiveMessageOnPort(port)?.message as T | undefined) ?? null;
}
