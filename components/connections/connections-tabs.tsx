'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';

import { PageHeader } from '#components/shell/page-header.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { cn } from '#components/ui/cn.ts';

/** Title of the connections and the way to the OAuth apps and the events of apps, for those who manage them. */
export function ConnectionsTabs({ actions }: { actions?: ReactNode }) {
  const pathname = usePathname();
  const mayManage = useRight('connection:manage');
  const pages = [
    { href: '/connections', label: 'Connections' },
    { href: '/connections/apps', label: 'OAuth apps' },
    { href: '/connections/events', label: 'App events' },
  ];
  return (
    <PageHeader title="Connections" actions={actions}>
      {mayManage && (
        <nav aria-label="Connections" className="flex gap-5 overflow-x-auto px-4 md:px-6">
          {pages.map(({ href, label }) => (
            <Link
              key={href}
              href={href}
              aria-current={pathname === href ? 'page' : undefined}
              className={cn(
                'flex h-9 items-center border-b-2 text-sm font-medium whitespace-nowrap focus-ring-inset',
                pathname === href
                  ? 'border-accent text-foreground'
                  : 'border-transparent text-muted-foreground hover:text-foreground',
              )}
            >
              {label}
            </Link>
          ))}
        </nav>
      )}
    </PageHeader>
  );
}
