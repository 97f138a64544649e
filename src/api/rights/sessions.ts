import type { Logger } from 'pino';
import { type Authenticator, isStored } from './authenticator.ts';
import type { Principal } from './principal.ts';

/** How often rights are looked at: with the time that the look takes, well within the second that is promised. */
const lookMilliseconds = 400;
/** The longest that a timer of Node's can be set to. */
const maxTimer = 2 ** 31 - 1;

interface Session {
  readonly principal: Principal;
  readonly end: () => void;
  timer: NodeJS.Timeout | undefined;
}

/**
 * What stays open for long: sockets, streams, downloads. Each is ended within a second of its token's or key's end, its key's
 * revocation, or the withdrawal of a right that it began with.
 */
export class Sessions {
  readonly #authenticator: Authenticator;
  readonly #log: Logger;
  readonly #open = new Set<Session>();
  #looking: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(authenticator: Authenticator, log: Logger) {
    this.#authenticator = authenticator;
    this.#log = log;
  }

  /** Calls `end` once when the principal's rights end. Returns how to leave, which must be called when it is over. */
  watch(principal: Principal, end: () => void): () => void {
    const session: Session = { principal, end, timer: undefined };
    this.#open.add(session);
    if (principal.expiresAt) this.#expire(session, principal.expiresAt.getTime());
    if (isStored(principal)) this.#lookLater();
    return () => this.#leave(session);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#looking);
    for (const session of this.#open) this.#leave(session);
  }

  #expire(session: Session, at: number): void {
    const left = at - Date.now();
    session.timer = setTimeout(
      () => {
        if (left > maxTimer) this.#expire(session, at);
        else this.#end(session);
      },
      Math.max(0, Math.min(left, maxTimer)),
    ).unref();
  }

  #lookLater(): void {
    if (this.#stopped || this.#looking) return;
    this.#looking = setTimeout(() => {
      this.#look()
        .catch((error: Error) => this.#log.warn({ err: error }, 'rights could not be looked at'))
        .finally(() => {
          this.#looking = undefined;
          if ([...this.#open].some(({ principal }) => isStored(principal))) this.#lookLater();
        });
    }, lookMilliseconds).unref();
  }

  async #look(): Promise<void> {
    const sessions = [...this.#open];
    const gone = new Set(await this.#authenticator.withdrawn(sessions.map(({ principal }) => principal)));
    for (const session of sessions) if (gone.has(session.principal)) this.#end(session);
  }

  #end(session: Session): void {
    if (!this.#open.has(session)) return;
    this.#leave(session);
    session.end();
  }

  #leave(session: Session): void {
    clearTimeout(session.timer);
    this.#open.delete(session);
  }
}
