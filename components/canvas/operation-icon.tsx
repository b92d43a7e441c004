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
  Database,
  DatabaseBackup,
  DatabaseSearch,
  DatabaseZap,
  FileBadge,
  FileCode,
  FileSpreadsheet,
  Funnel,
  Globe,
  Hourglass,
  Key,
  KeyRound,
  KeySquare,
  Layers,
  ListEnd,
  Mail,
  OctagonX,
  Play,
  Plug,
  RefreshCw,
  Repeat,
  Reply,
  Route,
  Send,
  Sheet,
  ShieldCheck,
  Sigma,
  Signature,
  Split,
  Table,
  UserRound,
  Webhook,
  Workflow,
  Zap,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

import type { MarkShape } from '#connectors/contract.ts';

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
  database: Database,
  'database-backup': DatabaseBackup,
  'database-search': DatabaseSearch,
  'database-zap': DatabaseZap,
  'file-badge': FileBadge,
  'file-code': FileCode,
  'file-spreadsheet': FileSpreadsheet,
  funnel: Funnel,
  globe: Globe,
  hourglass: Hourglass,
  key: Key,
  'key-round': KeyRound,
  'key-square': KeySquare,
  layers: Layers,
  'list-end': ListEnd,
  mail: Mail,
  'octagon-x': OctagonX,
  play: Play,
  plug: Plug,
  'refresh-cw': RefreshCw,
  repeat: Repeat,
  reply: Reply,
  route: Route,
  send: Send,
  sheet: Sheet,
  'shield-check': ShieldCheck,
  sigma: Sigma,
  signature: Signature,
  split: Split,
  table: Table,
  'user-round': UserRound,
  webhook: Webhook,
  zap: Zap,
  workflow: Workflow,
};

/** Names of all icons that can be drawn; a test holds the registry to them. */
export const ICON_NAMES: ReadonlySet<string> = new Set(Object.keys(ICONS));

export interface OperationIconProps {
  /** Its lucide name. */
  readonly name: string;
  /** The mark of the app that it is of, in place of it. */
  readonly mark?: readonly MarkShape[];
  readonly className?: string;
}

/** An operation's icon, or the mark of its app. */
export function OperationIcon({ name, mark, className }: OperationIconProps) {
  const Icon = ICONS[name] ?? Box;
  if (!mark) return <Icon aria-hidden className={className} />;
  return (
    <svg aria-hidden viewBox="0 0 24 24" className={className}>
      {mark.map(({ d, fill = 'currentColor' }) => (
        <path key={d} d={d} fill={fill} />
      ))}
    </svg>
  );
}
