import { expect } from 'vitest';
import type { Figure } from '../../src/report/figures/drawing.ts';
import { textWidth } from '../../src/report/figures/text-width.ts';
import { descendants, parseXml, type XmlElement } from './xml.ts';

/** A line of text of a picture, and the box that it fills. */
export interface Label {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The labels of a figure after {@link checkPicture}; its name and title must be in it. */
export function checkFigure({ svg, name, title }: Figure): Label[] {
  const all = descendants(parseXml(svg));
  expect(all[0].attributes['aria-labelledby']).toBe(`${name}-title ${name}-description`);
  expect(all.find(({ attributes }) => attributes.id === `${name}-title`)?.children).toEqual([title]);
  return checkPicture(svg);
}

/** The labels of a picture after a check of what every one must hold: well formed, numbers, no label outside or over another. */
export function checkPicture(svg: string): Label[] {
  expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
  const root = parseXml(svg);
  const [, , width, height] = root.attributes.viewBox.split(' ').map(Number);
  const all = descendants(root);
  expect(root.attributes.role).toBe('img');
  expect(all.find(({ name: tag }) => tag === 'desc')?.children.join('').length).toBeGreaterThan(20);
  const labels = all.filter(({ name: tag }) => tag === 'text').map(boxOf);
  const outside = labels.filter(
    ({ left, right, top, bottom }) => left < 0 || right > width || top < 0 || bottom > height,
  );
  expect(outside).toEqual([]);
  const overlapping = labels.flatMap((a, i) =>
    labels.slice(i + 1).flatMap((b) => (touch(a, b) ? [`${a.text} / ${b.text}`] : [])),
  );
  expect(overlapping).toEqual([]);
  for (const shape of all) checkInside(shape, width, height);
  return labels;
}

/** No mark stands outside of the page. */
function checkInside({ attributes }: XmlElement, width: number, height: number): void {
  for (const [key, limit] of [
    ['x', width],
    ['x1', width],
    ['x2', width],
    ['cx', width],
    ['y', height],
    ['y1', height],
    ['y2', height],
    ['cy', height],
  ] as const) {
    if (!(key in attributes)) continue;
    expect(Number(attributes[key])).toBeGreaterThanOrEqual(0);
    expect(Number(attributes[key])).toBeLessThanOrEqual(limit);
  }
}

function boxOf({ attributes, children }: XmlElement): Label {
  const text = children.filter((child) => typeof child === 'string').join('');
  const size = Number(attributes['font-size']);
  const width = textWidth(text, size, attributes['font-weight'] === 'bold' ? 'bold' : 'normal');
  const anchor = attributes['text-anchor'] ?? 'start';
  const before = anchor === 'start' ? 0 : anchor === 'middle' ? width / 2 : width;
  const [x, y] = [Number(attributes.x), Number(attributes.y)];
  const [ascent, descent] = [0.72 * size, 0.2 * size];
  if (attributes.transform?.startsWith('rotate(-90'))
    return { text, left: x - ascent, right: x + descent, top: y - (width - before), bottom: y + before };
  return { text, left: x - before, right: x - before + width, top: y - ascent, bottom: y + descent };
}

function touch(a: Label, b: Label): boolean {
  const slack = 0.25;
  return (
    a.left < b.right - slack &&
    b.left < a.right - slack &&
    a.top < b.bottom - slack &&
    b.top < a.bottom - slack
  );
}
