'use client';

import type { Popover as BasePopover } from '@base-ui/react/popover';
import type { ComponentProps, ReactNode } from 'react';
import { useStore } from 'zustand';

import { cn } from './cn.ts';
import { popupClasses } from './popup-classes.ts';
import { makePopup } from './popup-context.tsx';
import { giveTo, PopupTrigger, type PopupTriggerProps } from './popup-trigger.tsx';
import { popupParts, usePopups } from './popups.ts';

type RootProps = Omit<ComponentProps<typeof BasePopover.Root>, 'children'>;

const { Holder, usePopup: usePopover } = makePopup<RootProps>('Popover');

/** A trigger and its panel, `PopoverContent`; or the panel alone, with an `anchor`. */
export function Popover({ children, ...root }: RootProps & { children: ReactNode }) {
  return <Holder root={root}>{children}</Holder>;
}

export function PopoverTrigger(props: Omit<PopupTriggerProps, 'link' | 'haspopup' | 'openKeys'>) {
  return <PopupTrigger link={usePopover().link} haspopup="dialog" {...props} />;
}

export function PopoverTitle(props: ComponentProps<typeof BasePopover.Title>) {
  const parts = popupParts();
  return <parts.Popover.Title {...props} />;
}

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
  const { root, link } = usePopover();
  const parts = usePopups();
  const hasTrigger = useStore(link.slot, ({ element }) => element !== null);
  if (parts === undefined) return null;
  return (
    <parts.Popover.Root {...root}>
      {hasTrigger && <parts.Popover.Trigger id={link.id} render={giveTo(link)} />}
      <parts.Popover.Portal>
        <parts.Popover.Positioner
          side={side}
          align={align}
          sideOffset={sideOffset}
          anchor={anchor}
          className="z-50"
        >
          <parts.Popover.Popup
            className={cn(
              popupClasses,
              'max-h-(--available-height) w-72 max-w-(--available-width) overflow-y-auto p-3 text-sm',
              className,
            )}
            {...rest}
          >
            {children}
          </parts.Popover.Popup>
        </parts.Popover.Positioner>
      </parts.Popover.Portal>
    </parts.Popover.Root>
  );
}
