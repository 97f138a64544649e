import { Failure } from '../../failure.ts';
import type { Warning } from '../../warning.ts';
import { voxelCount } from '../geometry.ts';
import type { Geometry, Volume } from '../volume.ts';
import type { DicomSeries } from './series.ts';
import { planeTolerance } from './slice-order.ts';
import { type Contour, type StructureSet, structureSetRoi } from './structure-set.ts';

/** Edges times rows that are drawn: a body of 300 slices has 10⁶. */
const maxCrossings = 2 ** 25;

export interface RoiMask {
  /** 1 inside, 0 outside, on the grid of the series. */
  readonly mask: Volume<Uint8Array>;
  readonly warnings: readonly Warning[];
}

/**
 * The voxels of a region of a structure set, on the grid of its series: those whose centres lie inside by the even-odd rule, over all
 * contours of a slice together, so that one within another is a hole (CLOSEDPLANAR_XOR, and CLOSED_PLANAR as it is used). A
 * centre on an edge belongs to the region to the right of and below the edge. Nothing is interpolated between slices.
 *
 * Throws `MASK_LABEL_ABSENT` (no such region, no closed contour, no voxel centre inside), `MASK_REFERENCE_MISMATCH` (another frame of
 * reference; an image that is not of the series, or not at the contour's place), `MASK_OFF_GRID`, in mm: a point off its slice by
 * more than 0.05 mm or 2 % of the spacing, or beyond the edge of the image by more than half a voxel, `FILE_TOO_LARGE`. Warns
 * `MASK_SLICE_EMPTY` where a slice between the first and the last has no contour.
 */
export function contourMask(series: DicomSeries, structureSet: StructureSet, roi: string | number): RoiMask {
  const { volume, frameOfReferenceUid } = series;
  const region = structureSetRoi(structureSet, roi);
  const name = `region "${region.name}" of ${structureSet.fileName}`;
  const facts = { file: structureSet.fileName, roi: region.number };
  if (region.contours.length === 0) {
    const others = region.otherContours > 0 ? ` (but ${region.otherContours} of points or open lines)` : '';
    throw new Failure('MASK_LABEL_ABSENT', `${name} has no closed contour${others}`, facts);
  }
  if (
    region.frameOfReferenceUid !== null &&
    frameOfReferenceUid !== null &&
    region.frameOfReferenceUid !== frameOfReferenceUid
  ) {
    throw new Failure(
      'MASK_REFERENCE_MISMATCH',
      `${name} lies in another frame of reference than the series`,
      {
        ...facts,
        found: region.frameOfReferenceUid,
        expected: frameOfReferenceUid,
      },
    );
  }
  const voxels = new Uint8Array(voxelCount(volume));
  const places = slicesByInstance(series);
  const drawn = new Set<number>();
  const budget = { crossings: maxCrossings };
  for (const [n, contour] of region.contours.entries()) {
    const what = `contour ${n + 1} of ${name}`;
    const { k, columns, rows } = onGrid(contour, volume, what, facts);
    requireReference(contour, k, places, volume.spacing[2], what, facts);
    toggleEdges(
      columns,
      rows,
      voxels.subarray(k * plane(volume), (k + 1) * plane(volume)),
      volume,
      budget,
      what,
    );
    drawn.add(k);
  }
  for (const k of drawn)
    fillRows(voxels.subarray(k * plane(volume), (k + 1) * plane(volume)), volume.size[0]);
  if (!voxels.includes(1)) {
    throw new Failure('MASK_LABEL_ABSENT', `the contours of ${name} enclose no voxel's centre`, facts);
  }
  const { size, spacing, origin, direction } = volume;
  return { mask: { size, spacing, origin, direction, voxels }, warnings: emptySlices(drawn, name) };
}

const plane = ({ size }: Geometry) => size[0] * size[1];

function slicesByInstance({ slices }: DicomSeries): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [k, { sopInstanceUid }] of slices.entries()) {
    const known = places.get(sopInstanceUid);
    if (known === undefined) places.set(sopInstanceUid, [k]);
    else known.push(k);
  }
  return places;
}

type Facts = Readonly<Record<string, string | number>>;

