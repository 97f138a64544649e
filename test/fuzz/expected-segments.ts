import type { ExpectedMask } from './expected-contours.ts';
import { grids, type SeriesName } from './seed-series.ts';
import { numbersOf, shortOf, textsOf, type Walked, type WalkedFile, walkDicom } from './walk-dicom.ts';

/** In mm and cosines: what a file may say beyond the documented tolerances before it must be refused. */
const slack = 1e-3;
const native = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2'];

/**
 * The mask of a segment of a SEG file, read apart from the product's code and without its checks: each frame of its number laid on the grid
 * of the series where its position says. Of a fractional segmentation a half and more is inside.
 */
export function expectedSegments(bytes: Uint8Array, segment: number, series: SeriesName): ExpectedMask {
  const file = walkDicom(bytes);
  if (file === null || !native.includes(file.syntax)) return null;
  const segments = (file.items.get(0x00620002) ?? []).filter((item) => shortOf(item, 0x00620004) === segment);
  const groups = file.items.get(0x52009230) ?? [];
  if (segments.length !== 1 || groups.length !== numbersOf(file, 0x00280008)[0]) return 'refusal';
  if ((textsOf(file, 0x00200052)[0] ?? '1.9') !== '1.9') return 'refusal';
  const valueAt = pixelReader(file);
  if (valueAt === null) return null;
  const { size } = grids[series];
  const [rows, columns] = [shortOf(file, 0x00280010), shortOf(file, 0x00280011)];
  const mask = new Array<string>(size[0] * size[1] * size[2]).fill('0');
  const drawn = new Set<number>();
  for (const [n, group] of groups.entries()) {
    const groupOf = (tag: number) =>
      (group.items.get(tag) ?? [])[0] ?? (file.items.get(0x52009229)?.[0].items.get(tag) ?? [])[0];
    const number = groupOf(0x0062000a) && shortOf(groupOf(0x0062000a), 0x0062000b);
    if (number === undefined || Number.isNaN(number)) return 'refusal';
    if (number !== segment) continue;
    const place = placeFrame([groupOf(0x00209113), groupOf(0x00209116), groupOf(0x00289110)], series);
    if (place === null) return 'refusal';
    const [i, j, k] = place;
    const isWithin =
      i >= 0 && j >= 0 && k >= 0 && i + columns <= size[0] && j + rows <= size[1] && k < size[2];
    if (!isWithin || drawn.has(k)) return 'refusal';
    drawn.add(k);
    for (let at = 0; at < rows * columns; at++) {
      const inside = valueAt(n * rows * columns + at);
      if (inside === null) return 'refusal';
      const [column, row] = [at % columns, Math.floor(at / columns)];
      mask[i + column + size[0] * (j + row + size[1] * k)] = inside ? '1' : '0';
    }
  }
  return mask.join('');
}

/** Whether a pixel is inside, null where there is none; itself null for forms of pixels that are not looked at. */
function pixelReader(file: WalkedFile): ((n: number) => boolean | null) | null {
  const pixels = file.values.get(0x7fe00010);
  const isBinary = textsOf(file, 0x00620001)[0] === 'BINARY';
  const bits = shortOf(file, 0x00280100);
  if (!file.little || pixels === undefined || bits !== (isBinary ? 1 : 8)) return null;
  const has = (at: number) => at < pixels.length;
  if (isBinary) return (n) => (has(n >> 3) ? ((pixels[n >> 3] >> (n & 7)) & 1) === 1 : null);
  const stored = shortOf(file, 0x00280101);
  const half = shortOf(file, 0x0062000e) / 2;
  if (shortOf(file, 0x00280103) !== 0 || Number.isNaN(half)) return null;
  const kept = Number.isNaN(stored) ? 255 : 2 ** stored - 1;
  return (n) => (has(n) ? (pixels[n] & kept) >= half : null);
}

/** The voxel under the first pixel of a frame; null where it is documented to be refused. */
function placeFrame(
  [plane, turned, measured]: readonly (Walked | undefined)[],
  series: SeriesName,
): readonly number[] | null {
  const { size, spacing, origin, axes } = grids[series];
  if (!plane || !turned || !measured) return null;
  const position = numbersOf(plane, 0x00200032);
  const cosines = numbersOf(turned, 0x00200037);
  const [down, along] = numbersOf(measured, 0x00280030);
  const isTurned = [...axes[0], ...axes[1]].some(
    (cosine, n) => !(Math.abs(cosines[n] - cosine) <= 1e-3 + slack),
  );
  const isScaled = [along, down].some(
    (step, axis) => !(Math.abs(step / spacing[axis] - 1) * size[axis] <= 0.1 + slack),
  );
  if (isTurned || isScaled) return null;
  const from = position.map((at, row) => at - origin[row]);
  const places = axes.map(
    (axis, n) => (axis[0] * from[0] + axis[1] * from[1] + axis[2] * from[2]) / spacing[n],
  );
  const isOff = places.some(
    (place, n) =>
      !(Math.abs(place - Math.round(place)) * spacing[n] <= Math.max(0.05, 0.02 * spacing[n]) + slack),
  );
  return isOff ? null : places.map(Math.round);
}
