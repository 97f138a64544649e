const width = 28;

/**
 * A progress bar on stderr: what, count, rate and time left. Where stderr is no terminal it writes a line every tenth of
 * the way instead, so that a log stays readable.
 */
export class ProgressBar {
  readonly #label: string;
  readonly #unit: string;
  readonly #begun = Date.now();
  #first: number | undefined;
  #written = -1;

  constructor(label: string, unit: string) {
    this.#label = label;
    this.#unit = unit;
  }

  update(done: number, total: number): void {
    // What was there before this run says nothing of its rate.
    this.#first ??= done;
    const seconds = (Date.now() - this.#begun) / 1000;
    const rate = seconds > 0 ? (done - this.#first) / seconds : 0;
    const line = `${this.#label.padEnd(22)} ${bar(done, total)} ${`${done}/${total}`.padStart(9)} ${this.#unit}${describePace(done, total, rate)}`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\x1b[2K${line}${done >= total ? '\n' : ''}`);
      return;
    }
    const tenth = total > 0 ? Math.floor((10 * done) / total) : 10;
    if (tenth > this.#written) process.stderr.write(`${line}\n`);
    this.#written = Math.max(this.#written, tenth);
  }
}

function bar(done: number, total: number): string {
  const filled = total > 0 ? Math.round((width * done) / total) : width;
  return `[${'='.repeat(filled)}${' '.repeat(width - filled)}]`;
}

function describePace(done: number, total: number, rate: number): string {
  if (rate <= 0) return '';
  const left = done < total ? `, ${Math.ceil((total - done) / rate)} s left` : '';
  return `, ${rate.toFixed(rate < 10 ? 1 : 0)}/s${left}`;
}
