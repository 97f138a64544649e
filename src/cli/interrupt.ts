let interrupted: Promise<void> | undefined;

/**
 * Resolves at the first Ctrl-C or request to end; a second one ends the process at once. Ask before anything is
 * started that has to be stopped again.
 */
export function untilInterrupted(): Promise<void> {
  interrupted ??= new Promise((resolve) => {
    let asked = false;
    const ask = () => {
      if (asked) process.exit(1);
      asked = true;
      process.stderr.write('\nstopping …\n');
      resolve();
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
  });
  return interrupted;
}
