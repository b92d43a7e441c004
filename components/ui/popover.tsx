'use client';

import type { Popover as BasePopover } from '@base-ui/react/popover';
import { createContext, use, type ComponentProps, type ReactNode } from 'react';
import { useStore } from 'zustand';

import { cn } from './cn.ts';
import { popupClasses } from './popup-classes.ts';
import {
  giveTo,
  PopupTrigger,
  useTriggerLink,
  type PopupTriggerProps,
  type TriggerLink,
} from './popup-trigger.tsx';
import { popupParts, usePopups } from './popups.ts';

type RootProps = Omit<ComponentProps<typeof BasePopover.Root>, 'children'>;

interface PopoverParts {
  readonly root: RootProps;
  readonly link: TriggerLink;
}

const PopoverContext = createContext<PopoverParts | null>(null);

/** A trigger and its panel, `PopoverContent`; or the panel alone, with an `anchor`. */
export function Popover({ children, ...root }: RootProps & { children: ReactNode }) {
  const link = useTriggerLink();
  usePopups(root.open);
  return <PopoverContext value={{ root, link }}>{children}</PopoverContext>;
}

export function PopoverTrigger(props: Omit<PopupTriggerProps, 'link' | 'haspopup' | 'openKeys'>) {
  return <PopupTrigger link={usePopover().link} haspopup="dialog" {...props} />;
}

export function PopoverTitle(props: ComponentProps<typeof BasePopover.Title>) {
  const parts = popupParts();
  return <parts.Popover.Title {...props} />;
}

function usePopover(): PopoverParts {
  const popover = use(PopoverContext);
  if (popover === null) throw new Error('This stands outside of a Popover.');
  return popover;
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
