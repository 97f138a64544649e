import type { Box } from '../label-box.ts';
import type { Vector3, Volume } from '../volume.ts';
import { blockLines, type DerivativePass, derivativePass, padded, rangeAround } from './derivative-pass.ts';
import type { FilterMemory } from './filter-memory.ts';
import { chooseFilter, recurse } from './recursion.ts';
import { weightsAt } from './recursion-kernel.ts';
import { lengthsOf, type Places, smoothPlanes } from './smoothed-planes.ts';

/** The sum of a smoothed image's second derivatives. */
export class RecursiveLaplacian {
  private readonly memory: FilterMemory;
  private readonly maxSamples: number;

  /** So many samples are held between the second and the third axis, 64 MiB by default; a larger region is done in parts. */
  constructor(memory: FilterMemory, maxSamples = 2 ** 24) {
    this.memory = memory;
    this.maxSamples = maxSamples;
  }

  /**
   * Over a box, for a standard deviation of `sigma` mm and times its square; every pass along an axis is rounded to float32. The
   * result is overwritten by the next.
   */
  over(box: Box, image: Volume, sigma: number): Float32Array {
    const { memory } = this;
    const [width, height, depth] = box.size;
    const row = 4 * padded(width);
    const [sum] = memory.reserve(row * height * depth);
    memory.bytes.fill(0, sum, sum + row * height * depth);
    for (const axis of [0, 1, 2]) {
      const pass = derivativePass(image, box, sigma, axis);
      for (const part of partsOf(pass, this.maxSamples)) this.addPart(part, box);
    }
    memory.kernel.copyFloat32(sum, row, sum, 4 * width, 4 * width, height * depth);
    return new Float32Array(memory.bytes.buffer, sum, width * height * depth);
  }

  private addPart(pass: DerivativePass, region: Box): void {
    const { memory } = this;
    const { image, box, r, c, curvedAxis } = pass;
    const step = [0, 4 * padded(region.size[0]), 4 * padded(region.size[0]) * region.size[1]];
    const [sum, tile, lines, output, scratch, plane, smoothed, staged] = memory.reserve(
      step[2] * region.size[2],
      ...lengthsOf(pass),
    );
    const places: Places = { tile, lines, output, scratch, plane, smoothed, staged };
    // What lies between lines is computed along: what is left of other uses may be numbers that are slow to compute with.
    memory.bytes.fill(0, tile, smoothed);
    smoothPlanes(memory, pass, places);

    const [width, height, count] = [box.size[0], box.size[r], box.size[c]];
    memory.samples[weightsAt.scale / 8] = 1 / (image.spacing[curvedAxis] * image.spacing[curvedAxis]);
    const planes = rangeAround(pass, c, 1);
    const depth = planes.last - planes.first;
    const first = box.lower[c] - planes.first;
    const rowBytes = 4 * padded(width);
    chooseFilter(memory, pass.filterC);
    for (let row = 0; row < height; row++) {
      for (let x = 0; x < width; x += blockLines) {
        const across = 8 * padded(Math.min(blockLines, width - x));
        const from = smoothed + row * rowBytes + 4 * x;
        memory.kernel.widen(from, rowBytes * height, tile, across, across, depth);
        recurse(memory, { at: tile, stride: across }, output, scratch, across, depth, first, first + count);
        const to = sum + (box.lower[r] - region.lower[r] + row) * step[r] + 4 * x;
        memory.kernel.addRounded(output + first * across, across, to, step[c], across / 2, count);
      }
    }
  }
}

/** A pass in parts across r, each of which needs `maxSamples` at once, or else is a single row of each plane. */
function* partsOf(pass: DerivativePass, maxSamples: number): Generator<DerivativePass> {
  const { box, r, c } = pass;
  const planes = rangeAround(pass, c, 1);
  const most = Math.max(1, Math.floor(maxSamples / (padded(box.size[0]) * (planes.last - planes.first))));
  for (let from = 0; from < box.size[r]; from += most) {
    const lower = box.lower.map((n, axis) => (axis === r ? n + from : n)) as unknown as Vector3;
    const size = box.size.map((n, axis) => (axis === r ? Math.min(most, n - from) : n)) as unknown as Vector3;
    yield { ...pass, box: { lower, size } };
  }
}
