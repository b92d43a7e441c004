const LATEST_EXIT_MS = 40_000;

/**
 * Runs `stop` once when the process is asked to end: SIGTERM, SIGINT, or the death of the supervisor that started it,
 * which shows as the closed message channel. Then exits: 0 when `stop` succeeded, 1 when it failed.
 *
 * @param stop must end within 40 seconds, after which the process exits with 1 all the same.
 */
export function onStopRequest(
  stop: (reason: string) => Promise<void>,
  report: (cause: unknown) => void,
): void {
  let isStopping = false;
  const begin = (reason: string): void => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), LATEST_EXIT_MS).unref();
    stop(reason).then(
      () => process.exit(0),
      (cause: unknown) => {
        report(cause);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', begin);
  process.on('SIGINT', begin);
  process.on('disconnect', () => begin('the supervisor ended'));
}

/** Tells the supervisor, if there is one, that this process does its work now. */
export function reportReady(): void {
  process.send?.({ kind: 'ready' });
}
