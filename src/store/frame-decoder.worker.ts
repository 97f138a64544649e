import { type MessagePort, workerData } from 'node:worker_threads';
import codecs from 'dcmjs-codecs';
import type { CompressedFrame } from '../engine/imaging/dicom/index.ts';

export interface FrameDecoderData {
  readonly port: MessagePort;
  /** One number: 1 once there is an answer on the port. */
  readonly answered: Int32Array;
}

/** The samples of a frame, or why there are none. */
export type DecodedFrame = { readonly samples: Uint8Array } | { readonly error: string };

// A CommonJS bundle, whose names are only known once it runs.
const { Context, NativeCodecs } = codecs;

type CodecContext = InstanceType<typeof Context>;

const decoders = {
  'JPEG lossless': (context: CodecContext) => NativeCodecs.decodeJpeg(context),
  'JPEG-LS': (context: CodecContext) => NativeCodecs.decodeJpegLs(context),
  'JPEG 2000': (context: CodecContext) => NativeCodecs.decodeJpeg2000(context),
} as const;

const { port, answered } = workerData as FrameDecoderData;

function answer(message: DecodedFrame | 'ready'): void {
  port.postMessage(message);
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
}

function decode(frame: CompressedFrame): DecodedFrame {
  try {
    const context = new Context({
      width: frame.columns,
      height: frame.rows,
      bitsAllocated: frame.bitsAllocated,
      bitsStored: frame.bitsStored,
      samplesPerPixel: 1,
      pixelRepresentation: frame.signed ? 1 : 0,
      planarConfiguration: 0,
      photometricInterpretation: 'MONOCHROME2',
      encodedBuffer: frame.bytes,
    });
    const samples = decoders[frame.coding](context).getDecodedBuffer();
    return samples === undefined
      ? { error: 'the decoder gave nothing' }
      : { samples: new Uint8Array(samples) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

await NativeCodecs.initializeAsync({ logCodecsInfo: false, logCodecsTrace: false });
port.on('message', (frame: CompressedFrame) => answer(decode(frame)));
answer('ready');
