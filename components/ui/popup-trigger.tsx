'use client';

import { mergeProps } from '@base-ui/react/merge-props';
import { useRender } from '@base-ui/react/use-render';
import {
  useEffect,
  useId,
  useLayoutEffect,
  useState,
  type ButtonHTMLAttributes,
  type ComponentProps,
  type HTMLAttributes,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  type Ref,
} from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';

import { loadPopups } from './popups.ts';

type ElementProps = HTMLAttributes<HTMLElement>;
type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement>;

/** What a trigger and the popup that belongs to it know of each other. */
export interface TriggerSlot {
  readonly element: HTMLElement | null;
  /** What the loaded popup wants on its trigger; null until it is there. */
  readonly given: ElementProps | null;
  /** How it was pressed while nothing was there to open. */
  readonly pressed: string | null;
}

export interface TriggerLink {
  readonly slot: StoreApi<TriggerSlot>;
  readonly id: string;
}

/** Ties a trigger, which is drawn at once, to its popup, which comes later. */
export function useTriggerLink(): TriggerLink {
  const [slot] = useState(() =>
    createStore<TriggerSlot>(() => ({ element: null, given: null, pressed: null })),
  );
  return { slot, id: useId() };
}

/** The element that opens something: the one that is on the page from the start keeps its place, its focus and its events. */
export function useTriggerElement(
  { slot }: TriggerLink,
  { render, before, props }: { render?: ReactElement; before: ButtonProps; props: ButtonProps },
): ReactElement {
  const given = useStore(slot, (state) => state.given);
  const [setElement] = useState(() => (element: HTMLElement | null) => slot.setState({ element }));
  return useRender({
    defaultTagName: 'button',
    render,
    ref: setElement,
    props: mergeProps<'button'>(given ?? before, props),
  });
}

export interface PopupTriggerProps extends Omit<ComponentProps<'button'>, 'ref'> {
  link: TriggerLink;
  haspopup: 'menu' | 'dialog' | 'listbox';
  /** The keys that open it, beside Enter and Space. */
  openKeys?: readonly string[];
  render?: ReactElement;
  children?: ReactNode;
}

const NO_KEYS: readonly string[] = [];

/** A button that opens a popup. Pressed before the popup is loaded, it is pressed again once that is there. */
export function PopupTrigger({ link, haspopup, openKeys = NO_KEYS, render, ...props }: PopupTriggerProps) {
  const { slot } = link;
  const isReady = useStore(slot, (state) => state.given !== null);
  const press = (how: string) => {
    slot.setState({ pressed: how });
    void loadPopups();
  };
  useEffect(() => {
    const { element, pressed } = slot.getState();
    if (!isReady || pressed === null || element === null) return;
    slot.setState({ pressed: null });
    if (pressed === CLICK) element.click();
    else
      element.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true, cancelable: true }));
  }, [isReady, slot]);
  return useTriggerElement(link, {
    render,
    props,
    before: {
      id: link.id,
      type: 'button',
      'aria-haspopup': haspopup,
      'aria-expanded': false,
      onClick: () => press(CLICK),
      onKeyDown: (event: KeyboardEvent) => {
        if (!openKeys.includes(event.key)) return;
        event.preventDefault();
        press(event.key);
      },
    },
  });
}

const CLICK = 'click';

/** Give it to `render` of a trigger of Base UI: hands what that wants on its element to the element that is there already. */
export function giveTo({ slot }: TriggerLink) {
  return ({ ref, ...given }: ElementProps & { ref?: Ref<HTMLElement> }) => (
    <Given slot={slot} given={given} elementRef={ref} />
  );
}

function Given(props: {
  slot: StoreApi<TriggerSlot>;
  given: ElementProps;
  elementRef: Ref<HTMLElement> | undefined;
}) {
  const { slot, given, elementRef } = props;
  const element = useStore(slot, (state) => state.element);
  // Layout effects: Base UI adds listeners to the element in its effects, which come after.
  useLayoutEffect(() => {
    if (typeof elementRef !== 'function') return undefined;
    const cleanUp = elementRef(element);
    return () => {
      if (typeof cleanUp === 'function') cleanUp();
      else elementRef(null);
    };
  }, [elementRef, element]);
  useLayoutEffect(() => slot.setState({ given }), [slot, given]);
  useLayoutEffect(() => () => slot.setState({ given: null }), [slot]);
  return null;
}
