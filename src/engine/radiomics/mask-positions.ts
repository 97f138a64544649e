import { Failure } from '../failure.ts';
import { maskLabels, requireLabels, type Volume } from '../imaging/index.ts';
import { chunksOf } from './region.ts';

/**
 * The voxels of a mask that carry `label`, as offsets in it, ascending.
 * Throws `MASK_LABEL_ABSENT` if there is none, naming the labels that there are, and `MASK_INVALID` where a mask of floating-point
 * voxels holds anything but labels: PyRadiomics would cut them to whole numbers.
 */
export function labelledPositions(mask: Volume, label: number, name: string): Int32Array {
  const { voxels } = mask;
  if (voxels instanceof Float32Array || voxels instanceof Float64Array) {
    requireLabels(mask, name);
  }
  const first = voxels.indexOf(label);
  if (first < 0) {
    const labels = Object.keys(maskLabels(mask) ?? {}).map(Number);
    throw new Failure(
      'MASK_LABEL_ABSENT',
      `No voxel of ${name} carries the label ${label}; ${labels.length > 0 ? `it has ${labels.join(', ')}` : 'it has no labels'}.`,
      { mask: name, label, labels },
    );
  }
  let positions = new Int32Array(1024);
  let count = 0;
  for (const { chunk, start } of chunksOf(voxels, first, voxels.lastIndexOf(label) + 1)) {
    if (count + chunk.length > positions.length) {
      const larger = new Int32Array(Math.max(2 * positions.length, count + chunk.length));
      larger.set(positions);
      positions = larger;
    }
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] === label) {
        positions[count++] = start + i;
      }
    }
  }
  return positions.slice(0, count);
}

/** Throws `ARGUMENT_INVALID` unless the label is a whole number of at least 1. */
export function requireLabel(label: number): number {
  if (!Number.isInteger(label) || label < 1) {
    throw new Failure(
      'ARGUMENT_INVALID',
      `The label is ${label}, but must be a whole number of at least 1.`,
      {
        argument: 'label',
        value: String(label),
      },
    );
  }
  return label;
}
