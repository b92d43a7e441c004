'use client';

import { Popover as BasePopover } from '@base-ui/react/popover';
import type { ComponentProps, ReactNode } from 'react';

import { cn } from './cn.ts';
import { popupClasses } from './popup-classes.ts';

export const Popover = BasePopover.Root;
export const PopoverTrigger = BasePopover.Trigger;
export const PopoverTitle = BasePopover.Title;

type Positioning = Pick<
  ComponentProps<typeof BasePopover.Positioner>,
  'side' | 'align' | 'sideOffset' | 'anchor'
>;

export interface PopoverContentProps
  extends Positioning, Omit<ComponentProps<typeof BasePopover.Popup>, 'children'> {
  children: ReactNode;
}

/** A small floating panel beside its trigger. */
export function PopoverContent(props: PopoverContentProps) {
  const { side, align = 'start', sideOffset = 6, anchor, className, children, ...rest } = props;
  return (
    <BasePopover.Portal>
      <BasePopover.Positioner
        side={side}
        align={align}
        sideOffset={sideOffset}
        anchor={anchor}
        className="z-50"
      >
        <BasePopover.Popup
          className={cn(
            popupClasses,
            'max-h-(--available-height) w-72 max-w-(--available-width) overflow-y-auto p-3 text-sm',
            className,
          )}
          {...rest}
        >
          {children}
        </BasePopover.Popup>
      </BasePopover.Positioner>
    </BasePopover.Portal>
  );
}
