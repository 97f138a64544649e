import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkFigure } from '../../test/support/picture.ts';
import { finish, studyFixture } from '../../test/support/study-fixture.ts';
import { descendants, parseXml } from '../../test/support/xml.ts';
import {
  type PredictionModel,
  predictPatient,
  runStudy,
  type StudyData,
  type StudySpecification,
} from '../engine/study/index.ts';
import { studyFigures } from './study-figures.ts';
import { renderStudyReport } from './study-report.ts';
import type { ReportFile, StudyReportInput } from './study-report-input.ts';

const hash = (digit: string) => digit.repeat(64);

function inputOf(data: StudyData, specification: StudySpecification): StudyReportInput {
  return {
    title: 'CT & MR <of> the liver',
    specification,
    data: { subjects: data.subjects, sources: data.sources },
    result: finish(runStudy(data, specification)),
    provenance: {
      dataHash: hash('a'),
      resultHash: hash('b'),
      specificationHash: hash('c'),
      versions: { nomograph: '1.2.3', node: 'v24' },
    },
  };
}

function contentOf(files: readonly ReportFile[], path: RegExp): string {
  const found = files.filter((file) => path.test(file.path));
  expect(found.map((file) => file.path)).toHaveLength(1);
  return found[0].content;
}

describe('the report of a study', () => {
  const { data, specification } = studyFixture();
  let input: StudyReportInput;
  let files: ReportFile[];
  beforeAll(() => {
    input = inputOf(data, { ...specification, pipelineReplicates: 3 });
    files = renderStudyReport(input);
  });

  test('has a page, tables, figures, and the result', () => {
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'report.html',
        'tables/table-1-characteristics.csv',
        'tables/table-2-clinical-OS.csv',
        'tables/table-3-combined-OS.csv',
        'tables/table-4-performance.csv',
        'tables/predictions.csv',
        'figures/patient-flow.svg',
        'figures/km-OS-CT.svg',
        'figures/lasso-OS-CT+MR.svg',
        'figures/nomogram-OS-CT+MR+CLINICAL.svg',
        'figures/forest-OS-CLINICAL.svg',
        'figures/calibration-training-OS-CT.svg',
        'result.json',
        'study.json',
      ]),
    );
    expect(new Set(files.map(({ path }) => path.toLowerCase())).size).toBe(files.length);
    expect(files.filter(({ path }) => !/^[A-Za-z0-9+_./-]+$/.test(path))).toEqual([]);
  });

  test('is the same for the same input, to the byte', () => {
    expect(renderStudyReport(structuredClone(input))).toEqual(files);
  });

  test('has whole figures', () => {
    const { flow, endpoints } = studyFigures(input);
    const figures = [
      flow,
      ...endpoints.flatMap(({ overview, models }) => [
        ...overview,
        ...models.flatMap((model) => model.figures),
      ]),
    ];
    expect(figures.length).toBeGreaterThan(20);
    for (const figure of figures) checkFigure(figure);
  });

  test('has a page that is well formed, needs no other file, runs nothing, and names things once', () => {
    const page = contentOf(files, /report\.html/);
    const elements = descendants(parseXml(page));
    const names = new Set(elements.map(({ name }) => name));
    for (const active of ['script', 'link', 'img', 'iframe', 'object', 'use', 'image'])
      expect(names).not.toContain(active);
    const links = elements.flatMap(({ attributes }) =>
      [attributes.href, attributes.src].filter((link) => link !== undefined),
    );
    const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of links) expect(ids).toContain(link.replace(/^#/, ''));
    expect(page).not.toMatch(/url\(|@import|\bon\w+="/);
    expect(page).not.toMatch(/NaN|undefined|\[object/);
    for (const digit of ['a', 'b', 'c']) expect(page).toContain(hash(digit));
    expect(page).toContain('nomograph');
    const captions = elements
      .filter(({ name }) => name === 'strong')
      .map(({ children }) => String(children[0]));
    const numbers = captions.flatMap((text) => /^Figure (\d+)\./.exec(text)?.[1] ?? []);
    expect(numbers).toEqual(numbers.map((_, place) => String(place + 1)));
    expect(numbers).toHaveLength(elements.filter(({ name }) => name === 'svg').length);
    expect(page).toContain('<title>CT &amp; MR &lt;of&gt; the liver</title>');
  });

  test('does not name the patients on the page', () => {
    expect(contentOf(files, /report\.html/)).not.toContain(data.subjects[0]);
    expect(contentOf(files, /predictions/)).toContain(data.subjects[0]);
  });

  test('gives the C-indices in full, and as they are printed', () => {
    const rows: Record<string, string>[] = parse(contentOf(files, /performance/), { columns: true });
    const models = input.result.endpoints[0].models;
    expect(rows.map(({ Model }) => Model)).toEqual(['CT', 'MR', 'CT+MR', 'Clinical', 'CT+MR+Clinical']);
    rows.forEach((row, place) => {
      const model = models[place].result;
      const [training] = model?.concordance ?? [];
      expect(Number(row.training_c)).toBe(training.estimate);
      expect(row['Training: C-index (95 % CI)']).toMatch(/^0\.\d{3} \(0\.\d{3}-[01]\.\d{3}\)$/);
      expect(Number(row.corrected_c)).toBe(model?.optimism?.corrected);
      expect(Number(row.selection_corrected_c)).toBe(model?.pipelineOptimism?.corrected);
    });
  });

  test('predicts each patient by the radscores that it gives', () => {
    const features: Record<string, string>[] = parse(contentOf(files, /radscores/), { columns: true });
    const predictions: Record<string, string>[] = parse(contentOf(files, /predictions/), { columns: true });
    const [source] = data.sources;
    const ofCt = features.filter(({ Model }) => Model === 'CT');
    expect(ofCt.length).toBeGreaterThan(0);
    for (const { Subject, radscore } of predictions.filter(({ Model }) => Model === 'CT')) {
      const row = data.subjects.indexOf(Subject);
      const score = ofCt.reduce((sum, feature) => {
        const column = source.features.indexOf(feature.Feature);
        const value = source.values[column * data.subjects.length + row];
        return sum + (Number(feature.coefficient) * (value - Number(feature.mean))) / Number(feature.sd);
      }, 0);
      expect(Math.abs(score - Number(radscore))).toBeLessThan(1e-12);
    }
  });

  test('predicts survival as the model does', () => {
    const predictions: Record<string, string>[] = parse(contentOf(files, /predictions/), { columns: true });
    const model = input.result.endpoints[0].models.find(({ name }) => name === 'CLINICAL')?.result;
    const of = predictions.filter(({ Model }) => Model === 'Clinical');
    expect(of.length).toBe(model?.predictions.length);
    for (const { Subject, ...row } of of) {
      const at = data.subjects.indexOf(Subject);
      const values = Object.fromEntries(
        data.covariates.map((column) => [
          column.name,
          column.kind === 'NUMERIC' ? column.values[at] : column.levels[column.codes[at]],
        ]),
      );
      const { survival } = predictPatient(model?.prediction as PredictionModel, values, [12, 24]);
      expect(Math.abs(Number(row.survival_1_year) - survival[0].survival)).toBeLessThan(1e-12);
      expect(Math.abs(Number(row.survival_2_year) - survival[1].survival)).toBeLessThan(1e-12);
    }
  });

  test('has the result as it is', () => {
    expect(JSON.parse(contentOf(files, /^result\.json/))).toEqual(JSON.parse(JSON.stringify(input.result)));
    expect(JSON.parse(contentOf(files, /^study\.json/))).toMatchObject({
      title: input.title,
      provenance: input.provenance,
    });
  });
});

/** The paragraphs and the items of lists of a page. */
function linesOf(page: string): string[] {
  return descendants(parseXml(page))
    .filter(({ name }) => name === 'p' || name === 'li')
    .map(({ children }) => children.filter((child) => typeof child === 'string').join(''));
}

describe('the report of a study that goes wrong', () => {
  const { data, specification } = studyFixture();
  const reportOf = (changed: Partial<StudySpecification>, given: StudyData = data) => {
    const input = inputOf(given, { ...specification, replicates: 2, ...changed });
    const { flow, endpoints } = studyFigures(input);
    for (const figure of [
      flow,
      ...endpoints.flatMap(({ overview, models }) => [
        ...overview,
        ...models.flatMap((model) => model.figures),
      ]),
    ])
      checkFigure(figure);
    const files = renderStudyReport(input);
    const page = contentOf(files, /report\.html/);
    parseXml(page);
    return page;
  };

  test('says which models are missing, and why', () => {
    const said = linesOf(reportOf({ univariateP: 0 }));
    expect(said).toContainEqual(
      expect.stringMatching(
        /^OS, CT: none of \d+ features survived the stage UNIVARIATE \(SELECTION_EMPTY\)\.$/,
      ),
    );
    expect(said).toContainEqual(expect.stringContaining('1 of 5 models could be fitted'));
  });

  test('is written without any event', () => {
    const outcomes = data.outcomes.map((outcome) => ({
      ...outcome,
      event: new Uint8Array(outcome.event.length),
    }));
    const said = linesOf(reportOf({}, { ...data, outcomes }));
    expect(said).toContainEqual(expect.stringContaining('0 of 5 models could be fitted'));
    expect(said).toContain('OS: no model could be judged.');
  });

  test('is written without a source, a covariate, a horizon, a validation patient', () => {
    reportOf({}, { ...data, sources: data.sources.slice(0, 1) });
    reportOf({ covariates: [] });
    reportOf({ sources: [] });
    reportOf({ horizons: [] });
    reportOf({ split: { kind: 'GIVEN', training: data.subjects, validation: [] } });
  });

  test('warns of horizons past the follow-up', () => {
    expect(linesOf(reportOf({ horizons: [12, 1000] }))).toContain(
      'OS: no training patient was followed for 1000 months. (HORIZON_PAST_FOLLOW_UP)',
    );
  });
});
