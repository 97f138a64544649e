import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

/**
 * A program of its own that asks a small query again and again, one at a time, and measures each answer in milliseconds. Each line on stdin
 * ends a phase: it answers with the phase's latencies as JSON, and goes on. The end of stdin ends it.
 */
const [url, token, query] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const body = JSON.stringify({ query });
const headers = {
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(body),
};

function ask(): Promise<string> {
  return new Promise((resolve, reject) => {
    request(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end(body);
  });
}

let latencies: number[] = [];
let over = false;
createInterface({ input: process.stdin })
  .on('line', () => {
    process.stdout.write(`${JSON.stringify(latencies)}\n`);
    latencies = [];
  })
  .on('close', () => {
    over = true;
  });

while (!over) {
  const start = performance.now();
  const answer = await ask();
  latencies.push(performance.now() - start);
  if (!answer.startsWith('{"data"')) throw new Error(answer);
  await setTimeout(2);
}
agent.destroy();