/** The slice of a contour, and its points in columns and rows of that. */
function onGrid(
  { points }: Contour,
  geometry: Geometry,
  what: string,
  facts: Facts,
): { k: number; columns: Float64Array; rows: Float64Array } {
  const { size, spacing, origin, direction: d } = geometry;
  const count = points.length / 3;
  const [columns, rows, depths] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let n = 0; n < count; n++) {
    const x = points[3 * n] - origin[0];
    const y = points[3 * n + 1] - origin[1];
    const z = points[3 * n + 2] - origin[2];
    columns[n] = (d[0] * x + d[3] * y + d[6] * z) / spacing[0];
    rows[n] = (d[1] * x + d[4] * y + d[7] * z) / spacing[1];
    depths[n] = (d[2] * x + d[5] * y + d[8] * z) / spacing[2];
  }
  const k = Math.round(depths[0]);
  const tolerance = planeTolerance(spacing[2]);
  let off = 0;
  for (const depth of depths) {
    const distance = (depth - k) * spacing[2];
    if (Math.abs(distance) > Math.abs(off)) off = distance;
  }
  if (Math.abs(off) > tolerance) {
    refuse(what, `lies ${millimetres(off)} off the nearest slice`, {
      ...facts,
      millimetres: off,
      kind: 'off-slice',
    });
  }
  if (k < 0 || k >= size[2]) {
    const distance = (k < 0 ? k : k - (size[2] - 1)) * spacing[2];
    refuse(what, `lies ${millimetres(distance)} beyond the series' last slice`, {
      ...facts,
      millimetres: distance,
      kind: 'outside',
    });
  }
  for (const [axis, indices] of [columns, rows].entries()) {
    let beyond = 0;
    for (const index of indices) beyond = Math.max(beyond, -0.5 - index, index - (size[axis] - 0.5));
    if (beyond > 0.5) {
      const distance = beyond * spacing[axis];
      refuse(what, `reaches ${millimetres(distance)} beyond the edge of the image along ${'xy'[axis]}`, {
        ...facts,
        millimetres: distance,
        kind: 'outside',
      });
    }
  }
  return { k, columns, rows };
}

function requireReference(
  { images }: Contour,
  k: number,
  places: ReadonlyMap<string, readonly number[]>,
  spacing: number,
  what: string,
  facts: Facts,
): void {
  for (const uid of images) {
    const slices = places.get(uid);
    if (slices?.includes(k)) continue;
    const message =
      slices === undefined
        ? 'was drawn on an image that is not of the series'
        : `lies ${millimetres((k - slices[0]) * spacing)} from the image that it was drawn on`;
    throw new Failure('MASK_REFERENCE_MISMATCH', `${what} ${message}`, { ...facts, sopInstanceUid: uid });
  }
}

/** Toggles, in each row that an edge crosses, the first voxel whose centre is right of the crossing. */
function toggleEdges(
  columns: Float64Array,
  rows: Float64Array,
  slice: Uint8Array,
  { size }: Geometry,
  budget: { crossings: number },
  what: string,
): void {
  const count = columns.length;
  const [nx, ny] = size;
  for (let n = 0; n < count; n++) {
    const next = n + 1 < count ? n + 1 : 0;
    const upward = rows[n] > rows[next];
    const [top, bottom] = upward ? [next, n] : [n, next];
    // Rows j with top ≤ j < bottom: each crossing counts once where two edges meet.
    const first = Math.max(0, Math.ceil(rows[top]));
    const end = Math.min(ny, Math.ceil(rows[bottom]));
    budget.crossings -= Math.max(0, end - first) + 1;
    if (budget.crossings < 0) {
      throw new Failure(
        'FILE_TOO_LARGE',
        `the edges of ${what} and those before cross more than ${maxCrossings} rows`,
        {
          limit: maxCrossings,
        },
      );
    }
    const slope = (columns[bottom] - columns[top]) / (rows[bottom] - rows[top]);
    for (let j = first; j < end; j++) {
      const crossing = columns[top] + (j - rows[top]) * slope;
      const i = Math.max(0, Math.ceil(crossing));
      if (i < nx) slice[j * nx + i] ^= 1;
    }
  }
}

/** From toggles to voxels: inside after an odd number of crossings. */
function fillRows(slice: Uint8Array, nx: number): void {
  for (let start = 0; start < slice.length; start += nx) {
    let inside = 0;
    for (let n = start; n < start + nx; n++) {
      inside ^= slice[n];
      slice[n] = inside;
    }
  }
}

function emptySlices(drawn: ReadonlySet<number>, name: string): Warning[] {
  const [low, high] = [...drawn].reduce(
    ([a, b], k) => [Math.min(a, k), Math.max(b, k)],
    [Infinity, -Infinity],
  );
  const empty = high - low + 1 - drawn.size;
  if (empty === 0) return [];
  return [
    {
      code: 'MASK_SLICE_EMPTY',
      message: `${name} has contours on ${drawn.size} of the ${high - low + 1} slices that it spans; the others are empty`,
    },
  ];
}

function refuse(what: string, message: string, facts: Facts): never {
  throw new Failure('MASK_OFF_GRID', `${what} ${message}`, facts);
}

function millimetres(length: number): string {
  return `${Number(Math.abs(length).toPrecision(4))} mm`;
}
