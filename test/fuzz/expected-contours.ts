import { grids, type SeriesName } from './seed-series.ts';
import { numbersOf, textsOf, type Walked, walkDicom } from './walk-dicom.ts';

/**
 * What a mask must be: a letter a voxel, `0`, `1`, or `?` where rounding decides; `refusal` where the documentation says that the
 * file is refused; null where nothing is expected.
 */
export type ExpectedMask = string | 'refusal' | null;

/** In mm: what lies closer together than this may be told apart either way. */
const rounding = 1e-6;
/** In mm: what a file may say beyond the documented 2 % of 3 mm before it must be refused. */
const slack = 1e-3;

type Point = readonly [along: number, down: number];

/**
 * The mask of a region of an RTSTRUCT file, read apart from the product's code and without its checks: a voxel is inside where a ray
 * from its centre, down its column, crosses an odd number of edges of the closed contours on its slice. A centre on an edge is that of
 * the documented side, right and below; where the edge is slanted or the series oblique, so that rounding decides, a centre within 1e-6 mm of it is `?`.
 */
export function expectedContours(bytes: Uint8Array, region: number, series: SeriesName): ExpectedMask {
  const file = walkDicom(bytes);
  if (file === null) return null;
  const of = (tag: number, inner: number) =>
    (file.items.get(tag) ?? []).filter((item) => numbersOf(item, inner)[0] === region);
  const [known, drawn] = [of(0x30060020, 0x30060022), of(0x30060039, 0x30060084)];
  if (known.length !== 1 || drawn.length !== 1) return 'refusal';
  if ((textsOf(known[0], 0x30060024)[0] ?? '1.9') !== '1.9') return 'refusal';
  const closed = (drawn[0].items.get(0x30060040) ?? []).filter((contour) =>
    ['CLOSED_PLANAR', 'CLOSEDPLANAR_XOR'].includes(textsOf(contour, 0x30060042)[0]),
  );
  const placed = closed.map((contour) => placeContour(contour, series));
  if (placed.some((contour) => contour === 'refusal')) return 'refusal';
  return drawMask(placed as Placed[], series);
}

interface Placed {
  readonly k: number;
  /** In mm from the first voxel's centre, along rows and along columns. */
  readonly points: readonly Point[];
}

function placeContour(contour: Walked, series: SeriesName): Placed | 'refusal' {
  const { size, spacing, origin, axes } = grids[series];
  const numbers = numbersOf(contour, 0x30060050);
  if (numbers.length % 3 !== 0 || numbers.some((number) => !Number.isFinite(number))) return 'refusal';
  const places = Array.from({ length: numbers.length / 3 }, (_, n) => {
    const from = origin.map((start, row) => numbers[3 * n + row] - start);
    return axes.map((axis) => axis[0] * from[0] + axis[1] * from[1] + axis[2] * from[2]);
  });
  const k = Math.round((places[0]?.[2] ?? 0) / spacing[2]);
  const isOff = places.some(
    ([along, down, depth]) =>
      Math.abs(depth - k * spacing[2]) > 0.02 * spacing[2] + slack ||
      [along / spacing[0], down / spacing[1]].some((at, axis) => at < -1 - slack || at > size[axis] + slack),
  );
  const images = (contour.items.get(0x30060016) ?? []).map((image) => textsOf(image, 0x00081155)[0]);
  if (isOff || k < 0 || k >= size[2] || images.some((uid) => uid !== `1.2.3.${k + 10}`)) return 'refusal';
  return { k, points: places.map(([along, down]) => [along, down]) };
}

function drawMask(contours: readonly Placed[], series: SeriesName): string {
  const { size, spacing } = grids[series];
  return Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => {
    const [i, j, k] = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))];
    return voxelAt(
      [i * spacing[0], j * spacing[1]],
      contours.filter((contour) => contour.k === k).map(({ points }) => points),
      series !== 'MR',
    );
  }).join('');
}

function voxelAt(centre: Point, contours: readonly (readonly Point[])[], exact: boolean): '0' | '1' | '?' {
  // Right and below, by less than anything that is told apart.
  const [x, y] = [centre[0] + rounding / 10, centre[1] + rounding / 10];
  let crossings = 0;
  for (const points of contours) {
    for (const [n, [x1, y1]] of points.entries()) {
      const [x2, y2] = points[(n + 1) % points.length];
      const isOn = (x1 === x2 && x1 === centre[0]) || (y1 === y2 && y1 === centre[1]);
      if (!(exact && isOn) && distance(centre, [x1, y1], [x2, y2]) < rounding) return '?';
      if (x1 > x === x2 > x) continue;
      if (y1 + ((x - x1) / (x2 - x1)) * (y2 - y1) > y) crossings++;
    }
  }
  return crossings % 2 === 1 ? '1' : '0';
}

/** From a point to a stretch of a line. */
function distance([x, y]: Point, [x1, y1]: Point, [x2, y2]: Point): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / square));
  return Math.hypot(x1 + along * dx - x, y1 + along * dy - y);
}
