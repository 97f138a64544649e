import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeConformance, reference, referenceJson } from '../support/reference.ts';
import type { TallyFile } from '../support/tally.ts';

interface Covered {
  /** The tests beside this one that compare the file's cases. */
  readonly tests: readonly string[];
  /** Cases whose numbers are not compared, and why; a key that ends in * is a pattern. */
  readonly except?: Readonly<Record<string, string>>;
}

const early =
  "glmnet's threshold of 1e-7 stops early; the same problem is compared with its exact solution, or at 1e-14";
const solved = 'the same problem is compared with its exact solution (path_exact, cv_exact)';

/** Every file of reference results, each case of which is compared or explained. */
const covered: Readonly<Record<string, Covered>> = {
  'baseline/basehaz_predict.json': { tests: ['survival-baseline'] },
  'concordance/concordance.json': { tests: ['survival-concordance', 'survival-prediction-error'] },
  'cox/coxph.json': {
    tests: ['survival-cox'],
    except: {
      'no_events_*': 'refused with NO_EVENTS, where R gives NA',
      'one_event_at_end_*':
        'refused with COVARIATE_INVALID: no covariate varies in the one risk set; R gives NaN',
      'outlier_x_*':
        "ours goes on to the maximum, whose likelihood is above that at which R's iteration gives up",
    },
  },
  'cox/screen.json': { tests: ['survival-screening'] },
  'glmnet/cv.json': {
    tests: ['survival-penalised'],
    except: {
      '*_default': early,
      coxexample_dev_tight: solved,
      coxexample_dev_fixedlambda_tight: solved,
      coxexample_dev_weights_tight: solved,
    },
  },
  'glmnet/cv_exact.json': { tests: ['survival-penalised'] },
  'glmnet/path.json': { tests: ['survival-glmnet'] },
  'glmnet/path_exact.json': { tests: ['survival-penalised'] },
  'icc/icc.json': { tests: ['statistics-icc'] },
  'km/survfit.json': { tests: ['survival-curves'] },
  'logrank/survdiff.json': { tests: ['survival-curves'] },
  'maxstat/cutpoint.json': { tests: ['survival-cutpoint'] },
  'pipeline/pipeline.json': { tests: ['survival-pipeline'] },
  'rms/nomogram_calibrate.json': { tests: ['survival-rms'] },
  'stepwise/step.json': { tests: ['survival-stepwise'] },
  'tdroc/auc_brier.json': { tests: ['survival-prediction-error'] },
  'tests/contingency.json': { tests: ['statistics-tests'] },
  'tests/cor_matrix.json': { tests: ['statistics-tests'] },
  'tests/correlation_kgroups.json': { tests: ['statistics-tests'] },
  'tests/distributions.json': { tests: ['statistics-distributions'] },
  'tests/p_adjust.json': { tests: ['statistics-tests'] },
  'tests/shapiro.json': {
    tests: ['statistics-tests'],
    except: { n2: 'refused with NO_OBSERVATIONS, as R refuses it' },
  },
  'tests/two_sample.json': { tests: ['statistics-tests'] },
  'zph/cox_zph.json': { tests: ['survival-proportional-hazards'] },
};

const casesOf = (file: string) =>
  referenceJson<{ readonly cases?: readonly { readonly id: string }[] }>(`survival/${file}`).cases?.map(
    ({ id }) => id,
  );

const isExcepted = (id: string, except: Covered['except'] = {}) =>
  Object.keys(except).some((key) => new RegExp(`^${key.replace('*', '.*')}$`).test(id));

/** The folder in which an earlier run of the conformance tests, with NOMOGRAPH_TALLIES set to it, has left its tallies. */
const folder = process.env.NOMOGRAPH_COUNT ?? '';

function tallyOf(test: string): TallyFile | null {
  const path = join(folder, `${test}.test.ts.json`);
  return folder && existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as TallyFile) : null;
}

describeConformance('The reference results of survival analysis', () => {
  const files = readdirSync(reference('survival'), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.json') && casesOf(name) !== undefined)
    .sort();

  it('are all listed here', () => {
    expect(files).toEqual(Object.keys(covered).sort());
  });

  it.each(Object.entries(covered))(
    '%s is read by its tests, and its exceptions exist',
    (file, { tests, except = {} }) => {
      const ids = casesOf(file) ?? [];
      expect(new Set(ids).size).toBe(ids.length);
      for (const key of Object.keys(except))
        expect(ids.some((id) => isExcepted(id, { [key]: '' }))).toBe(true);
      for (const test of tests) {
        const source = readFileSync(join(import.meta.dirname, `${test}.test.ts`), 'utf8');
        const isNamed = [
          file,
          file.split('/').at(-1)?.replace('.json', ''),
          `${file.split('/')[0]}-golden`,
        ].some((name) => source.includes(name ?? file));
        expect(isNamed, `${test} names ${file}`).toBe(true);
      }
    },
  );

  describe.skipIf(!folder)('after a run of the tests, counted by NOMOGRAPH_COUNT', () => {
    it.each(Object.entries(covered))('%s has each case compared or explained', (file, { tests, except }) => {
      const met = new Set(tests.flatMap((test) => tallyOf(test)?.cases ?? []));
      const missing = (casesOf(file) ?? []).filter((id) => !met.has(id) && !isExcepted(id, except));
      expect(missing).toEqual([]);
    });

    it('nothing is beyond its tolerance, by procedure', () => {
      const tests = [...new Set(Object.values(covered).flatMap((c) => c.tests))];
      const rows = tests.flatMap((test) => (tallyOf(test)?.rows ?? []).map((row) => ({ test, ...row })));
      console.table(rows);
      console.table(
        Object.entries(covered).map(([file, { tests: by, except }]) => {
          const ids = casesOf(file) ?? [];
          const explained = ids.filter((id) => isExcepted(id, except)).length;
          return { file, cases: ids.length, compared: ids.length - explained, explained, by: by.join(', ') };
        }),
      );
      expect(rows.length).toBeGreaterThan(40);
      expect(rows.filter(({ outside }) => outside > 0)).toEqual([]);
      expect(rows.filter(({ values }) => values === 0)).toEqual([]);
    });
  });
});
