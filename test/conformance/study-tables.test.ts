import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCommand } from '../support/command.ts';
import { checkPicture } from '../support/picture.ts';
import { describeConformance, reference } from '../support/reference.ts';
import { parseXml } from '../support/xml.ts';

/** A study of a real table as its user would write it; `@` stands for the folder of the tables. */
const studies: Readonly<Record<string, string>> = {
  // 421 patients, 190 features, clinical covariates by name.
  lung1: `
data:
  patients: '@data/lung1_radiomics.csv'
  subject: PatientID
  outcomes: { OS: { time: time, event: status, unit: DAYS } }
  sources: { CT: { features: '@data/lung1_radiomics.csv' } }`,
  // Two sources out of one table.
  petct: `
data:
  patients: '@data/petct_lung_os.csv'
  subject: name
  outcomes: { OS: { time: time, event: status } }
  sources:
    CT: { features: '@data/petct_lung_os.csv', columns: ['CT_*'] }
    PET: { features: '@data/petct_lung_os.csv', columns: ['PET_*'] }
covariates: [Age, Cli, TLG, MTV, Path]
pipelineReplicates: 2`,
  // 70 genes; years.
  nki70: `
data:
  patients: '@data/nki70.csv'
  outcomes: { DMFS: { time: time, event: event, unit: YEARS } }
  sources: { GENES: { features: '@data/nki70.csv', columns: ['*'] } }
covariates: [Diam, N, ER, Grade, Age]`,
  // 4,705 features of 78 patients, no covariates.
  vdv: `
data:
  patients: '@data/vdv.csv'
  outcomes: { DMFS: { time: time, event: status, unit: YEARS } }
  sources: { GENES: { features: '@data/vdv.csv' } }
covariates: []`,
  // 30 features of 1,000 simulated patients.
  coxexample: `
data:
  patients: '@data/coxexample.csv'
  outcomes: { EVENT: { time: time, event: status, unit: YEARS } }
  sources: { X: { features: '@data/coxexample.csv' } }
covariates: []
horizons: [6, 12, 24]`,
  // Clinical covariates alone, with missing values filled in.
  pbc: `
data:
  patients: '@data/pbc312.csv'
  subject: id
  outcomes: { OS: { time: time, event: event, unit: DAYS } }
  covariates: { stage: { kind: CATEGORICAL } }
missingCovariates: MEDIAN`,
  veteran: `
data:
  patients: '@data/veteran.csv'
  outcomes: { OS: { time: time, event: status, unit: DAYS } }
horizons: [3, 6, 12]`,
  colon: `
data:
  patients: '@data/colon_death.csv'
  outcomes: { OS: { time: time, event: status, unit: DAYS } }
covariates: [rx, sex, age, obstruct, perfor, adhere, nodes, differ, extent, surg]`,
  // Complete cases are few, and two horizons past the follow-up.
  lung: `
data:
  patients: '@data/lung.csv'
  outcomes: { OS: { time: time, event: status, unit: DAYS } }`,
  // 26 and 23 patients.
  ovarian: `
data:
  patients: '@data/ovarian.csv'
  outcomes: { OS: { time: futime, event: fustat, unit: DAYS } }`,
  aml: `
data:
  patients: '@data/aml.csv'
  outcomes: { RFS: { time: time, event: status } }`,
  // A second reader; the model that does not validate.
  second: `
data:
  patients: '@pipeline/b/clinical.csv'
  subject: PatientID
  outcomes: { OS: { time: time, event: status, unit: DAYS } }
  sources:
    CT:
      features: '@pipeline/b/features1.csv'
      repeats: [{ kind: BETWEEN_READERS, name: reader 2, features: '@pipeline/b/features2.csv' }]
split: { column: split, training: train, validation: validation }`,
};

describeConformance('nomograph study on real tables', () => {
  const folder = mkdtempSync(join(tmpdir(), 'study-tables-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(Object.keys(studies))('%s runs to the end, and its report is whole', async (name) => {
    const text = `${studies[name].replaceAll('@', `${reference('survival')}/`)}\nreplicates: 3\n`;
    const file = join(folder, `${name}.yaml`);
    const out = join(folder, name);
    writeFileSync(file, text);
    const { code, stderr } = await runCommand(['study', file, '--out', out, '--threads', '2']);
    expect(stderr).toContain('The report is');
    expect(code).toBe(0);

    const { data } = parse(text);
    const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
    expect(result.endpoints.map(({ endpoint }: { endpoint: string }) => endpoint)).toEqual(
      Object.keys(data.outcomes),
    );
    for (const model of result.endpoints[0].models)
      expect(model.failure === null).toBe(model.result !== null);
    parseXml(readFileSync(join(out, 'report.html'), 'utf8'));
    const pictures = readdirSync(join(out, 'figures'));
    expect(pictures.length).toBeGreaterThan(5);
    for (const picture of pictures) {
      const svg = readFileSync(join(out, 'figures', picture), 'utf8');
      expect(() => checkPicture(svg), picture).not.toThrow();
    }
  });
});
