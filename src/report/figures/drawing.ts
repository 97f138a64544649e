import { element, escapeMarkup } from '../markup.ts';
import { fitText, textWidth } from './text-width.ts';

/** Lengths are points: 1/72 inch, so that a figure printed at its own size has letters of the size stated. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A figure of a report: a file by its name, or a part of a page. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  /** What the reader must know to read it. */
  readonly caption: string;
  readonly svg: string;
}

/** 180 mm, the width of a page of two columns in most journals. */
export const pageWidth = 510;

export const sizes = { title: 9, text: 8, small: 7 } as const;

export const ink = {
  text: '#1a1a1a',
  quiet: '#595959',
  axis: '#333333',
  grid: '#e3e3e3',
  paper: '#ffffff',
} as const;

/** Colours that people who see no red, green or blue still tell apart (Okabe & Ito 2008), darkest first on white. */
export const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'] as const;

/** So that lines differ in print without colour, too. */
export const dashes = [
  undefined,
  '5 2.5',
  '1.5 1.8',
  '7 2 1.5 2',
  '9 3',
  '3 1.5',
  '7 2 1.5 2 1.5 2',
] as const;

export interface LabelStyle {
  readonly size?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: 'normal' | 'bold';
  readonly fill?: string;
  /** Reads upwards, as along a vertical axis. */
  readonly upwards?: boolean;
  /** Longer text is shortened; the whole of it is shown on pointing. */
  readonly width?: number;
}

/** One line of text with its baseline at (x, y). */
export function label(x: number, y: number, text: string, style: LabelStyle = {}): string {
  const { size = sizes.text, anchor = 'start', weight = 'normal', fill = ink.text, upwards, width } = style;
  const shown = width === undefined ? text : fitText(text, width, size, weight);
  return element(
    'text',
    {
      x,
      y,
      'font-size': size,
      fill,
      'text-anchor': anchor === 'start' ? undefined : anchor,
      'font-weight': weight === 'normal' ? undefined : weight,
      transform: upwards
        ? `rotate(-90 ${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100})`
        : undefined,
    },
    shown === text ? '' : element('title', {}, escapeMarkup(text)),
    escapeMarkup(shown),
  );
}

export interface StrokeStyle {
  readonly stroke?: string;
  readonly width?: number;
  readonly dash?: string | undefined;
}

export function line(x1: number, y1: number, x2: number, y2: number, style: StrokeStyle = {}): string {
  const { stroke = ink.axis, width = 0.7, dash } = style;
  return element('line', { x1, y1, x2, y2, stroke, 'stroke-width': width, 'stroke-dasharray': dash });
}

export function curve(d: string | null, style: StrokeStyle = {}): string {
  if (!d) return '';
  const { stroke = ink.axis, width = 1.2, dash } = style;
  return element('path', {
    d,
    fill: 'none',
    stroke,
    'stroke-width': width,
    'stroke-dasharray': dash,
    'stroke-linejoin': 'round',
  });
}

export function area(d: string | null, fill: string, opacity: number): string {
  return d ? element('path', { d, fill, 'fill-opacity': opacity }) : '';
}

export function rectangle({ x, y, width, height }: Box, fill: string, stroke?: string): string {
  return element('rect', { x, y, width, height, fill, stroke, 'stroke-width': stroke ? 0.7 : undefined });
}

/** A short sample of a line and what it stands for, beginning at x; gives the markup and where it ends. */
export function legendEntry(
  x: number,
  y: number,
  text: string,
  style: StrokeStyle & { readonly size?: number; readonly maximum?: number },
): { readonly markup: string; readonly end: number } {
  const { size = sizes.small, maximum = Infinity } = style;
  const shown = Math.min(textWidth(text, size), maximum - 22);
  return {
    markup:
      line(x, y - size * 0.33, x + 18, y - size * 0.33, { width: 1.4, ...style }) +
      label(x + 22, y, text, { size, width: maximum - 22 }),
    end: x + 22 + shown,
  };
}

/**
 * The whole picture. `name` makes the identifiers in it unique on a page of several.
 *
 * @param contents what is to be seen, in words and numbers, for who cannot see it.
 */
export function figure(
  { name, title, caption }: Omit<Figure, 'svg'>,
  contents: string,
  height: number,
  content: readonly string[],
  width: number = pageWidth,
): Figure {
  const millimetres = (points: number) => `${Math.round(points * (25.4 / 72) * 100) / 100}mm`;
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${Math.ceil(height)}`,
      width: millimetres(width),
      height: millimetres(Math.ceil(height)),
      role: 'img',
      'aria-labelledby': `${name}-title ${name}-description`,
      'font-family': "Helvetica, Arial, 'Liberation Sans', sans-serif",
    },
    element('title', { id: `${name}-title` }, escapeMarkup(title)),
    element('desc', { id: `${name}-description` }, escapeMarkup(`${caption} ${contents}`)),
    rectangle({ x: 0, y: 0, width, height: Math.ceil(height) }, ink.paper),
    ...content,
  );
  return { name, title, caption, svg };
}
