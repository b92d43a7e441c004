/** Names the shift of a process's wall clock in milliseconds. Read by this module, which is loaded with `--import`. */
export const SHIFT_VARIABLE = 'TEST_CLOCK_SHIFT_MS';

const shiftMs = Number(process.env[SHIFT_VARIABLE] ?? 0);
if (shiftMs !== 0) shiftClock(shiftMs);

/** The monotonic clock and timers stay as they are. */
function shiftClock(byMs: number): void {
  const real = Date;
  globalThis.Date = new Proxy(real, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [real.now() + byMs] : args, newTarget) as Date,
    get: (target, name) =>
      name === 'now' ? () => real.now() + byMs : (Reflect.get(target, name) as unknown),
  });
}
