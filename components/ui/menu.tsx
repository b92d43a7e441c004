'use client';

import type { Menu as BaseMenu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { useStore } from 'zustand';

import { cn } from './cn.ts';
import { Kbd } from './kbd.tsx';
import { popupClasses } from './popup-classes.ts';
import { makePopup } from './popup-context.tsx';
import { giveTo, PopupTrigger, type PopupTriggerProps } from './popup-trigger.tsx';
import { popupParts, usePopups } from './popups.ts';

type RootProps = Omit<ComponentProps<typeof BaseMenu.Root>, 'children'>;

const { Holder, usePopup: useMenu } = makePopup<RootProps>('Menu');

/** A trigger and its list, `MenuContent`. */
export function Menu({ children, ...root }: RootProps & { children: ReactNode }) {
  return <Holder root={root}>{children}</Holder>;
}

const OPEN_KEYS = ['ArrowDown', 'ArrowUp'];

export function MenuTrigger(props: Omit<PopupTriggerProps, 'link' | 'haspopup' | 'openKeys'>) {
  return <PopupTrigger link={useMenu().link} haspopup="menu" openKeys={OPEN_KEYS} {...props} />;
}

export function MenuGroup(props: ComponentProps<typeof BaseMenu.Group>) {
  const parts = popupParts();
  return <parts.Menu.Group {...props} />;
}

export function MenuRadioGroup(props: ComponentProps<typeof BaseMenu.RadioGroup>) {
  const parts = popupParts();
  return <parts.Menu.RadioGroup {...props} />;
}

const menuPopupClasses = [
  ...popupClasses,
  'min-w-44 max-w-80 p-1 max-h-(--available-height) overflow-y-auto',
];

const itemClasses = [
  'flex w-full cursor-pointer items-center gap-2 rounded-sm px-2 py-1.5 text-sm outline-none select-none pointer-coarse:py-2.5',
  'data-[highlighted]:bg-muted data-[disabled]:cursor-default data-[disabled]:opacity-50 data-[popup-open]:bg-muted',
  '[&_svg]:size-4 [&_svg]:shrink-0 [&>svg]:text-muted-foreground',
];
const dangerClasses = 'text-danger data-[highlighted]:bg-danger-soft [&>svg]:text-danger';

type Positioning = Pick<
  ComponentProps<typeof BaseMenu.Positioner>,
  'side' | 'align' | 'sideOffset' | 'alignOffset'
>;

export interface MenuContentProps extends Positioning {
  /** Where focus goes when the menu closes. Default: to what opened it. */
  finalFocus?: ComponentProps<typeof BaseMenu.Popup>['finalFocus'];
  className?: string;
  children: ReactNode;
}

/** The list of a menu. */
export function MenuContent({
  side,
  align = 'start',
  sideOffset = 4,
  alignOffset,
  finalFocus,
  className,
  children,
}: MenuContentProps) {
  const { root, link } = useMenu();
  const parts = usePopups();
  const hasTrigger = useStore(link.slot, ({ element }) => element !== null);
  if (parts === undefined || !hasTrigger) return null;
  return (
    <parts.Menu.Root {...root}>
      <parts.Menu.Trigger id={link.id} render={giveTo(link)} />
      <parts.Menu.Portal>
        <parts.Menu.Positioner
          side={side}
          align={align}
          sideOffset={sideOffset}
          alignOffset={alignOffset}
          className="z-50 outline-none"
        >
          <parts.Menu.Popup
            {...(finalFocus !== undefined && { finalFocus })}
            className={cn(menuPopupClasses, className)}
          >
            {children}
          </parts.Menu.Popup>
        </parts.Menu.Positioner>
      </parts.Menu.Portal>
    </parts.Menu.Root>
  );
}

export interface MenuItemProps extends ComponentProps<typeof BaseMenu.Item> {
  icon?: ReactNode;
  keys?: readonly string[];
  danger?: boolean;
}

/** One command. */
export function MenuItem({ icon, keys, danger = false, className, children, ...props }: MenuItemProps) {
  const parts = popupParts();
  return (
    <parts.Menu.Item className={cn(itemClasses, danger && dangerClasses, className)} {...props}>
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {keys !== undefined && <Kbd keys={keys} />}
    </parts.Menu.Item>
  );
}

/** A command that goes to a page; give it `render={<Link href="…" />}`. */
export function MenuLinkItem({
  icon,
  className,
  children,
  ...props
}: ComponentProps<typeof BaseMenu.LinkItem> & { icon?: ReactNode }) {
  const parts = popupParts();
  return (
    <parts.Menu.LinkItem className={cn(itemClasses, className)} closeOnClick {...props}>
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
    </parts.Menu.LinkItem>
  );
}

/** An option that is on or off. */
export function MenuCheckboxItem({
  className,
  children,
  ...props
}: ComponentProps<typeof BaseMenu.CheckboxItem>) {
  const parts = popupParts();
  return (
    <parts.Menu.CheckboxItem className={cn(itemClasses, className)} {...props}>
      <span className="flex size-4 items-center">
        <parts.Menu.CheckboxItemIndicator>
          <Check aria-hidden />
        </parts.Menu.CheckboxItemIndicator>
      </span>
      <span className="min-w-0 flex-1 truncate">{children}</span>
    </parts.Menu.CheckboxItem>
  );
}

/** One of several options, inside `MenuRadioGroup`. */
export function MenuRadioItem({
  icon,
  className,
  children,
  ...props
}: ComponentProps<typeof BaseMenu.RadioItem> & { icon?: ReactNode }) {
  const parts = popupParts();
  return (
    <parts.Menu.RadioItem className={cn(itemClasses, className)} {...props}>
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      <parts.Menu.RadioItemIndicator>
        <Check aria-hidden />
      </parts.Menu.RadioItemIndicator>
    </parts.Menu.RadioItem>
  );
}

/** A quiet heading; only inside `MenuGroup`. */
export function MenuLabel({ className, ...props }: ComponentProps<typeof BaseMenu.GroupLabel>) {
  const parts = popupParts();
  return (
    <parts.Menu.GroupLabel
      className={cn('px-2 pt-1.5 pb-1 text-xs font-medium text-subtle-foreground', className)}
      {...props}
    />
  );
}

export function MenuSeparator({ className }: { className?: string }) {
  const parts = popupParts();
  return <parts.Menu.Separator className={cn('-mx-1 my-1 h-px bg-border', className)} />;
}
