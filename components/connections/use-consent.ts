'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { authorizeConnection, readConnection } from '#components/api/connections.ts';
import { queryKeys } from '#components/api/query-keys.ts';
import type { Connection } from '#core/api/connections.ts';

import { CONSENT_CHANNEL, type ConsentNews } from './consent-channel.ts';

/** `waiting`: the consent screen is open elsewhere. `blocked`: the browser opened no window; `url` is the way by hand. */
export type ConsentState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'blocked'; readonly url: string }
  | { readonly kind: 'failed'; readonly message: string };

export interface Consent {
  readonly state: ConsentState;
  /** Opens an empty window. Call it in a click, when the connection is yet to be made: browsers open none later. */
  prepare(): Window | null;
  /** Opens the consent screen, in the window that was prepared or, in a click, in a new one. */
  begin(slug: string, prepared?: Window | null): void;
  cancel(): void;
}

const SHAPE = 'popup,width=560,height=760';
const LOOK_MS = 1_500;

/**
 * Sends a person to a provider's consent screen in a window of its own and waits until the connection holds what was granted. Providers may cut
 * the tie between the two windows, so the connection itself is looked at; what the other window says only comes sooner.
 */
export function useConsent(onConnected: (connection: Connection) => void): Consent {
  const client = useQueryClient();
  const [state, setState] = useState<ConsentState>({ kind: 'idle' });
  const [waitsFor, setWaitsFor] = useState<{ slug: string; since: string | null } | null>(null);
  const connected = useRef(onConnected);
  useEffect(() => {
    connected.current = onConnected;
  });

  const begin = useCallback((slug: string, prepared?: Window | null) => {
    const opened = prepared === undefined ? openWindow() : prepared;
    setState({ kind: 'waiting' });
    void (async () => {
      try {
        const before = await readConnection(slug);
        const { url } = await authorizeConnection(slug);
        setWaitsFor({ slug, since: before.refreshedAt });
        if (opened === null) setState({ kind: 'blocked', url });
        else opened.location.href = url;
      } catch (error) {
        opened?.close();
        setState({ kind: 'failed', message: messageOf(error) });
      }
    })();
  }, []);
  const cancel = useCallback(() => {
    setWaitsFor(null);
    setState({ kind: 'idle' });
  }, []);

  useEffect(() => {
    if (waitsFor === null) return undefined;
    let isOver = false;
    const look = async () => {
      const found = await readConnection(waitsFor.slug).catch(() => null);
      if (isOver || found === null || found.status !== 'ok' || found.refreshedAt === waitsFor.since) return;
      isOver = true;
      setWaitsFor(null);
      setState({ kind: 'idle' });
      void client.invalidateQueries({ queryKey: queryKeys.connections });
      connected.current(found);
    };
    const timer = setInterval(() => void look(), LOOK_MS);
    const channel = new BroadcastChannel(CONSENT_CHANNEL);
    channel.addEventListener('message', ({ data }: MessageEvent<ConsentNews>) => {
      if (data.connection !== waitsFor.slug) return;
      if (data.outcome === 'connected') void look();
      else setState({ kind: 'failed', message: data.message });
    });
    return () => {
      isOver = true;
      clearInterval(timer);
      channel.close();
    };
  }, [waitsFor, client]);
  return { state, prepare: openWindow, begin, cancel };
}

function openWindow(): Window | null {
  return window.open('about:blank', CONSENT_CHANNEL, SHAPE);
}
