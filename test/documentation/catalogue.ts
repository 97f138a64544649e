import { failures } from '../../src/engine/failure.ts';
import { warnings } from '../../src/engine/warning.ts';

/** Puts the tables of the two catalogues, as the sources have them, in the places that docs/errors.md marks for them. */
export function renderCatalogues(page: string, failureSource: string): string {
  const sections = failureSections(failureSource).map(
    ({ heading, codes }) =>
      `### ${heading}\n\n${table(codes.map((code) => [code, failures[code as keyof typeof failures]]))}`,
  );
  return fill(fill(page, 'failures', sections.join('\n\n')), 'warnings', table(Object.entries(warnings)));
}

/** The catalogue's headings are comments of its source. */
function failureSections(source: string): { heading: string; codes: string[] }[] {
  const sections: { heading: string; codes: string[] }[] = [];
  const body = source.slice(source.indexOf('export const failures'), source.indexOf('} as const'));
  for (const line of body.split('\n')) {
    const heading = line.match(/^ {2}\/\/ (.+)$/)?.[1];
    if (heading) sections.push({ heading, codes: [] });
    const code = line.match(/^ {2}([A-Z][A-Z0-9_]*):/)?.[1];
    if (code) sections.at(-1)!.codes.push(code);
  }
  return sections;
}

function table(rows: readonly (readonly [string, string])[]): string {
  return [
    '| code | meaning |',
    '| --- | --- |',
    ...rows.map(([code, meaning]) => `| \`${code}\` | ${meaning} |`),
  ].join('\n');
}

function fill(page: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}: written by the test -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/errors.md lacks the marks ${start} and ${end}`);
  return `${page.slice(0, from + start.length)}\n\n${content}\n\n${page.slice(to)}`;
}
