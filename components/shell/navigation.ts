import {
  Bell,
  Cable,
  History,
  House,
  MailWarning,
  Settings,
  Stamp,
  type LucideIcon,
  Workflow,
  ChartColumn,
} from 'lucide-react';

export interface NavigationItem {
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
}

/** The main pages, as the sidebar lists them. */
export const NAVIGATION: readonly NavigationItem[] = [
  { href: '/', label: 'Home', icon: House },
  { href: '/flows', label: 'Flows', icon: Workflow },
  { href: '/runs', label: 'Runs', icon: History },
  { href: '/dashboard', label: 'Dashboard', icon: ChartColumn },
  { href: '/dead-letters', label: 'Dead letters', icon: MailWarning },
  { href: '/alerts', label: 'Alerts', icon: Bell },
  { href: '/approvals', label: 'Approvals', icon: Stamp },
  { href: '/connections', label: 'Connections', icon: Cable },
  { href: '/settings', label: 'Settings', icon: Settings },
];

const IN_MENU_WHEN_NARROW: ReadonlySet<string> = new Set(['/alerts', '/dashboard', '/settings']);

/** The same for narrow windows, where six fit; the account's menu leads to the rest there. */
export const NARROW_NAVIGATION = NAVIGATION.filter(({ href }) => !IN_MENU_WHEN_NARROW.has(href));

/** True when a page belongs to an item: the item's own page or one below it. */
export function isWithin(pathname: string, href: string): boolean {
  return pathname === href || pathname.startsWith(`${href}/`);
}
