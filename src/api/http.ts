import type { Server } from 'node:http';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import type { GraphQLSchema } from 'graphql';
import { Failure, type FailureCode } from '../engine/failure.ts';
import { sendAnswers } from './answer.ts';
import { createApollo } from './apollo.ts';
import { finishHttpOperations } from './audit/finish-operation.ts';
import { createContext, type Platform } from './context.ts';
import { streamEvents } from './event-stream.ts';
import { exportFeatures, exportTable } from './export.ts';
import { live, ready } from './health.ts';
import { answerPlainOperations } from './json-rows/answer.ts';
import { beyond } from './limits/beyond.ts';
import { finishChanges, statementsOf, withinTime } from './limits/deadline.ts';
import type { Guard } from './limits/guard.ts';
import type { Rates } from './limits/rates.ts';
import { Metrics } from './metrics.ts';
import { isUnkeepableText } from './present-error.ts';
import { sendReportFile } from './report.ts';
import { principalOf } from './rights/principal.ts';
import type { Sessions } from './rights/sessions.ts';
import { sandboxPage } from './sandbox.ts';
import { sendSdl } from './sdl.ts';
import type { SignIn } from './sign-in.ts';
import { traceRequests } from './trace-operations.ts';
import type { Uploads } from './upload.ts';

interface HttpParts {
  readonly server: Server;
  readonly schema: GraphQLSchema;
  readonly platform: Platform;
  readonly signIn: SignIn;
  readonly sessions: Sessions;
  readonly uploads: Uploads;
  readonly guard: Guard;
  readonly rates: Rates;
  readonly development: boolean;
}

/** The HTTP side: the graph, uploads, sign-in, the sandbox and the health checks. Returns how to drain it. */
export async function serveHttp(app: Express, parts: HttpParts): Promise<() => Promise<void>> {
  const { server, schema, platform, signIn, sessions, uploads, guard, rates, development } = parts;
  const metrics = new Metrics(platform);
  const plugins = [finishHttpOperations, finishChanges, metrics.plugin, answerPlainOperations(schema)];
  const apollo = createApollo({ server, schema, log: platform.log, csrfPrevention: true, guard, plugins });
  await apollo.start();

  const signedIn: RequestHandler = async (request, response, next) => {
    const principal = await signIn.require(request);
    await rates.ofPrincipal(principal);
    response.locals.principal = principal;
    // What one may see is not for a cache to show to others.
    response.set('cache-control', 'no-store');
    const leave = sessions.watch(principal, () => response.destroy());
    response.once('close', leave);
    if (response.closed) leave();
    next();
  };
  app.disable('x-powered-by');
  app.get('/live', live);
  app.get('/ready', ready(platform));
  app.use(traceRequests);
  app.use(async (request, _response, next) => {
    await rates.ofAddress(request);
    next();
  });
  app.use(signIn.routes());
  app.get('/metrics', signedIn, metrics.handler);
  app.get('/schema.graphql', signedIn, sendSdl(schema));
  app.get('/export/:cohort/:file', signedIn, exportFeatures(platform));
  app.get('/export/:cohort/tables/:file', signedIn, exportTable(platform));
  app.get('/studies/:study/report/*path', signedIn, sendReportFile(platform));
  app.all(['/uploads', '/uploads/{*upload}'], signedIn, uploads.handler);
  const body = express.json({ limit: guard.limits.bodyBytes, verify: guard.verifyBody });
  app.all('/graphql/stream', signedIn, body, guard.admitRequests, streamEvents(schema, platform, guard));
  app.use(
    '/graphql',
    signedIn,
    body,
    guard.admitRequests,
    withinTime(guard.limits, platform, refuse),
    sendAnswers,
    expressMiddleware(apollo, {
      context: ({ res }) => createContext(platform, principalOf(res), { statements: statementsOf(res) }),
    }),
  );
  if (development) {
    app.get('/', async (request, response) => {
      try {
        await signIn.require(request);
      } catch {
        response.redirect(303, '/sign-in');
        return;
      }
      sandboxPage().then(
        (page) => response.type('html').send(page),
        () =>
          response
            .status(404)
            .type('text')
            .send('The sandbox is not installed here; the graph is at /graphql.\n'),
      );
    });
  }
  app.use((() => {
    throw new Failure('NOT_FOUND', 'there is nothing at this address');
  }) satisfies RequestHandler);
  app.use(handleError(platform));
  return () => apollo.stop();
}

/** Errors outside of the graph, in the graph's own form, so that a client needs to know one form alone. */
function handleError({ log }: Platform): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    // It has been told that its time is over.
    if (response.writableEnded) return;
    if (response.headersSent) {
      next(error);
      return;
    }
    const failure = asFailure(error);
    if (failure.code === 'INTERNAL') log.error({ err: error }, 'unexpected error in a request');
    refuse(response, failure);
  };
}

function refuse(response: Response, { code, message, details }: Failure): void {
  const { limit, retryAfterSeconds } = details;
  const status = statusOfLimit[String(limit)] ?? statusOf[code] ?? 400;
  if (retryAfterSeconds !== undefined) response.set('retry-after', String(retryAfterSeconds));
  if (status === 401) response.set('www-authenticate', 'Bearer');
  response.status(status).json({ errors: [{ message, extensions: { code, details } }] });
}

const statusOf: Partial<Record<FailureCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  OBJECT_CORRUPT: 500,
  SERVICE_UNAVAILABLE: 503,
  INTERNAL: 500,
};

const statusOfLimit: Readonly<Record<string, number>> = {
  bodyBytes: 413,
  requestsPerMinute: 429,
  addressRequestsPerMinute: 429,
  streams: 429,
  requestSeconds: 503,
};

/** What Express' reader of bodies throws. */
interface BodyError {
  readonly type?: string;
  readonly status?: number;
  readonly message?: string;
  readonly limit?: number;
  readonly length?: number;
  readonly received?: number;
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  // Express decodes what a path matched; a broken percent sign is the client's.
  if (error instanceof URIError) return new Failure('INPUT_INVALID', 'the address has a broken percent sign');
  if (isUnkeepableText(error)) return new Failure('INPUT_INVALID', 'the address holds a NUL character');
  const { type, status = 500, message, limit, length, received } = error as BodyError;
  if (type === 'entity.too.large')
    return beyond('bodyBytes', limit ?? 0, length ?? received ?? 0, "the request's body is too large");
  if (status >= 400 && status < 500) {
    return new Failure('INPUT_INVALID', `the request's body cannot be read: ${message}`, {});
  }
  return new Failure('INTERNAL', 'A defect of the program; the details are in the log.');
}
