import { dirname, join } from 'node:path/posix';
import { parseAst } from 'vite';

export interface Import {
  /** As it is written: `./glcm.ts`, `node:fs`, `typeorm`. */
  readonly specifier: string;
  /** The file meant, from the top of the repository; undefined for a package or a `node:` module. */
  readonly target: string | undefined;
  /** `import type`: gone when the program runs. */
  readonly typeOnly: boolean;
}

/** What the rules ask about one file. */
export interface SourceFile {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Names that are used without being a property or a key: `Math.random` counts as one. */
  readonly names: ReadonlySet<string>;
  /** Syntax that Node cannot erase from TypeScript to run it: decorators, enums, namespaces, parameter properties. */
  readonly notErasable: readonly string[];
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const notErasable: Record<string, string> = {
  Decorator: 'a decorator',
  TSEnumDeclaration: 'an enum',
  TSParameterProperty: 'a parameter property',
  TSImportEqualsDeclaration: 'import =',
  TSExportAssignment: 'export =',
};

/** Reads a TypeScript file by its syntax tree: what it imports in any of the ways there are, and what it uses. */
export function readSourceFile(path: string, text: string): SourceFile {
  const imports: Import[] = [];
  const names = new Set<string>();
  const found = new Set<string>();

  function addImport(source: unknown, typeOnly: boolean): void {
    const { type, value } = source as Node;
    // What is computed cannot be checked, so it is kept as a name that no rule allows.
    const specifier = type === 'Literal' ? String(value) : '(computed)';
    const target = /^\.\.?\//.test(specifier) ? join(dirname(path), specifier) : undefined;
    imports.push({ specifier, target, typeOnly });
  }

  function visit(node: Node): void {
    if (node.type in notErasable) found.add(notErasable[node.type] as string);
    if (node.type === 'TSModuleDeclaration' && !node.declare) found.add('a namespace');
    if (node.type === 'Identifier') names.add(node.name as string);
    if (node.type === 'ImportExpression') addImport(node.source, false);
    else if (node.type === 'TSImportType') addImport(node.source, true);
    else if (node.type === 'TSExternalModuleReference') addImport(node.expression, false);
    else if (node.source && /^(Import|Export)/.test(node.type))
      addImport(node.source, node.importKind === 'type' || node.exportKind === 'type');
    for (const [key, value] of Object.entries(node)) {
      // `a.Date` and `{ Date: 1 }` do not use the global of that name.
      if (!node.computed && ((node.type === 'MemberExpression' && key === 'property') || key === 'key'))
        continue;
      for (const child of Array.isArray(value) ? value : [value])
        if (child && typeof child === 'object' && 'type' in child) visit(child);
    }
    if (node.type === 'MemberExpression') {
      const { object, property } = node as unknown as { object: Node; property: Node };
      if (object.name === 'Math' && (property.name ?? property.value) === 'random') names.add('Math.random');
    }
  }

  visit(parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts', sourceType: 'module' }) as unknown as Node);
  return { path, lines: text.trimEnd().split('\n').length, imports, names, notErasable: [...found] };
}
