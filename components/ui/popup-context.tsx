'use client';

import { createContext, use, type ReactNode } from 'react';

import { useTriggerLink, type TriggerLink } from './popup-trigger.tsx';
import { usePopups } from './popups.ts';

interface PopupContext<Root> {
  /** What the loaded popup's root is to be given. */
  readonly root: Root;
  readonly link: TriggerLink;
}

/** What holds a trigger and its popup together, `Holder`, and how its parts find each other; `name` is for who puts one outside of it. */
export function makePopup<Root extends { readonly open?: boolean }>(name: string) {
  const Context = createContext<PopupContext<Root> | null>(null);

  function Holder({ root, children }: { root: Root; children: ReactNode }) {
    const link = useTriggerLink();
    usePopups(root.open);
    return <Context value={{ root, link }}>{children}</Context>;
  }

  function usePopup(): PopupContext<Root> {
    const popup = use(Context);
    if (popup === null) throw new Error(`This stands outside of a ${name}.`);
    return popup;
  }

  return { Holder, usePopup };
}
