'use client';

import { Menu as BaseMenu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';

import { cn } from './cn.ts';
import { Kbd } from './kbd.tsx';
import { popupClasses } from './popup-classes.ts';

export const Menu = BaseMenu.Root;
export const MenuTrigger = BaseMenu.Trigger;
export const MenuGroup = BaseMenu.Group;
export const MenuRadioGroup = BaseMenu.RadioGroup;

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
  return (
    <BaseMenu.Portal>
      <BaseMenu.Positioner
        side={side}
        align={align}
        sideOffset={sideOffset}
        alignOffset={alignOffset}
        className="z-50 outline-none"
      >
        <BaseMenu.Popup
          {...(finalFocus !== undefined && { finalFocus })}
          className={cn(menuPopupClasses, className)}
        >
          {children}
        </BaseMenu.Popup>
      </BaseMenu.Positioner>
    </BaseMenu.Portal>
  );
}

export interface MenuItemProps extends ComponentProps<typeof BaseMenu.Item> {
  icon?: ReactNode;
  keys?: readonly string[];
  danger?: boolean;
}

/** One command. */
export function MenuItem({ icon, keys, danger = false, className, children, ...props }: MenuItemProps) {
  return (
    <BaseMenu.Item className={cn(itemClasses, danger && dangerClasses, className)} {...props}>
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {keys !== undefined && <Kbd keys={keys} />}
    </BaseMenu.Item>
  );
}

/** A command that goes to a page; give it `render={<Link href="…" />}`. */
export function MenuLinkItem({
  icon,
  className,
  children,
  ...props
}: ComponentProps<typeof BaseMenu.LinkItem> & { icon?: ReactNode }) {
  return (
    <BaseMenu.LinkItem className={cn(itemClasses, className)} closeOnClick {...props}>
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
    </BaseMenu.LinkItem>
  );
}

/** An option that is on or off. */
export function MenuCheckboxItem({
  className,
  children,
  ...props
}: ComponentProps<typeof BaseMenu.CheckboxItem>) {
  return (
    <BaseMenu.CheckboxItem className={cn(itemClasses, className)} {...props}>
      <span className="flex size-4 items-center">
        <BaseMenu.CheckboxItemIndicator>
          <Check aria-hidden />
        </BaseMenu.CheckboxItemIndicator>
      </span>
      <span className="min-w-0 flex-1 truncate">{children}</span>
    </BaseMenu.CheckboxItem>
  );
}

/** One of several options, inside `MenuRadioGroup`. */
export function MenuRadioItem({
  icon,
  className,
  children,
  ...props
}: ComponentProps<typeof BaseMenu.RadioItem> & { icon?: ReactNode }) {
  return (
    <BaseMenu.RadioItem className={cn(itemClasses, className)} {...props}>
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      <BaseMenu.RadioItemIndicator>
        <Check aria-hidden />
      </BaseMenu.RadioItemIndicator>
    </BaseMenu.RadioItem>
  );
}

/** A quiet heading; only inside `MenuGroup`. */
export function MenuLabel({ className, ...props }: ComponentProps<typeof BaseMenu.GroupLabel>) {
  return (
    <BaseMenu.GroupLabel
      className={cn('px-2 pt-1.5 pb-1 text-xs font-medium text-subtle-foreground', className)}
      {...props}
    />
  );
}

export function MenuSeparator({ className }: { className?: string }) {
  return <BaseMenu.Separator className={cn('-mx-1 my-1 h-px bg-border', className)} />;
}
