import { stringify } from 'csv-stringify/sync';
import type { DiagnosticValue, FeatureVector } from '../engine/radiomics/index.ts';

/** The two paths that PyRadiomics prints first. */
type Files = Readonly<Record<'Image' | 'Mask', string>>;

/** A line of names and a line of values, the diagnostics as Python writes them; an undefined feature is an empty cell. */
export function featureCsv(files: Files, vector: FeatureVector): string {
  const diagnostics = Object.entries(vector.diagnostics);
  return stringify([
    [...Object.keys(files), ...diagnostics.map(([name]) => name), ...vector.names],
    [
      ...Object.values(files),
      ...diagnostics.map(([, value]) => cell(value)),
      ...[...vector.values].map((value) => (Number.isNaN(value) ? '' : String(value))),
    ],
  ]);
}

/** One object of names and values; an undefined feature is null. */
export function featureJson(files: Files, vector: FeatureVector): string {
  const features = vector.names.map((name, i) => [
    name,
    Number.isNaN(vector.values[i]) ? null : vector.values[i],
  ]);
  const all = { ...files, ...vector.diagnostics, ...Object.fromEntries(features) };
  return `${JSON.stringify(all, null, 2)}\n`;
}

/** PyRadiomics' csv holds what Python prints for tuples and dictionaries, which its users read back as Python literals. */
function cell(value: DiagnosticValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? `(${value.map(literal).join(', ')})` : literal(value);
}

function literal(value: DiagnosticValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&')}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  const entries = Object.entries(value).map(([name, entry]) => `${literal(name)}: ${literal(entry)}`);
  return `{${entries.join(', ')}}`;
}
