'use client';

import { BookOpen, KeyRound, LayoutTemplate, LogOut, Plus, Scale, ScrollText, Waypoints } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';

import { NAVIGATION } from '#components/shell/navigation.ts';
import { useRight } from '#components/shell/rights.tsx';
import { signOut } from '#components/shell/sign-in-calls.ts';
import { THEMES } from '#components/shell/themes.tsx';
import { toast } from '#components/ui/toast.tsx';

import type { Command, CommandGroup } from './command.ts';

const PLACES = [
  { href: '/templates', label: 'Templates', icon: <LayoutTemplate aria-hidden /> },
  { href: '/ledger', label: 'Ledger', icon: <Scale aria-hidden /> },
  { href: '/drift', label: 'Drift and quarantine', icon: <Waypoints aria-hidden /> },
  { href: '/settings/api-keys', label: 'API keys', icon: <KeyRound aria-hidden /> },
  { href: '/settings/audit', label: 'Audit log', icon: <ScrollText aria-hidden /> },
  { href: '/docs/api', label: 'API reference', icon: <BookOpen aria-hidden /> },
];

/** What can be done from every page. */
export function useAppCommands(): readonly Command[] {
  const router = useRouter();
  const { setTheme } = useTheme();
  const mayEdit = useRight('flow:edit');
  const go = (href: string, label: string, icon: ReactNode, group: CommandGroup = 'Go to'): Command => ({
    id: `go ${href}`,
    label,
    group,
    icon,
    run: () => router.push(href),
  });
  return [
    ...(mayEdit ? [go('/flows?new=flow', 'New flow', <Plus aria-hidden />, 'Actions')] : []),
    ...NAVIGATION.map(({ href, label, icon: Icon }) => go(href, label, <Icon aria-hidden />)),
    ...PLACES.map(({ href, label, icon }) => go(href, label, icon)),
    ...THEMES.map(({ value, command, icon }): Command => ({
      id: `theme ${value}`,
      label: command,
      group: 'Actions',
      icon,
      words: 'colours appearance mode',
      run: () => setTheme(value),
    })),
    {
      id: 'sign out',
      label: 'Sign out',
      group: 'Actions',
      icon: <LogOut aria-hidden />,
      run: () => {
        signOut().catch(() => toast.error('Signing out failed. Check the network and try again.'));
      },
    },
  ];
}
