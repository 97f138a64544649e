import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAst } from 'vite';

/** What an index file exports that exists at run time: its name and the docstring over it, if there is one. */
export interface ExportedValue {
  readonly name: string;
  readonly file: string;
  readonly docstring: string | undefined;
}

/** Follows the exports of the file to where they are declared. */
export function exportedValues(file: string, only?: ReadonlySet<string>): ExportedValue[] {
  const text = readFileSync(file, 'utf8');
  return parseAst(text, { lang: 'ts', sourceType: 'module' }).body.flatMap((node) => {
    if (node.type === 'ExportAllDeclaration' && node.exportKind !== 'type')
      return exportedValues(join(dirname(file), node.source.value), only);
    if (node.type !== 'ExportNamedDeclaration' || node.exportKind === 'type') return [];
    if (node.source) {
      const names = node.specifiers
        .filter(({ exportKind }) => exportKind !== 'type')
        .map(({ local }) => ('name' in local ? local.name : local.value));
      const wanted = new Set(names.filter((name) => !only || only.has(name)));
      return wanted.size ? exportedValues(join(dirname(file), node.source.value), wanted) : [];
    }
    const { declaration } = node;
    const names =
      declaration?.type === 'VariableDeclaration'
        ? declaration.declarations.map(({ id }) => ('name' in id ? id.name : ''))
        : declaration && 'id' in declaration && declaration.id && 'name' in declaration.id
          ? [declaration.id.name]
          : [];
    const isType =
      declaration?.type === 'TSInterfaceDeclaration' || declaration?.type === 'TSTypeAliasDeclaration';
    const docstring = text.slice(0, node.start).match(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/)?.[1];
    return names
      .filter((name) => !isType && (!only || only.has(name)))
      .map((name) => ({ name, file, docstring }));
  });
}
