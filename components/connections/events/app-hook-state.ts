import type { BadgeTone } from '#components/ui/badge.tsx';
import type { AppHook } from '#core/api/app-hooks.ts';

/** How far the events of an app come here, in a word or two and a sentence. */
export interface AppHookState {
  readonly word: string;
  readonly tone: BadgeTone;
  readonly sentence: string;
}

const UNSIGNED = {
  entered: { word: 'Secret missing', sentence: 'Nothing is taken until its signing secret is entered.' },
  handshake: { word: 'Waits for its token', sentence: 'It has not sent its verification token yet.' },
  client: { word: 'OAuth app missing', sentence: 'It signs with the secret of an OAuth app: register one.' },
} as const satisfies Record<AppHook['secret'], Omit<AppHookState, 'tone'>>;

/** @param hasClient whether this workspace has an OAuth app at the app. */
export function appHookState(hook: AppHook, hasClient: boolean): AppHookState {
  const { url, secret, isReady, lastDeliveryAt } = hook;
  if (url === null)
    return { word: 'Not set up', tone: 'neutral', sentence: 'Flows that wait for its events start nothing.' };
  if (!isReady || (secret === 'client' && !hasClient)) return { tone: 'warning', ...UNSIGNED[secret] };
  if (lastDeliveryAt === null)
    return { word: 'Nothing yet', tone: 'info', sentence: 'Ready. It has sent nothing so far.' };
  return { word: 'Receiving', tone: 'success', sentence: 'Last heard from' };
}
