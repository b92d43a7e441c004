'use client';

import { Bell, BookOpen, ChartColumn, ChevronsUpDown, CircleUserRound, KeyRound, LogOut } from 'lucide-react';
import Link from 'next/link';
import { useTheme } from 'next-themes';

import { useMe } from '#components/api/workspace.ts';
import { cn } from '#components/ui/cn.ts';
import {
  Menu,
  MenuContent,
  MenuGroup,
  MenuItem,
  MenuLabel,
  MenuLinkItem,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from '#components/ui/menu.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { toast } from '#components/ui/toast.tsx';

import { signOut } from './sign-in-calls.ts';
import { THEMES } from './themes.tsx';

/** Account, theme and the way out. */
export function UserMenu({ isFolded, isCompact = false }: { isFolded: boolean; isCompact?: boolean }) {
  const user = useMe().data?.user;
  const name = user === undefined ? undefined : ((user?.name.trim() || user?.email) ?? 'Account');
  return (
    <Menu>
      <MenuTrigger
        aria-label={name === undefined ? 'Account' : `Account of ${name}`}
        className={cn(
          'flex h-10 w-full min-w-0 cursor-pointer items-center gap-2.5 rounded-md px-2 text-left focus-ring-inset hover:bg-muted data-[popup-open]:bg-muted',
          (isFolded || isCompact) && 'w-9 justify-center px-0',
        )}
      >
        <Initials name={name} />
        {!isFolded && !isCompact && (
          <>
            {name === undefined ? (
              <Skeleton className="h-4 w-24" />
            ) : (
              <span className="min-w-0 flex-1 truncate text-sm" title={name}>
                {name}
              </span>
            )}
            <ChevronsUpDown aria-hidden className="ml-auto size-3.5 shrink-0 text-subtle-foreground" />
          </>
        )}
      </MenuTrigger>
      <MenuContent side={isCompact ? 'bottom' : 'top'} align={isCompact ? 'end' : 'start'} className="w-56">
        <UserMenuItems email={user?.email} />
      </MenuContent>
    </Menu>
  );
}

function UserMenuItems({ email }: { email: string | undefined }) {
  const { theme = 'system', setTheme } = useTheme();
  const leave = () => {
    signOut().catch(() => toast.error('Signing out failed. Check the network and try again.'));
  };
  return (
    <>
      {email !== undefined && (
        <MenuGroup>
          <MenuLabel className="truncate" title={email}>
            {email}
          </MenuLabel>
        </MenuGroup>
      )}
      <MenuLinkItem
        icon={<ChartColumn aria-hidden />}
        className="md:hidden"
        render={<Link href="/dashboard" />}
      >
        Dashboard
      </MenuLinkItem>
      <MenuLinkItem icon={<Bell aria-hidden />} className="md:hidden" render={<Link href="/alerts" />}>
        Alerts
      </MenuLinkItem>
      <MenuLinkItem icon={<CircleUserRound aria-hidden />} render={<Link href="/settings/account" />}>
        Account
      </MenuLinkItem>
      <MenuLinkItem icon={<KeyRound aria-hidden />} render={<Link href="/settings/api-keys" />}>
        API keys
      </MenuLinkItem>
      <MenuLinkItem icon={<BookOpen aria-hidden />} render={<Link href="/docs/api" />}>
        API reference
      </MenuLinkItem>
      <MenuSeparator />
      <MenuRadioGroup value={theme} onValueChange={(value: string) => setTheme(value)} aria-label="Theme">
        <MenuLabel render={<div />}>Theme</MenuLabel>
        {THEMES.map(({ value, label, icon }) => (
          <MenuRadioItem key={value} value={value} icon={icon} closeOnClick={false}>
            {label}
          </MenuRadioItem>
        ))}
      </MenuRadioGroup>
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden />} onClick={leave}>
        Sign out
      </MenuItem>
    </>
  );
}

function Initials({ name }: { name: string | undefined }) {
  const letters = (name ?? '')
    .split(/[\s@.]+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase())
    .join('');
  return (
    <span
      aria-hidden
      className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft text-[0.625rem] font-semibold text-accent-text"
    >
      {letters}
    </span>
  );
}
