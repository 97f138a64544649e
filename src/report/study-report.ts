import type { Figure } from './figures/drawing.ts';
import { type StudyFigures, studyFigures } from './study-figures.ts';
import { studyPage } from './study-page.ts';
import type { ReportFile, StudyReportInput } from './study-report-input.ts';
import { studyTables } from './study-tables.ts';
import { tableCsv } from './tables/table.ts';

/**
 * The whole report of a study: `report.html`, which stands by itself, `tables/*.csv`, `figures/*.svg`, `result.json`,
 * and `study.json` with what the result came from. A function of its input alone: equal inputs give equal bytes.
 */
export function renderStudyReport(input: StudyReportInput): ReportFile[] {
  const tables = studyTables(input);
  const figures = studyFigures(input);
  const all = [...tables.main, ...tables.supplement, ...tables.filesOnly];
  const { title, specification, result, provenance } = input;
  return [
    { path: 'report.html', mediaType: 'text/html', content: studyPage(input, tables, figures) },
    ...all.map((table) => ({
      path: `tables/${table.name}.csv`,
      mediaType: 'text/csv',
      content: tableCsv(table),
    })),
    ...listFigures(figures).map(({ name, svg }) => ({
      path: `figures/${name}.svg`,
      mediaType: 'image/svg+xml',
      content: `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`,
    })),
    { path: 'result.json', mediaType: 'application/json', content: `${JSON.stringify(result)}\n` },
    {
      path: 'study.json',
      mediaType: 'application/json',
      content: `${JSON.stringify({ title, specification, provenance }, null, 2)}\n`,
    },
  ];
}

function listFigures({ flow, endpoints }: StudyFigures): Figure[] {
  return [
    flow,
    ...endpoints.flatMap(({ overview, models }) => [
      ...overview,
      ...models.flatMap((model) => model.figures),
    ]),
  ];
}
