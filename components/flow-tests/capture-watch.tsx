'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';

import { queryKeys } from '#components/api/query-keys.ts';
import { useEditorStore } from '#components/canvas/editor-context.tsx';
import type { Capture } from '#core/api/captures.ts';
import { isJsonObject } from '#core/json.ts';

import { useCapture, useEndCapture } from './use-capture.ts';

/** Takes the event that the editor waits for as soon as it is there, wherever the person has gone meanwhile. Once in an editor. */
export function CaptureWatch() {
  const store = useEditorStore();
  const client = useQueryClient();
  const { capture, isGone } = useCapture();
  const end = useEndCapture();
  const take = useEffectEvent(({ id, event, runId }: Capture) => {
    if (!isJsonObject(event)) return;
    store.setState({ captured: { event, runId } });
    store.announce('An event was captured');
    end.mutate(id);
  });
  useEffect(() => {
    if (capture?.status === 'captured') take(capture);
  }, [capture]);
  useEffect(() => {
    if (!isGone) return;
    store.setState({ captureId: null });
    store.announce('Another page of yours waits for the event now');
  }, [isGone, store]);
  const [id, expiresAt] = capture?.status === 'waiting' ? [capture.id, capture.expiresAt] : [null, null];
  useEffect(() => {
    if (id === null || expiresAt === null) return undefined;
    // The server's clock has the last word: a little later it has surely ended.
    const wait = Math.max(0, Date.parse(expiresAt) - Date.now()) + 1_000;
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: queryKeys.capture(id) }), wait);
    return () => clearTimeout(timer);
  }, [client, id, expiresAt]);
  return null;
}
