import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { loadOnce } from '#components/ui/load-once.ts';

beforeEach(() => {
  vi.stubGlobal('window', new EventTarget());
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('reads once, however often it is asked, and tells who listens', async () => {
  const read = vi.fn(() => Promise.resolve('module'));
  const { load, get, listen } = loadOnce(read);
  const [told, left] = [vi.fn(), vi.fn()];
  listen(told);
  listen(left)();
  expect(get()).toBeUndefined();
  expect(await Promise.all([load(), load()])).toEqual([true, true]);
  expect(await load()).toBe(true);
  expect(get()).toBe('module');
  expect(read).toHaveBeenCalledOnce();
  expect(told).toHaveBeenCalledOnce();
  expect(left).not.toHaveBeenCalled();
});

it('says that it could not be read, and reads again, once, when there is a network', async () => {
  const read = vi.fn(() => Promise.resolve('module'));
  read.mockRejectedValueOnce(new Error('offline')).mockRejectedValueOnce(new Error('offline'));
  const { load, get, listen } = loadOnce(read);
  expect(await load()).toBe(false);
  expect(await load()).toBe(false);
  expect(get()).toBeUndefined();
  const there = new Promise<void>((tell) => listen(tell));
  window.dispatchEvent(new Event('online'));
  await there;
  expect(get()).toBe('module');
  window.dispatchEvent(new Event('online'));
  expect(read).toHaveBeenCalledTimes(3);
});
