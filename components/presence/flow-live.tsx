'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import type { ReactNode } from 'react';

import { api, randomKey, type Reply } from '#components/api/client.ts';
import { readStream, type StreamState } from '#components/api/event-source.ts';
import { queryKeys } from '#components/api/query-keys.ts';
import type { DraftSaver } from '#components/canvas/draft-saver.ts';
import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { flowLiveSchema, type FlowLive as LiveMessage, type Presence } from '#core/api/flow-live.ts';
import type { flowSummarySchema } from '#core/api/flows.ts';

import { peopleOf, type Person } from './people.ts';
import { PresenceContext } from './presence-context.ts';
import { tellSelection } from './tell-selection.ts';
import { whileVisible } from './while-visible.ts';

/** Keeps an open flow in touch with everybody else who has it open: their edits come in, and each sees who is there. */
export function FlowLive({ saver, children }: { saver: DraftSaver; children: ReactNode }) {
  const store = useEditorStore();
  const slug = useEditor((state) => state.document.slug);
  const client = useQueryClient();
  const [tab] = useState(randomKey);
  const [pages, setPages] = useState<readonly Presence[]>([]);
  const [state, setState] = useState<StreamState>('connecting');
  // Who was there before the line broke may have left.
  const people = useMemo(() => (state === 'live' ? peopleOf(pages) : []), [pages, state]);
  const path = `/flows/${encodeURIComponent(slug)}`;

  const receive = useEffectEvent((message: LiveMessage) => {
    switch (message.kind) {
      case 'people': {
        const words = cameAndWent(people, peopleOf(message.people));
        if (words !== '') store.announce(words);
        return setPages(message.people);
      }
      case 'draft':
        return void saver.refresh(message.etag);
      case 'version':
        return void client.invalidateQueries({ queryKey: queryKeys.flow(slug), predicate: isNotDraft });
      case 'capture':
        return void client.invalidateQueries({ queryKey: queryKeys.capture(message.id) });
    }
  });
  const catchUp = useEffectEvent(async () => {
    void client.invalidateQueries({ queryKey: queryKeys.captures });
    try {
      const { etag } = await api.get<Reply<typeof flowSummarySchema>>(`${path}/summary`);
      await saver.refresh(etag);
    } catch (error) {
      // The next message, or the next save, finds out what was missed here.
      console.info('What others changed meanwhile could not be read yet', error);
    }
  });
  useEffect(
    () =>
      whileVisible(document, () => {
        const stop = readStream(`${path}/stream?tab=${tab}`, {
          onMessage: (text) => {
            const message = readMessage(text);
            if (message) receive(message);
          },
          onGap: () => void catchUp(),
          onState: setState,
        });
        return () => {
          stop();
          setState('connecting');
        };
      }),
    [path, tab],
  );
  const isSeen = people.length > 0;
  useEffect(
    () => (isSeen ? tellSelection(store, `${path}/presence/${tab}`) : undefined),
    [isSeen, store, path, tab],
  );
  return <PresenceContext value={people}>{children}</PresenceContext>;
}

/** The editor's document is the truth of its draft; what is cached of it is never read again. */
const isNotDraft = ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[2] !== 'draft';

function cameAndWent(before: readonly Person[], after: readonly Person[]): string {
  const missingIn = (left: readonly Person[], right: readonly Person[]) =>
    left.filter(({ userId }) => !right.some((person) => person.userId === userId)).map(({ name }) => name);
  const [came, went] = [missingIn(after, before), missingIn(before, after)];
  return [
    ...(came.length > 0 ? [`${came.join(', ')} opened this flow`] : []),
    ...(went.length > 0 ? [`${went.join(', ')} left`] : []),
  ].join('. ');
}

function readMessage(text: string): LiveMessage | undefined {
  try {
    return flowLiveSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // A newer kind of event: nothing that this page shows.
    return undefined;
  }
}
