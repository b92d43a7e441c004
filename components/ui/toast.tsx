'use client';

import { lazy, Suspense, useSyncExternalStore } from 'react';
import type { ExternalToast, toast as SonnerToast } from 'sonner';

type Show = (sonner: typeof SonnerToast) => void;

const load = () => import('./toast-window.tsx');
const ToastWindow = lazy(async () => ({ default: (await load()).ToastWindow }));

let isWanted = false;
let sonner: typeof SonnerToast | undefined;
let waiting: Show[] = [];
const listeners = new Set<() => void>();

/** Shows a word on what has happened. */
export const toast = {
  success: (message: string, more?: ExternalToast) => show((ready) => ready.success(message, more)),
  error: (message: string, more?: ExternalToast) => show((ready) => ready.error(message, more)),
  info: (message: string, more?: ExternalToast) => show((ready) => ready.info(message, more)),
  warning: (message: string, more?: ExternalToast) => show((ready) => ready.warning(message, more)),
  promise: <T,>(work: Promise<T>, words: Parameters<typeof SonnerToast.promise<T>>[1]) =>
    show((ready) => void ready.promise(work, words)),
};

/** Where toasts appear. Mounted once, in the root layout's providers; draws nothing until they are loaded. */
export function Toaster() {
  const isShown = useSyncExternalStore(
    listen,
    () => isWanted,
    () => false,
  );
  return isShown ? (
    <Suspense>
      <ToastWindow onReady={showWaiting} />
    </Suspense>
  ) : null;
}

/** Loads what toasts are made of. Early, for they also tell that the network has gone. */
export async function loadToasts(): Promise<void> {
  await load();
  isWanted = true;
  for (const tell of listeners) tell();
}

function show(one: Show): void {
  if (sonner !== undefined) {
    one(sonner);
    return;
  }
  waiting.push(one);
  loadToasts().catch((error: unknown) => console.warn('Toasts could not be loaded', error));
}

function showWaiting(ready: typeof SonnerToast): void {
  sonner = ready;
  for (const one of waiting) one(ready);
  waiting = [];
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
