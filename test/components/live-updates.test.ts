import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { throttle } from '#components/api/throttle.ts';
import { reconnectWait } from '#components/api/event-source.ts';

describe('throttle', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('works at once, then once for all calls of the wait', () => {
    const work = vi.fn();
    const throttled = throttle(work, 500);
    throttled();
    throttled();
    throttled();
    expect(work).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(500);
    expect(work).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(5_000);
    expect(work).toHaveBeenCalledTimes(2);
  });

  test('keeps its pace under constant calls', () => {
    const work = vi.fn();
    const throttled = throttle(work, 500);
    for (let ms = 0; ms < 10_000; ms += 50) {
      throttled();
      vi.advanceTimersByTime(50);
    }
    expect(work.mock.calls.length).toBeGreaterThanOrEqual(19);
    expect(work.mock.calls.length).toBeLessThanOrEqual(21);
  });

  test('a cancelled call does not come', () => {
    const work = vi.fn();
    const throttled = throttle(work, 500);
    throttled();
    throttled();
    throttled.cancel();
    vi.advanceTimersByTime(5_000);
    expect(work).toHaveBeenCalledTimes(1);
  });
});

describe('reconnectWait', () => {
  test('grows up to a quarter of a minute and is spread', () => {
    expect(reconnectWait(0, 0)).toBe(250);
    expect(reconnectWait(0, 1)).toBe(500);
    expect(reconnectWait(3, 1)).toBe(4_000);
    expect(reconnectWait(50, 1)).toBe(15_000);
    expect(reconnectWait(50, 0)).toBe(7_500);
  });
});
