export interface Throttled {
  (): void;
  /** Drops a call that is still to come. */
  cancel(): void;
}

/** Calls `work` at once, then at most once every `waitMs`; a call in between happens at the end of the wait. */
export function throttle(work: () => void, waitMs: number): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDue = false;
  const run = () => {
    isDue = false;
    work();
    timer = setTimeout(() => {
      timer = undefined;
      if (isDue) run();
    }, waitMs);
  };
  const throttled = () => {
    if (timer === undefined) run();
    else isDue = true;
  };
  return Object.assign(throttled, {
    cancel: () => {
      clearTimeout(timer);
      timer = undefined;
      isDue = false;
    },
  });
}
