/** What a hostile client sends, and by what it must be refused. */
export interface HostileRequest {
  readonly name: string;
  readonly query: string;
  readonly variables?: unknown;
  /** The limit that it meets; or the code, where it is refused for what it is. */
  readonly refusedBy: string;
}

const times = (count: number, part: (n: number) => string, separator = ' ') =>
  Array.from({ length: count }, (_, n) => part(n)).join(separator);
const nest = (depth: number, open: string, core: string, close: string) =>
  open.repeat(depth) + core + close.repeat(depth);
/** The cohorts, versions of each, the cohort of each, …: a valid query of any depth. */
const circle = (rounds: number, first: number, core: string) =>
  nest(rounds, `cohorts: versions(first: ${first}) { edges { node { cohort { `, core, ' } } } }');
const cohorts = (inner: string, first = 1) => `{ cohorts(first: ${first}) { edges { node { ${inner} } } } }`;

function nestedValue(depth: number): unknown {
  let value: unknown = 1;
  for (let n = 0; n < depth; n++) value = [value];
  return value;
}

const invalid = 'GRAPHQL_VALIDATION_FAILED';
const unreadable = 'GRAPHQL_PARSE_FAILED';
const byHash = 'query ($hashes: [String!]!) { objects(sha256: $hashes) { sha256 } }';

const deep: readonly HostileRequest[] = [
  { name: 'fields 5,000 deep', query: nest(5000, '{a', '', '}'), refusedBy: 'nesting' },
  { name: 'valid fields 61 deep', query: cohorts(circle(14, 1, 'id')), refusedBy: 'depth' },
  { name: 'valid fields 27 deep', query: cohorts(circle(6, 1, 'id')), refusedBy: 'depth' },
  {
    name: 'valid fields far deeper by fragments',
    query: `${cohorts('...F0')} ${times(12, (n) => `fragment F${n} on Cohort { ${circle(2, 1, `...F${n + 1}`)} }`)} fragment F12 on Cohort { id }`,
    refusedBy: 'depth',
  },
  {
    name: 'inline fragments 2,000 deep',
    query: `{ ${nest(2000, '... { ', 'a', '}')} }`,
    refusedBy: 'nesting',
  },
  {
    name: 'lists 20,000 deep',
    query: `{ cohort(key: ${nest(20_000, '[', '', ']')}) { id } }`,
    refusedBy: 'nesting',
  },
  {
    name: 'objects 10,000 deep',
    query: `{ cohort(key: ${nest(10_000, '{a:', '1', '}')}) { id } }`,
    refusedBy: 'nesting',
  },
  {
    name: 'a type 10,000 deep',
    query: `query ($a: ${nest(10_000, '[', 'Int', ']')}) { viewer { id } }`,
    refusedBy: 'nesting',
  },
  { name: 'brackets that never close', query: '{[('.repeat(15_000), refusedBy: 'nesting' },
  {
    name: 'variables 1,500 deep',
    query: '{ viewer { id } }',
    variables: { a: nestedValue(1500) },
    refusedBy: 'nesting',
  },
];

const aliases: readonly HostileRequest[] = [
  {
    name: '1,000 aliases at the root',
    query: `{ ${times(1000, (n) => `a${n}: __typename`)} }`,
    refusedBy: 'aliases',
  },
  {
    name: '1,200 aliases below',
    query: `{ viewer { ${times(1200, (n) => `a${n}: id`)} } }`,
    refusedBy: 'aliases',
  },
  {
    name: 'aliases in a fragment that is spread 30 times',
    query: `{ viewer { ${'...F '.repeat(30)} } } fragment F on Viewer { ${times(29, (n) => `a${n}: id`)} }`,
    refusedBy: 'aliases',
  },
  {
    name: '25 expensive fields at the root',
    query: `{ ${times(25, (n) => `a${n}: cohorts { totalCount }`)} }`,
    refusedBy: 'rootFields',
  },
  {
    name: '100 guesses in one request',
    query: `{ ${times(100, (n) => `a${n}: cohort(key: "key-${n}") { id }`)} }`,
    refusedBy: 'aliases',
  },
  {
    name: '200 mutations in one request',
    query: `mutation { ${times(200, (n) => `a${n}: createCohort(input: { key: "c${n}" }) { id }`)} }`,
    refusedBy: 'aliases',
  },
];

