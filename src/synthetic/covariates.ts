import type { Random } from '../engine/statistics/random.ts';
import type { Latents } from './latents.ts';

export type CovariateValue = number | string;

/** What a clinical covariate is, for display and for reading its values. */
export interface CovariateDescription {
  readonly name: string;
  readonly kind: 'NUMERIC' | 'CATEGORICAL';
  /** Absent where the covariate is a category or a pure number. */
  readonly unit?: string;
  /** The categories, the reference first. Empty where the covariate is numeric. */
  readonly levels: readonly string[];
  readonly description: string;
}

/** The covariates of the study's Table 1, in the order in which they are shown. */
export const covariateDescriptions: readonly CovariateDescription[] = [
  numeric('Age', 'years', 'Age at surgery'),
  categorical('Sex', ['female', 'male'], 'Sex'),
  numeric('Tumor_diameter', 'cm', 'Largest diameter of the tumour, as measured before surgery'),
  categorical('AFP', ['<20', '20-400', '>400'], 'Serum alpha-fetoprotein before surgery, ng/mL'),
  categorical('HBsAg', ['negative', 'positive'], 'Hepatitis B surface antigen'),
  categorical('Cirrhosis', ['absent', 'present'], 'Cirrhosis of the liver'),
  categorical('Capsule_invasion', ['absent', 'present'], 'Invasion of the liver capsule'),
  categorical('MVI', ['absent', 'present'], 'Microvascular invasion'),
  categorical('PV_TT', ['absent', 'present'], 'Portal vein tumour thrombosis'),
  categorical('Child_Pugh', ['A', 'B'], 'Child-Pugh class of liver function'),
  categorical('CNLC', ['I', 'II-IV'], 'China Liver Cancer staging'),
  numeric('Bleeding_volume', 'mL', 'Blood lost during surgery'),
  numeric('BMI', 'kg/m²', 'Body mass index'),
  numeric('ALT', 'U/L', 'Alanine aminotransferase'),
  numeric('AST', 'U/L', 'Aspartate aminotransferase'),
  numeric('TBIL', 'µmol/L', 'Total bilirubin'),
  numeric('ALB', 'g/L', 'Albumin'),
  numeric('PT', 's', 'Prothrombin time'),
  numeric('PLT', '10⁹/L', 'Platelet count'),
  numeric('NEUT', '10⁹/L', 'Neutrophil count'),
  numeric('Lymphocyte', '10⁹/L', 'Lymphocyte count'),
];

/**
 * Draws one patient's covariates, by name. The marginals are near the study's Table 1: medians and quartiles of the
 * numeric ones, shares of the categorical ones. Size and grade of the tumour raise its measured diameter, invasion, thrombosis,
 * AFP and blood loss; cirrhosis lowers platelets and albumin and raises bilirubin and prothrombin time; ALT and AST go together.
 */
export function drawCovariates(latents: Latents, random: Random): Record<string, CovariateValue> {
  const { size, grade } = latents;
  const age = within(32, 73, 56.5 + 9 * random.normal());
  const male = random.uniform() < 0.806;
  const measuredDiameter = within(1.5, 9.5, (latents.diameter / 10) * (1 + 0.05 * random.normal()));
  const afp = 0.45 * grade + 0.3 * size + 0.85 * random.normal();
  const hepatitis = random.uniform() < 0.85;
  const cirrhosis = random.uniform() < (hepatitis ? 0.68 : 0.35);
  const capsuleInvasion = happens(-0.75 + 0.6 * size, random);
  const microvascularInvasion = happens(-0.45 + 0.5 * size + 0.6 * grade, random);
  const thrombosis = happens(-3.4 + 0.6 * size + 0.7 * grade, random);
  const reserve = random.normal() - (cirrhosis ? 0.35 : 0);
  const childB = happens(-3.6 - 1.1 * reserve, random);
  const advanced = thrombosis || happens(-3.0 + 0.7 * size, random);
  const cytolysis = random.normal();
  const values: Record<string, CovariateValue> = {
    Age: round(age, 0),
    Sex: male ? 'male' : 'female',
    Tumor_diameter: round(measuredDiameter, 1),
    AFP: afp < 0.05 ? '<20' : afp < 0.75 ? '20-400' : '>400',
    HBsAg: hepatitis ? 'positive' : 'negative',
    Cirrhosis: presence(cirrhosis),
    Capsule_invasion: presence(capsuleInvasion),
    MVI: presence(microvascularInvasion),
    PV_TT: presence(thrombosis),
    Child_Pugh: childB ? 'B' : 'A',
    CNLC: advanced ? 'II-IV' : 'I',
    Bleeding_volume: 10 * round(logNormal(20, 0.3 * size + 0.52 * random.normal(), 2, 120), 0),
    BMI: round(within(17, 34, 24.8 + 2.8 * random.normal()), 1),
    ALT: round(logNormal(38, 0.85 * cytolysis, 6, 600), 0),
    AST: round(logNormal(32, 0.62 * cytolysis + 0.42 * random.normal(), 8, 600), 0),
    TBIL: round(logNormal(16.8, -0.18 * reserve + 0.33 * random.normal(), 4, 90), 2),
    ALB: round(within(26, 52, 40.8 + 2.2 * reserve + 3.6 * random.normal()), 2),
    PT: round(within(8.2, 15, 10.4 - 0.4 * reserve + 0.8 * random.normal()), 1),
    PLT: round(logNormal(168, 0.12 * reserve + 0.34 * random.normal(), 40, 480), 0),
    NEUT: round(logNormal(3.15, 0.5 * random.normal(), 0.9, 15), 2),
    Lymphocyte: round(logNormal(1.85, 0.55 * random.normal(), 0.4, 8), 2),
  };
  return values;
}

function numeric(name: string, unit: string, description: string): CovariateDescription {
  return { name, kind: 'NUMERIC', unit, levels: [], description };
}

function categorical(name: string, levels: readonly string[], description: string): CovariateDescription {
  return { name, kind: 'CATEGORICAL', levels, description };
}

function presence(present: boolean): string {
  return present ? 'present' : 'absent';
}

function happens(logit: number, random: Random): boolean {
  return random.uniform() < 1 / (1 + Math.exp(-logit));
}

function logNormal(median: number, logDeviation: number, least: number, most: number): number {
  return within(least, most, median * Math.exp(logDeviation));
}

function within(least: number, most: number, value: number): number {
  return Math.min(most, Math.max(least, value));
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
