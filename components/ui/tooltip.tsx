'use client';

import { Tooltip as BaseTooltip } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';

import { Kbd } from './kbd.tsx';

export const TooltipProvider = BaseTooltip.Provider;

export interface TooltipProps {
  label: ReactNode;
  keys?: readonly string[];
  /** Default `bottom`. */
  side?: 'top' | 'right' | 'bottom' | 'left';
  /** The one element that the tooltip is about. It must take focus and name itself: a tooltip is no label. */
  children: ReactElement;
}

/** A word or two on hover and on focus. */
export function Tooltip({ label, keys, side = 'bottom', children }: TooltipProps) {
  return (
    <BaseTooltip.Root>
      <BaseTooltip.Trigger render={children} />
      <BaseTooltip.Portal>
        <BaseTooltip.Positioner side={side} sideOffset={6} className="z-60">
          <BaseTooltip.Popup className="flex max-w-72 items-center gap-2 rounded-md bg-inverse px-2 py-1 text-xs text-inverse-foreground shadow-popup transition-opacity duration-100 data-[ending-style]:opacity-0 data-[instant]:transition-none data-[starting-style]:opacity-0">
            <span className="min-w-0 break-words">{label}</span>
            {keys !== undefined && <Kbd keys={keys} inverse />}
          </BaseTooltip.Popup>
        </BaseTooltip.Positioner>
      </BaseTooltip.Portal>
    </BaseTooltip.Root>
  );
}
