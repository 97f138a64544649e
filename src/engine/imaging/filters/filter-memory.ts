import type { Box } from '../label-box.ts';
import { type ConvolutionKernel, convolutionFunctions } from './convolution-kernel.ts';
import { growTo, IdleMemory } from './idle-memory.ts';
import { type LayoutKernel, layoutFunctions } from './layout-kernel.ts';
import { firstFree, type RecursionKernel, recursionFunctions } from './recursion-kernel.ts';
import { wasmModule } from './wasm-module.ts';

type Kernel = RecursionKernel & LayoutKernel & ConvolutionKernel;

let module: WebAssembly.Module | undefined;
const idle = new IdleMemory(() => new FilterMemory());
/** What a filter needs about at least for a voxel of its result. */
const voxelBytes = 16;

/**
 * Runs steps over a box with a memory, which those that come after take over: of a large region it is among the largest that there
 * is.
 */
export function* withFilterMemory<T>(
  { size: [width, height, depth] }: Box,
  steps: (memory: FilterMemory) => Generator<T>,
): Generator<T> {
  const memory = idle.take(voxelBytes * width * height * depth);
  try {
    yield* steps(memory);
  } finally {
    idle.give(memory);
  }
}

/** Memory of WebAssembly, and the functions that work in it. It grows, and is kept between filters. */
export class FilterMemory {
  readonly kernel: Kernel;
  /** The whole memory, as bytes and as float64; other objects after each `reserve`. */
  bytes: Uint8Array;
  samples: Float64Array;
  readonly memory: WebAssembly.Memory;

  constructor() {
    module ??= new WebAssembly.Module(
      wasmModule([...recursionFunctions(), ...layoutFunctions(), ...convolutionFunctions()]),
    );
    const { memory, ...kernel } = new WebAssembly.Instance(module).exports as unknown as Kernel & {
      memory: WebAssembly.Memory;
    };
    this.kernel = kernel as Kernel;
    this.memory = memory;
    this.bytes = new Uint8Array(memory.buffer);
    this.samples = new Float64Array(memory.buffer);
  }

  /** Makes room for parts of so many bytes; gives where each starts, behind a line of the cache at 64 bytes. */
  reserve(...lengths: number[]): number[] {
    let end = Math.ceil(firstFree / 64) * 64;
    const starts = lengths.map((length) => {
      const start = end;
      end += Math.ceil(length / 64) * 64;
      return start;
    });
    if (growTo(this.memory, end)) {
      this.bytes = new Uint8Array(this.memory.buffer);
      this.samples = new Float64Array(this.memory.buffer);
    }
    return starts;
  }
}
