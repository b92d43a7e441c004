import type { Page } from '@playwright/test';

/** What a page did for a while, in milliseconds. */
export interface Watch {
  /** Times from one drawn frame to the next. */
  readonly frames: readonly number[];
  /** Tasks of the main thread that took 50 ms or more, the browser's own limit for a long one. */
  readonly longTasks: readonly number[];
}

export interface Watched {
  /** Watches while this is done. */
  during(work: () => Promise<unknown>): Promise<Watch>;
}

interface Records {
  frames: number[];
  longTasks: number[];
}

/** Begins to write down frames and long tasks of the page that is open. */
export async function watchPage(page: Page): Promise<Watched> {
  await page.evaluate(() => {
    const records: Records = { frames: [], longTasks: [] };
    (window as unknown as { benchRecords: Records }).benchRecords = records;
    const frame = (at: number) => {
      records.frames.push(at);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver((list) => {
      records.longTasks.push(...list.getEntries().map((entry) => entry.duration));
    }).observe({ type: 'longtask' });
  });
  const take = () =>
    page.evaluate(() => {
      const { benchRecords } = window as unknown as { benchRecords: Records };
      return { frames: benchRecords.frames.splice(0), longTasks: benchRecords.longTasks.splice(0) };
    });
  return {
    async during(work) {
      await take();
      await work();
      const { frames, longTasks } = await take();
      const times = frames.slice(1).map((at, index) => at - (frames[index] ?? at));
      return { frames: times, longTasks };
    },
  };
}
