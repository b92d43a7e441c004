'use client';

import type { Tooltip as BaseTooltip } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';
import { useStore } from 'zustand';

import { Kbd } from './kbd.tsx';
import { giveTo, useTriggerElement, useTriggerLink, type TriggerLink } from './popup-trigger.tsx';
import { popupParts, usePopups } from './popups.ts';

const DELAY_MS = 400;

type Side = 'top' | 'right' | 'bottom' | 'left';

interface TooltipContent {
  readonly label: ReactNode;
  readonly keys: readonly string[] | undefined;
  readonly side: Side;
}

export interface TooltipProps {
  label: ReactNode;
  keys?: readonly string[];
  /** Default `bottom`. */
  side?: Side;
  /** The one element that the tooltip is about. It must take focus and name itself: a tooltip is no label. */
  children: ReactElement;
}

/** A word or two on hover and on focus. */
export function Tooltip({ label, keys, side = 'bottom', children }: TooltipProps) {
  const link = useTriggerLink();
  const parts = usePopups();
  const isThere = useStore(link.slot, ({ element }) => element !== null);
  return (
    <>
      <Target link={link}>{children}</Target>
      {parts !== undefined && isThere && (
        <parts.Tooltip.Trigger
          handle={sharedHandle()}
          payload={{ label, keys, side }}
          delay={DELAY_MS}
          render={giveTo(link)}
        />
      )}
    </>
  );
}

const NOTHING = {};

/** Apart from what gives to it: it is drawn again each time that it is given something. */
function Target({ link, children, ...props }: { link: TriggerLink; children: ReactElement }) {
  return useTriggerElement(link, { render: children, before: NOTHING, props });
}

let handle: BaseTooltip.Handle<TooltipContent> | undefined;

function sharedHandle(): BaseTooltip.Handle<TooltipContent> {
  handle ??= popupParts().Tooltip.createHandle<TooltipContent>();
  return handle;
}

/** The one tooltip of the page, which goes from element to element. Mounted once, in the root layout's providers. */
export function TooltipWindow() {
  const parts = usePopups();
  if (parts === undefined) return null;
  return (
    <parts.Tooltip.Root handle={sharedHandle()}>
      {({ payload }) => (
        <parts.Tooltip.Portal>
          <parts.Tooltip.Positioner side={payload?.side} sideOffset={6} className="z-60">
            <parts.Tooltip.Popup className="flex max-w-72 items-center gap-2 rounded-md bg-inverse px-2 py-1 text-xs text-inverse-foreground shadow-popup transition-opacity duration-100 data-[ending-style]:opacity-0 data-[instant]:transition-none data-[starting-style]:opacity-0">
              <span className="min-w-0 break-words">{payload?.label}</span>
              {payload?.keys !== undefined && <Kbd keys={payload.keys} inverse />}
            </parts.Tooltip.Popup>
          </parts.Tooltip.Positioner>
        </parts.Tooltip.Portal>
      )}
    </parts.Tooltip.Root>
  );
}
