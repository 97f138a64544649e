import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';

/** What the loop tells of each event. */
export interface FollowedEvent {
  readonly __typename: string;
  readonly sequence: number;
}
type Follow = (url: string, token: string, jobId: string, after?: number) => AsyncGenerator<FollowedEvent>;

/** The loop as docs/PROTOCOL.md prints it. */
export function loopOfTheDocument(): Follow {
  const page = readFileSync(join(import.meta.dirname, '../../docs/PROTOCOL.md'), 'utf8');
  const [, code] = page.match(/```js\n([\s\S]*?)```/) as RegExpMatchArray;
  const body = code!.replace(/^import .*$/m, '').replace('export ', '');
  return new Function('createClient', `${body}\nreturn follow;`)(createClient) as Follow;
}
