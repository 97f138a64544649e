import { type MessagePort, workerData } from 'node:worker_threads';
import codecs from 'dcmjs-codecs';
import type { CompressedFrame } from '../engine/imaging/dicom/index.ts';

export interface FrameDecoderData {
  readonly port: MessagePort;
  /** One number: 1 once there is an answer on the port. */
  readonly answered: Int32Array;
}

/** The samples of a frame, or why there are none: the codec failed, or came to an end and found the frame to be broken. */
export type DecodedFrame =
  | { readonly samples: Uint8Array }
  | { readonly error: string }
  | { readonly flaw: string };

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

/** What libjpeg finds wrong with the data of a frame, which it decodes to the end all the same. */
let flaw: string | null = null;
codecs.log.info = (message: string) => {
  flaw ??= /(Corrupt JPEG data|Premature end).*/.exec(message)?.[0] ?? null;
};

function decode(frame: CompressedFrame): DecodedFrame {
  flaw = null;
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
    if (flaw !== null) return { flaw };
    return samples === undefined
      ? { error: 'the decoder gave nothing' }
      : { samples: new Uint8Array(samples) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

await NativeCodecs.initializeAsync({ logCodecsInfo: true, logCodecsTrace: false });
port.on('message', (frame: CompressedFrame) => answer(decode(frame)));
answer('ready');
