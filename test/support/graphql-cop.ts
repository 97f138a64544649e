/** Where a check is made, and what is sent with each request. */
export interface Target {
  /** The address of the server; its graph is at `/graphql`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Body {
  readonly data?: Record<string, unknown>;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
  readonly extensions?: Record<string, unknown>;
}

type Check = (target: Target) => Promise<boolean>;

async function ask({ url, headers }: Target, path: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(`${url}${path}`, { ...init, headers: { ...headers, ...init.headers } });
  return response.text();
}

/** The answer as JSON; an empty one where it is none, which nothing can be found in. */
function asBody(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}

async function post(target: Target, body: unknown): Promise<Body> {
  const headers = { 'content-type': 'application/json' };
  return asBody(await ask(target, '/graphql', { method: 'POST', headers, body: JSON.stringify(body) }));
}

const query = (target: Target, text: string) => post(target, { query: text });
const inAddress = (text: string) => `/graphql?${new URLSearchParams({ query: text })}`;
const hasTypename = ({ data }: Body) => Boolean(data?.__typename);

/**
 * The checks of graphql-cop (https://github.com/dolevf/graphql-cop), a security audit of GraphQL servers, made anew: what each
 * sends, and by what it finds fault with the answer.
 */
export const checks: Readonly<Record<string, Check>> = {
  'alias overloading': async (target) => {
    const aliases = Array.from({ length: 101 }, (_, n) => `alias${n}:__typename`).join(' \n');
    return Boolean((await query(target, `query cop { ${aliases} }`)).data?.alias100);
  },
  'array-based query batching': async (target) => {
    const answers = await post(target, Array(10).fill({ query: 'query cop { __typename }' }));
    return Array.isArray(answers) && answers.length >= 10;
  },
  'circular fragments': async (target) =>
    !(
      'errors' in
      (await query(
        target,
        'query cop { __schema { ...A } } fragment A on __Schema { __typename ...B } fragment B on __Schema { ...A }',
      ))
    ),
  'circular query by introspection': async (target) => {
    const fields = 'fields { type { '.repeat(4);
    const { data } = await query(
      target,
      `query cop { __schema { types { ${fields} name ${'} } '.repeat(4)} } } }`,
    );
    return ((data?.__schema as { types?: unknown[] } | undefined)?.types?.length ?? 0) > 25;
  },
  'directive overloading': async (target) =>
    (await query(target, `query cop { __typename ${'@aa'.repeat(10)} }`)).errors?.length === 10,
  'field duplication': async (target) =>
    hasTypename(await query(target, `query cop { ${'__typename \n'.repeat(500)} }`)),
  'field suggestions': async (target) =>
    ((await query(target, 'query cop { __schema { directive } }')).errors ?? []).some(({ message }) =>
      message.includes('Did you mean'),
    ),
  'query by GET': async (target) =>
    hasTypename(asBody(await ask(target, inAddress('query cop { __typename }')))),
  'mutation by GET': async (target) =>
    hasTypename(asBody(await ask(target, inAddress('mutation cop { __typename }')))),
  'query by POST without JSON': async (target) => {
    const text = 'query cop { __typename }';
    const inUrl = await ask(target, inAddress(text), { method: 'POST' });
    const body = new URLSearchParams({ query: text });
    const encoded = await ask(target, '/graphql', { method: 'POST', body });
    return hasTypename(asBody(inUrl)) || hasTypename(asBody(encoded));
  },
  'GraphQL IDE': async (target) => {
    const words = ['graphiql.min.css', 'GraphQL Playground', 'GraphiQL', 'graphql-playground'];
    const headers = { accept: 'text/html' };
    const pages = await Promise.all(
      ['/', '/graphiql', '/playground', '/console', '/graphql'].map((path) => ask(target, path, { headers })),
    );
    return pages.some((page) => words.some((word) => page.includes(word)));
  },
  introspection: async (target) =>
    Boolean(
      (await query(target, 'query cop { __schema { types { name fields { name } } } }')).data?.__schema,
    ),
  'trace mode': async (target) => {
    const body = await query(target, 'query cop { __typename }');
    return Boolean(body.extensions?.tracing) || /stacktrace|exception/i.test(JSON.stringify(body));
  },
  'unhandled errors': async (target) => {
    const { errors = [] } = await query(target, 'qwerty cop { abc }');
    return errors.some(({ extensions }) => extensions && 'exception' in extensions);
  },
};
