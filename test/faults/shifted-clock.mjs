// Loaded with --import: the process's wall clock is wrong by TEST_CLOCK_SHIFT_MS. The monotonic clock and timers are not.
const shift = Number(process.env.TEST_CLOCK_SHIFT_MS);
const RealDate = Date;

globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + shift);
    else super(...args);
  }

  static now() {
    return RealDate.now() + shift;
  }
};