const fragments: readonly HostileRequest[] = [
  {
    name: 'a fragment within itself',
    query: '{ viewer { ...F } } fragment F on Viewer { id ...F }',
    refusedBy: invalid,
  },
  {
    name: 'fragments within each other, by fields',
    query: `${cohorts('...F')} fragment F on Cohort { versions { edges { node { cohort { ...G } } } } } fragment G on Cohort { versions { edges { node { cohort { ...F ...G } } } } }`,
    refusedBy: 'depth',
  },
  {
    name: 'a circle of 400 fragments',
    query: `{ viewer { ...F0 } } ${times(400, (n) => `fragment F${n} on Viewer { ...F${(n + 1) % 400} }`)}`,
    refusedBy: 'overlaps',
  },
  {
    name: 'a chain of 600 fragments',
    query: `{ viewer { ...F0 } } ${times(600, (n) => `fragment F${n} on Viewer { id ...F${n + 1} }`)} fragment F600 on Viewer { id }`,
    refusedBy: 'tokens',
  },
  {
    name: 'fragments that double 30 times',
    query: `{ viewer { ...F0 } } ${times(30, (n) => `fragment F${n} on Viewer { ...F${n + 1} ...F${n + 1} }`)} fragment F30 on Viewer { id }`,
    refusedBy: 'overlaps',
  },
  {
    name: 'fragments that double by fields',
    query: `${cohorts('...F0')} ${times(20, (n) => `fragment F${n} on Cohort { x: versions { edges { node { cohort { ...F${n + 1} } } } } versions { edges { node { cohort { ...F${n + 1} } } } } }`)} fragment F20 on Cohort { id }`,
    refusedBy: 'depth',
  },
  {
    name: '430 fragments in one place',
    query: `{ viewer { ${times(430, (n) => `...F${n}`)} } } ${times(430, (n) => `fragment F${n} on Viewer { id }`)}`,
    refusedBy: 'overlaps',
  },
  {
    name: '350 fragments of nothing in common in one place',
    query: `{ viewer { ${times(350, (n) => `...F${n}`)} } } ${times(350, (n) => `fragment F${n} on Viewer { f${n} }`)}`,
    refusedBy: 'overlaps',
  },
  {
    name: '600 fragments that nobody uses',
    query: `{ viewer { id } } ${times(600, (n) => `fragment F${n} on Viewer { id }`)}`,
    refusedBy: invalid,
  },
  {
    name: '2,000 fragments that are not there',
    query: `{ viewer { ${times(2000, (n) => `...F${n}`)} } }`,
    refusedBy: 'overlaps',
  },
];

const overlaps: readonly HostileRequest[] = [
  { name: 'a field 4,000 times', query: `{ ${'__typename '.repeat(4000)} }`, refusedBy: 'overlaps' },
  {
    name: 'an object 900 times',
    query: `{ viewer { id } ${'viewer { id } '.repeat(900)} }`,
    refusedBy: 'overlaps',
  },
  {
    name: 'one name for 140 different objects',
    query: `{ ${times(140, (n) => `cohort(key: "${n}") { id }`)} }`,
    refusedBy: 'overlaps',
  },
  {
    name: 'inline fragments that say one thing 1,000 times',
    query: `{ viewer { ${'... on Viewer { id kind } '.repeat(1000)} } }`,
    refusedBy: 'tokens',
  },
  {
    name: 'inline fragments that say one thing 600 times',
    query: `{ viewer { ${'... on Viewer { id kind } '.repeat(600)} } }`,
    refusedBy: 'overlaps',
  },
];

const directives: readonly HostileRequest[] = [
  { name: 'a directive 15,000 times', query: `{ __typename ${'@a'.repeat(15_000)} }`, refusedBy: 'tokens' },
  {
    name: 'a directive 2,000 times',
    query: `{ __typename ${'@a '.repeat(2000)} }`,
    refusedBy: 'directivesOfOneField',
  },
  {
    name: 'a directive on each of 600 fields',
    query: `{ viewer { ${'id @include(if: true) '.repeat(100)} } }`,
    refusedBy: 'directives',
  },
  {
    name: 'directives on variables',
    query: `query (${times(500, (n) => `$v${n}: Int @a`)}) { viewer { id } }`,
    refusedBy: 'directives',
  },
  {
    name: 'a directive with 1,000 arguments',
    query: `{ viewer @include(${times(1000, (n) => `a${n}: 1`)}) { id } }`,
    refusedBy: invalid,
  },
];

