'use client';

import { useEffect, useSyncExternalStore, type ComponentType, type ReactNode } from 'react';

import { onFirstInput } from './first-input.ts';
import { loadOnce } from './load-once.ts';
import { toast } from './toast.tsx';

export type LazyPart<Props> = ComponentType<Props> & {
  /** Loads it ahead of time. Never rejects. */
  readonly load: () => Promise<boolean>;
};

/**
 * A part of a page, such as its dialogs, that is loaded apart from it: at the next sign of a person, so before it can be asked for;
 * at once where it `isWanted` already.
 *
 * @param isWanted tells by its properties whether it is asked for. Default: whenever it is on the page.
 * @param meanwhile keeps its place.
 */
export function lazyPart<Props extends object>(
  read: () => Promise<ComponentType<Props>>,
  isWanted: (props: Props) => boolean = () => true,
  meanwhile: ReactNode = null,
): LazyPart<Props> {
  const { load, get, listen } = loadOnce(read);
  function LazyPart(props: Props) {
    const isNeeded = isWanted(props);
    const Part = useSyncExternalStore(listen, get, () => undefined);
    useEffect(() => {
      if (!isNeeded) return onFirstInput(() => void load());
      void load().then((isThere) => {
        if (!isThere) toast.error('This could not be loaded. It opens once there is a network again.');
      });
      return undefined;
    }, [isNeeded]);
    return Part === undefined ? meanwhile : <Part {...props} />;
  }
  return Object.assign(LazyPart, { load });
}
