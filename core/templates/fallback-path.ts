import { drawFlow, expr } from './draw-flow.ts';
import type { Template } from './template.ts';

export const fallbackPath: Template = {
  summary: 'Tries an API three times and then goes to a second one, for calls that must not get stuck.',
  tags: ['reliability', 'webhooks'],
  flow: drawFlow({
    slug: 'retry-then-fall-back',
    name: 'Retry, then fall back',
    description:
      'Failures that may pass are repeated; after the third, the way “error” leads to another API.',
    nodes: [
      { id: 'hook', type: 'core.webhook', label: 'Message to send' },
      {
        id: 'first',
        type: 'http.request',
        label: 'First service',
        onError: 'branch',
        retry: { attempts: 3, baseSeconds: 1, maxSeconds: 10 },
        timeoutSeconds: 10,
        config: { method: 'POST', url: 'https://api.example.com/first', body: expr('trigger.body') },
      },
      {
        id: 'second',
        type: 'http.request',
        label: 'Second service',
        config: { method: 'POST', url: 'https://api.example.com/second', body: expr('trigger.body') },
      },
      {
        id: 'sent',
        type: 'core.map',
        label: 'Say which it was',
        join: 'any',
        config: {
          output: {
            by: expr('steps.second.status ? "second" : "first"'),
            why: expr('steps.first.error.message'),
          },
        },
      },
    ],
    ways: ['hook > first > sent', 'first.error > second > sent'],
  }),
  helpers: [],
  trial: {
    input: { body: { to: '+41 44 555 01 01', text: 'Your parcel is here.' } },
    ends: 'succeeded',
    shows: 'With one of the two addresses broken you see three attempts and the other way taken.',
  },
};
