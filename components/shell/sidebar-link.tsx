'use client';

import Link from 'next/link';

import { cn } from '#components/ui/cn.ts';
import { Tooltip } from '#components/ui/tooltip.tsx';

import { isWithin, type NavigationItem } from './navigation.ts';
import { NavigationCount } from './navigation-count.tsx';

/** One line of the sidebar. */
export function SidebarLink(props: NavigationItem & { pathname: string; isFolded: boolean }) {
  const { href, label, icon: Icon, pathname, isFolded } = props;
  const isCurrent = isWithin(pathname, href);
  const link = (
    <Link
      href={href}
      aria-current={isCurrent ? 'page' : undefined}
      aria-label={isFolded ? label : undefined}
      className={cn(
        'flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm font-medium text-muted-foreground focus-ring-inset hover:bg-muted hover:text-foreground',
        isCurrent && 'bg-muted-strong/70 text-foreground hover:bg-muted-strong/70',
        isFolded && 'relative w-9 justify-center px-0',
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      {!isFolded && <span className="truncate">{label}</span>}
      <NavigationCount href={href} className={isFolded ? 'absolute top-0 right-0' : 'ml-auto'} />
    </Link>
  );
  return isFolded ? (
    <Tooltip label={label} side="right">
      {link}
    </Tooltip>
  ) : (
    link
  );
}
