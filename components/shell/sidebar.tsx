'use client';

import { BookOpen, PanelLeft } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useState } from 'react';

import { useMe } from '#components/api/workspace.ts';
import { PaletteButton } from '#components/command/palette-button.tsx';
import { cn } from '#components/ui/cn.ts';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';

import { BrandMark } from './brand-mark.tsx';
import { NAVIGATION } from './navigation.ts';
import { SidebarLink } from './sidebar-link.tsx';
import { UserMenu } from './user-menu.tsx';

/** Remembers the narrow form for a year; read by the server, so that the page does not jump. */
export const SIDEBAR_COOKIE = 'patchbay_sidebar';

/** The navigation at the left of wide windows; a rail of icons when folded. */
export function Sidebar({ startsFolded }: { startsFolded: boolean }) {
  const [isFolded, setFolded] = useState(startsFolded);
  const pathname = usePathname();
  const fold = () => {
    document.cookie = `${SIDEBAR_COOKIE}=${isFolded ? 'full' : 'rail'}; path=/; max-age=31536000; samesite=lax`;
    setFolded(!isFolded);
  };
  return (
    <aside
      className={cn(
        'hidden shrink-0 flex-col border-r border-border bg-sidebar md:flex',
        isFolded ? 'w-13 items-center' : 'w-56',
      )}
    >
      <div
        className={cn(
          'flex w-full shrink-0 gap-2 px-2.5 pt-3 pb-2',
          isFolded ? 'flex-col items-center' : 'items-center',
        )}
      >
        <WorkspaceName isFolded={isFolded} />
        <IconButton
          label={isFolded ? 'Unfold the sidebar' : 'Fold the sidebar'}
          size="sm"
          tooltipSide="right"
          aria-expanded={!isFolded}
          onClick={fold}
        >
          <PanelLeft aria-hidden />
        </IconButton>
      </div>
      <div className="w-full shrink-0 px-2 pb-1.5">
        <PaletteButton isFolded={isFolded} />
      </div>
      <nav
        aria-label="Main"
        className="flex w-full min-h-0 flex-1 flex-col gap-0.5 overflow-y-auto px-2 py-1"
      >
        {NAVIGATION.map((item) => (
          <SidebarLink key={item.href} {...item} pathname={pathname} isFolded={isFolded} />
        ))}
      </nav>
      <div className="flex w-full flex-col gap-0.5 px-2 pb-2">
        <SidebarLink
          href="/docs/api"
          label="API reference"
          icon={BookOpen}
          pathname={pathname}
          isFolded={isFolded}
        />
        <UserMenu isFolded={isFolded} />
      </div>
    </aside>
  );
}

function WorkspaceName({ isFolded }: { isFolded: boolean }) {
  const me = useMe();
  const name = me.data?.workspace.name;
  return (
    <Link
      href="/"
      aria-label={name === undefined ? 'Patchbay' : `${name}: home`}
      className="flex min-w-0 flex-1 items-center gap-2.5 rounded-md p-0.5 focus-ring"
    >
      <BrandMark />
      {!isFolded &&
        (name === undefined && !me.isError ? (
          <Skeleton className="h-4 w-24" />
        ) : (
          <span className="truncate text-sm font-semibold tracking-tight" title={name}>
            {name ?? 'Patchbay'}
          </span>
        ))}
    </Link>
  );
}
