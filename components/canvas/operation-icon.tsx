import {
  Box,
  Braces,
  CalendarClock,
  CirclePause,
  CircleStop,
  Code,
  Funnel,
  Globe,
  KeyRound,
  KeySquare,
  OctagonX,
  Play,
  RefreshCw,
  Repeat,
  Reply,
  Route,
  Send,
  ShieldCheck,
  Split,
  UserRound,
  Webhook,
  Workflow,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

/** The icons that the registry names. A static table: the icon is there with the node, without a request of its own. */
const ICONS: Readonly<Record<string, LucideIcon>> = {
  box: Box,
  braces: Braces,
  'calendar-clock': CalendarClock,
  'circle-pause': CirclePause,
  'circle-stop': CircleStop,
  code: Code,
  funnel: Funnel,
  globe: Globe,
  'key-round': KeyRound,
  'key-square': KeySquare,
  'octagon-x': OctagonX,
  play: Play,
  'refresh-cw': RefreshCw,
  repeat: Repeat,
  reply: Reply,
  route: Route,
  send: Send,
  'shield-check': ShieldCheck,
  split: Split,
  'user-round': UserRound,
  webhook: Webhook,
  workflow: Workflow,
};

/** Names of all icons that can be drawn; a test holds the registry to them. */
export const ICON_NAMES: ReadonlySet<string> = new Set(Object.keys(ICONS));

/** An operation's icon by its lucide name. */
export function OperationIcon({ name, className }: { name: string; className?: string }) {
  const Icon = ICONS[name] ?? Box;
  return <Icon aria-hidden className={className} />;
}
