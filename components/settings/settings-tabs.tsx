'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';

import { PageHeader } from '#components/shell/page-header.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { cn } from '#components/ui/cn.ts';

/** Title of the settings and the way between their pages. */
export function SettingsTabs() {
  const pathname = usePathname();
  const mayManageAlerts = useRight('alert:manage');
  const mayManageKeys = useRight('api_key:manage');
  const mayReadAudit = useRight('audit:read');
  const mayReadSystem = useRight('system:read');
  const mayManageRetention = useRight('retention:manage');
  const pages = [
    { href: '/settings/account', label: 'Account', isShown: true },
    { href: '/settings/alerts', label: 'Alerts', isShown: mayManageAlerts },
    { href: '/settings/api-keys', label: 'API keys', isShown: mayManageKeys },
    { href: '/settings/retention', label: 'Retention', isShown: mayManageRetention },
    { href: '/settings/audit', label: 'Audit log', isShown: mayReadAudit },
    { href: '/settings/system', label: 'System', isShown: mayReadSystem },
  ];
  return (
    <PageHeader title="Settings">
      <nav aria-label="Settings" className="flex gap-5 overflow-x-auto px-4 md:px-6">
        {pages
          .filter((page) => page.isShown)
          .map(({ href, label }) => (
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
    </PageHeader>
  );
}
