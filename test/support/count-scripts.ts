import type { Page } from '@playwright/test';

export interface ScriptCount {
  /** Of all scripts so far. */
  bytes(): number;
  /** Of those that a text, such as the page as it was served, names. */
  bytesNamedIn(text: string): number;
}

/** Counts scripts by what came over the wire, headers and compression included. Begin before the page is asked for. */
export async function countScripts(page: Page): Promise<ScriptCount> {
  const devtools = await page.context().newCDPSession(page);
  const paths = new Map<string, string>();
  const sizes = new Map<string, number>();
  devtools.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script') paths.set(requestId, new URL(response.url).pathname);
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const path = paths.get(requestId);
    if (path !== undefined) sizes.set(path, (sizes.get(path) ?? 0) + encodedDataLength);
  });
  await devtools.send('Network.enable');
  const sum = (isCounted: (path: string) => boolean) =>
    [...sizes].reduce((bytes, [path, size]) => (isCounted(path) ? bytes + size : bytes), 0);
  return { bytes: () => sum(() => true), bytesNamedIn: (text) => sum((path) => text.includes(path)) };
}
