import {
  ArrowDownAZ,
  Box,
  Braces,
  CalendarClock,
  CirclePause,
  CircleStop,
  Code,
  CodeXml,
  CopyMinus,
  FileCode,
  FileSpreadsheet,
  Funnel,
  Globe,
  Hourglass,
  KeyRound,
  KeySquare,
  Layers,
  ListEnd,
  OctagonX,
  Play,
  RefreshCw,
  Repeat,
  Reply,
  Route,
  Send,
  Sheet,
  ShieldCheck,
  Sigma,
  Split,
  Table,
  UserRound,
  Webhook,
  Workflow,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

/** The icons that the registry names. A static table: the icon is there with the node, without a request of its own. */
const ICONS: Readonly<Record<string, LucideIcon>> = {
  'arrow-down-a-z': ArrowDownAZ,
  box: Box,
  braces: Braces,
  'calendar-clock': CalendarClock,
  'circle-pause': CirclePause,
  'circle-stop': CircleStop,
  code: Code,
  'code-xml': CodeXml,
  'copy-minus': CopyMinus,
  'file-code': FileCode,
  'file-spreadsheet': FileSpreadsheet,
  funnel: Funnel,
  globe: Globe,
  hourglass: Hourglass,
  'key-round': KeyRound,
  'key-square': KeySquare,
  layers: Layers,
  'list-end': ListEnd,
  'octagon-x': OctagonX,
  play: Play,
  'refresh-cw': RefreshCw,
  repeat: Repeat,
  reply: Reply,
  route: Route,
  send: Send,
  sheet: Sheet,
  'shield-check': ShieldCheck,
  sigma: Sigma,
  split: Split,
  table: Table,
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