const sizes: readonly HostileRequest[] = [
  {
    name: 'a comment of 4 MB',
    query: `{ viewer { id } } #${'x'.repeat(4_000_000)}`,
    refusedBy: 'documentLength',
  },
  {
    name: 'commas, 4 MB of them',
    query: `{ viewer { id ${','.repeat(4_000_000)} } }`,
    refusedBy: 'documentLength',
  },
  {
    name: 'a text of 90,000 characters',
    query: `{ cohort(key: "${'x'.repeat(90_000)}") { nothing } }`,
    refusedBy: invalid,
  },
  {
    name: 'a block of 45,000 lines',
    query: `{ cohort(key: """${' \n'.repeat(45_000)}""") { nothing } }`,
    refusedBy: invalid,
  },
  {
    name: 'a number of 90,000 digits',
    query: `{ cohorts(first: ${'9'.repeat(90_000)}) { totalCount } }`,
    refusedBy: invalid,
  },
  { name: 'a name of 90,000 letters', query: `{ ${'x'.repeat(90_000)} }`, refusedBy: invalid },
  {
    name: 'a list of 40,000 numbers',
    query: `{ objects(sha256: [${'1 '.repeat(40_000)}]) { sha256 } }`,
    refusedBy: 'tokens',
  },
  {
    name: '4,900 fields that are not there',
    query: `{ ${times(4900, (n) => `cohrt${n}`)} }`,
    refusedBy: 'rootFields',
  },
  {
    name: '4,900 fields that are not there, below',
    query: `{ viewer { ${times(4900, (n) => `knd${n}`)} } }`,
    refusedBy: invalid,
  },
  {
    name: '1,200 arguments that are not there',
    query: `{ cohorts(${times(1200, (n) => `frst${n}: 1`)}) { totalCount } }`,
    refusedBy: invalid,
  },
  {
    name: '800 variables that nobody uses',
    query: `query (${times(800, (n) => `$v${n}: Nothing`)}) { viewer { id } }`,
    refusedBy: invalid,
  },
  {
    name: '700 operations',
    query: times(700, (n) => `query Q${n} { viewer { id } }`),
    refusedBy: 'tokens',
  },
  { name: '700 operations without a name', query: times(700, () => '{ viewer { id } }'), refusedBy: invalid },
];

const unicode: readonly HostileRequest[] = [
  {
    name: 'escapes of 15,000 characters',
    query: `{ cohort(key: "${'\\u{1F600}'.repeat(10_000)}") { nothing } }`,
    refusedBy: invalid,
  },
  {
    name: 'half characters',
    query: `{ cohort(key: "${'\ud800'.repeat(20_000)}") { id } }`,
    refusedBy: unreadable,
  },
  {
    name: 'letters that look like others',
    query: `{ vіewer { id } ${'\u202e\u200b\ufeff'.repeat(5000)} }`,
    refusedBy: unreadable,
  },
  {
    name: 'control characters',
    query: `{ viewer { id } ${'\u0000\u001b[2J'.repeat(5000)} }`,
    refusedBy: unreadable,
  },
];

const variables: readonly HostileRequest[] = [
  {
    name: 'a list of 900,000 variables',
    query: byHash,
    variables: { hashes: Array(900_000).fill(1) },
    refusedBy: 'values',
  },
  {
    name: 'a list of 240,000 variables',
    query: byHash,
    variables: { hashes: Array(240_000).fill(1) },
    refusedBy: 'listLength',
  },
  {
    name: 'a list of 90,000 wrong variables',
    query: byHash,
    variables: { hashes: Array(90_000).fill(1) },
    refusedBy: 'BAD_USER_INPUT',
  },
  {
    name: '90,000 objects that should be a text',
    query: byHash,
    variables: { hashes: Array(80_000).fill({ a: {} }) },
    refusedBy: 'BAD_USER_INPUT',
  },
  {
    name: 'a text of 4 MB',
    query: byHash,
    variables: { hashes: ['x'.repeat(4_000_000)] },
    refusedBy: 'textLength',
  },
  {
    name: 'a body of 20 MB',
    query: byHash,
    variables: { hashes: ['x'.repeat(20_000_000)] },
    refusedBy: 'bodyBytes',
  },
  {
    name: '200,000 names of variables',
    query: byHash,
    variables: Object.fromEntries(Array.from({ length: 200_000 }, (_, n) => [`v${n}`, 1])),
    refusedBy: 'names',
  },
  {
    name: 'names of the language itself',
    query: byHash,
    variables: JSON.parse(`{${times(20_000, () => '"__proto__":{"hashes":[]}', ',')}}`),
    refusedBy: 'BAD_USER_INPUT',
  },
];

const costs: readonly HostileRequest[] = [
  {
    name: 'pages of 1,000 within each other',
    query: cohorts(circle(3, 1000, 'id'), 1000),
    refusedBy: 'cost',
  },
  {
    name: 'default pages within each other',
    query: cohorts('versions { edges { node { cohort { versions { totalCount } } } } }', 1000),
    refusedBy: 'cost',
  },
  {
    name: 'introspection in a circle',
    query: `{ __schema { types { ${nest(5, 'fields { type { ', 'name', ' } }')} } } }`,
    refusedBy: invalid,
  },
  {
    name: 'a long list of profiles with their features',
    query: '{ extractionProfiles(first: 1000) { edges { node { features { name } } } } }',
    refusedBy: 'cost',
  },
];

/** Requests that want much work for little; each is of one kind, and none is answered. */
export const hostileRequests: readonly HostileRequest[] = [
  ...deep,
  ...aliases,
  ...fragments,
  ...overlaps,
  ...directives,
  ...sizes,
  ...unicode,
  ...variables,
  ...costs,
];
