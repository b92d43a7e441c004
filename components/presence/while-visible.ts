/** A page that is out of sight for so long, in milliseconds, is left. */
const GRACE_MS = 20_000;

/**
 * Runs what `start` begins while the page is in sight, and ends it, by what `start` returned, some time after it went out of
 * sight: a browser has six connections for all of its pages together, and pages forgotten in the background would take them.
 *
 * @returns a function that ends it for good.
 */
export function whileVisible(
  page: EventTarget & { readonly visibilityState: string },
  start: () => () => void,
): () => void {
  let stop: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(timer);
    stop?.();
    stop = undefined;
  };
  const look = () => {
    clearTimeout(timer);
    if (page.visibilityState === 'hidden') timer = setTimeout(end, GRACE_MS);
    else stop ??= start();
  };
  look();
  page.addEventListener('visibilitychange', look);
  return () => {
    page.removeEventListener('visibilitychange', look);
    end();
  };
}
