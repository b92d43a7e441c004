'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';

import { cn } from '#components/ui/cn.ts';

import { isWithin, NARROW_NAVIGATION } from './navigation.ts';
import { NavigationCount } from './navigation-count.tsx';

/** The navigation at the bottom of narrow windows. */
export function BottomBar() {
  const pathname = usePathname();
  return (
    <nav
      aria-label="Main"
      className="grid shrink-0 grid-cols-6 border-t border-border bg-sidebar pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {NARROW_NAVIGATION.map(({ href, label, icon: Icon }) => {
        const isCurrent = isWithin(pathname, href);
        return (
          <Link
            key={href}
            href={href}
            aria-current={isCurrent ? 'page' : undefined}
            className={cn(
              'flex h-14 min-w-0 flex-col items-center justify-center gap-1 text-[0.625rem] tracking-tight font-medium text-muted-foreground focus-ring-inset',
              isCurrent && 'text-accent-text',
            )}
          >
            <span className="relative">
              <Icon aria-hidden className="size-5" />
              <NavigationCount href={href} className="absolute -top-1.5 left-3.5" />
            </span>
            <span className="max-w-full truncate">{label}</span>
          </Link>
        );
      })}
    </nav>
  );
}
