import { Citations } from './citations.ts';
import type { Figure } from './figures/drawing.ts';
import { element, escapeMarkup } from './markup.ts';
import { methodsText } from './methods.ts';
import { pageStyle } from './page-style.ts';
import type { StudyFigures } from './study-figures.ts';
import type { StudyReportInput } from './study-report-input.ts';
import type { StudyTables } from './study-tables.ts';
import { cautions, paragraph, summary } from './summary.ts';
import { modelLabel } from './tables/performance.ts';
import { tableHtml } from './tables/table.ts';
import { type TripodStatus, tripodChecklist } from './tripod.ts';

interface Section {
  readonly id: string;
  readonly heading: string;
  readonly content: readonly string[];
}

/** The report as one HTML page that needs no other file, no script and no network. */
export function studyPage(input: StudyReportInput, tables: StudyTables, figures: StudyFigures): string {
  let count = 0;
  const numbered = (figure: Figure) => figureHtml(++count, figure);
  const sections: Section[] = [
    { id: 'summary', heading: 'Summary', content: summary(input) },
    { id: 'cautions', heading: 'Warnings and failures', content: cautions(input) },
    { id: 'patients', heading: 'Patients', content: [numbered(figures.flow), tableHtml(tables.main[0])] },
    { id: 'tables', heading: 'Models and performance', content: tables.main.slice(1).map(tableHtml) },
    ...figures.endpoints.map(({ endpoint, overview, models }, place) => ({
      id: `endpoint-${place + 1}`,
      heading: `Figures: ${endpoint}`,
      content: [
        ...overview.map(numbered),
        ...models.flatMap(({ model, figures: own }) => [
          element('h3', {}, escapeMarkup(modelLabel(model))),
          ...own.map(numbered),
        ]),
      ],
    })),
    { id: 'methods', heading: 'Methods', content: methods(input) },
    { id: 'supplement', heading: 'Supplementary tables', content: tables.supplement.map(tableHtml) },
    { id: 'tripod', heading: 'TRIPOD+AI checklist', content: checklist(input) },
    { id: 'provenance', heading: 'Provenance', content: provenance(input) },
  ];
  const page = element(
    'html',
    { lang: 'en' },
    element(
      'head',
      {},
      element('meta', { charset: 'utf-8' }),
      element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      element('meta', {
        'http-equiv': 'Content-Security-Policy',
        content: "default-src 'none'; style-src 'unsafe-inline'",
      }),
      element('title', {}, escapeMarkup(input.title)),
      element('style', {}, pageStyle),
    ),
    element(
      'body',
      {},
      element(
        'header',
        {},
        element('h1', {}, escapeMarkup(input.title)),
        element(
          'p',
          { class: 'lead' },
          'Report of a prognostic study: development and validation of survival models.',
        ),
      ),
      element(
        'nav',
        { 'aria-label': 'Contents' },
        element(
          'ol',
          {},
          ...sections.map(({ id, heading }) =>
            element('li', {}, element('a', { href: `#${id}` }, escapeMarkup(heading))),
          ),
        ),
      ),
      element(
        'main',
        {},
        ...sections.map(({ id, heading, content }) =>
          element('section', { id }, element('h2', {}, escapeMarkup(heading)), ...content),
        ),
      ),
    ),
  );
  return `<!DOCTYPE html>\n${page}\n`;
}

function figureHtml(number: number, { title, caption, svg }: Figure): string {
  const text = element(
    'p',
    {},
    element('strong', {}, escapeMarkup(`Figure ${number}. ${title}.`)),
    ` ${escapeMarkup(caption)}`,
  );
  return element('figure', {}, svg, element('figcaption', {}, text));
}

function methods(input: StudyReportInput): string[] {
  const citations = new Citations();
  const sections = methodsText(input, citations);
  return [
    ...sections.flatMap(({ heading, paragraphs }) => [
      element('h3', {}, escapeMarkup(heading)),
      ...paragraphs.map(paragraph),
    ]),
    element('h3', {}, 'References'),
    element('ol', {}, ...citations.list().map((text) => element('li', {}, escapeMarkup(text)))),
  ];
}

const statusNames: Readonly<Record<TripodStatus, string>> = {
  REPORTED: 'reported',
  PARTLY: 'partly',
  AUTHORS: 'authors',
  NOT_APPLICABLE: 'not applicable',
};

function checklist(input: StudyReportInput): string[] {
  const rows = tripodChecklist(input).map(({ number, subject, asks, status, text }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, escapeMarkup(number)),
      element('td', {}, escapeMarkup(subject)),
      element('td', {}, escapeMarkup(asks)),
      element('td', { class: `status ${statusNames[status].split(' ')[0]}` }, statusNames[status]),
      element('td', {}, escapeMarkup(text)),
    ),
  );
  const head = ['Item', 'Subject', 'Asks for', 'State', 'Where, or what is missing'].map((text) =>
    element('th', { scope: 'col' }, text),
  );
  return [
    paragraph(
      'After Collins et al., BMJ 2024;385:e078378, in other words than theirs: the statement itself is what counts. “Reported”: this report says it; “partly”: the authors must add to it; “authors”: it is not in the data.',
    ),
    element(
      'figure',
      { class: 'table checklist' },
      element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows)),
    ),
  ];
}

function provenance({ provenance: known }: StudyReportInput): string[] {
  const entries = [
    ['Data (SHA-256)', known.dataHash],
    ['Specification (SHA-256)', known.specificationHash],
    ['Result (SHA-256)', known.resultHash],
    ...Object.entries(known.versions),
  ];
  return [
    paragraph('The same data and specification give the same result, which these hashes identify.'),
    element(
      'dl',
      {},
      ...entries.flatMap(([name, value]) => [
        element('dt', {}, escapeMarkup(name)),
        element('dd', {}, element('code', {}, escapeMarkup(value))),
      ]),
    ),
  ];
}
