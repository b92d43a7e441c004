import { expect, test as base, type BrowserContext, type ConsoleMessage } from '@playwright/test';

export { expect };

export interface Visits {
  /** Another browser, with cookies of its own. Watched like the first one, closed at the end. */
  openContext(): Promise<BrowserContext>;
  /** Says which messages on the console are no fault of this journey, such as a refusal that it provokes. */
  expectMessages(...patterns: readonly RegExp[]): void;
}

/** Playwright's `test`; besides, a journey fails when any of its pages writes an error or warning, throws, or breaks the CSP. */
export const test = base.extend<{ visits: Visits }>({
  visits: async ({ browser }, use) => {
    const watched = consoleWatch();
    const opened: BrowserContext[] = [];
    await use({
      openContext: async () => {
        const context = await browser.newContext({ reducedMotion: 'reduce' });
        await context.addInitScript(putGuideAway);
        watched.watch(context);
        opened.push(context);
        return context;
      },
      expectMessages: (...patterns) => watched.expectMessages(patterns),
    });
    for (const context of opened) await context.close();
    expect(watched.messages(), 'messages on the console').toEqual([]);
  },
  context: async ({ visits }, use) => {
    await use(await visits.openContext());
  },
});

/** It would come and go with what other journeys publish. The one that is about it brings it back. */
function putGuideAway(): void {
  if (window.origin !== 'null') window.localStorage.setItem('patchbay:first-flow-guide', 'no');
}

function consoleWatch() {
  const seen: string[] = [];
  const expected: RegExp[] = [];
  const isBad = (message: ConsoleMessage): boolean => ['error', 'warning', 'assert'].includes(message.type());
  return {
    watch: (context: BrowserContext): void => {
      context.on('console', (message) => {
        if (isBad(message)) seen.push(`${message.text()} (${message.location().url})`);
      });
      context.on(
        'weberror',
        (error) => void seen.push(`thrown: ${error.error().stack ?? error.error().message}`),
      );
    },
    expectMessages: (patterns: readonly RegExp[]): void => void expected.push(...patterns),
    messages: (): readonly string[] => seen.filter((text) => !expected.some((pattern) => pattern.test(text))),
  };
}
