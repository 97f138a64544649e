import type { IncomingMessage } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Failure } from '../../engine/failure.ts';
import type { Limits } from '../../limits.ts';

type Rate = 'requestsPerMinute' | 'addressRequestsPerMinute';

/** How often anybody may ask, in this process. */
export class Rates {
  readonly #ofPrincipals: RateLimiterMemory;
  readonly #ofAddresses: RateLimiterMemory;

  constructor({ requestsPerMinute, addressRequestsPerMinute }: Limits) {
    this.#ofPrincipals = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
    this.#ofAddresses = new RateLimiterMemory({ points: addressRequestsPerMinute, duration: 60 });
  }

  /** Counts a request of who is signed in. Throws `LIMIT_EXCEEDED` for one too many. */
  async ofPrincipal({ id }: { readonly id: string }): Promise<void> {
    await count(this.#ofPrincipals, 'requestsPerMinute', id, 'requests of who is signed in');
  }

  /** Counts a request, before anything else is done about it. Throws `LIMIT_EXCEEDED` for one too many. */
  async ofAddress({ socket }: IncomingMessage): Promise<void> {
    const address = socket.remoteAddress ?? '';
    await count(this.#ofAddresses, 'addressRequestsPerMinute', address, 'requests from this address');
  }
}

async function count(limiter: RateLimiterMemory, limit: Rate, key: string, what: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (reason) {
    if (!(reason instanceof RateLimiterRes)) throw reason;
    const retryAfterSeconds = Math.max(1, Math.ceil(reason.msBeforeNext / 1000));
    throw new Failure(
      'LIMIT_EXCEEDED',
      `too many ${what} in a minute: try again in ${retryAfterSeconds} s; the limit is ${limiter.points}`,
      { limit, maximum: limiter.points, actual: reason.consumedPoints, retryAfterSeconds },
    );
  }
}
