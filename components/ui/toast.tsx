'use client';

import { useSyncExternalStore } from 'react';
import type { ExternalToast, toast as SonnerToast } from 'sonner';

type Show = (sonner: typeof SonnerToast) => void;
type Window = (typeof import('./toast-window.tsx'))['ToastWindow'];

let ToastWindow: Window | undefined;
let coming: Promise<void> | undefined;
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
  const Loaded = useSyncExternalStore(
    listen,
    () => ToastWindow,
    () => undefined,
  );
  return Loaded === undefined ? null : <Loaded onReady={showWaiting} />;
}

/** Loads what toasts are made of; once. Early, for they also tell that the network has gone. */
export function loadToasts(): Promise<void> {
  coming ??= import('./toast-window.tsx').then(
    (loaded) => {
      ToastWindow = loaded.ToastWindow;
      for (const tell of listeners) tell();
    },
    (error: unknown) => {
      coming = undefined;
      console.warn('Toasts could not be loaded', error);
    },
  );
  return coming;
}

function show(one: Show): void {
  if (sonner !== undefined) {
    one(sonner);
    return;
  }
  waiting.push(one);
  void loadToasts();
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
