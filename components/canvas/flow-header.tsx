'use client';

import {
  Activity,
  ChartColumn,
  ChevronLeft,
  EllipsisVertical,
  FlaskConical,
  History,
  Link2,
  PanelLeft,
  PanelRight,
  Play,
  PowerOff,
  Settings2,
  Waypoints,
} from 'lucide-react';
import Link from 'next/link';

import { messageOf } from '#components/api/api-problem.ts';
import { PresenceAvatars } from '#components/presence/presence-avatars.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { AlertDialog } from '#components/ui/alert-dialog.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent } from '#components/ui/dialog.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLinkItem,
  MenuSeparator,
  MenuTrigger,
} from '#components/ui/menu.tsx';
import { toast } from '#components/ui/toast.tsx';
import { VersionsDialog } from '#components/versions/versions-dialog.tsx';
import type { FlowSummary } from '#core/api/flows.ts';

import { ConflictDialog } from './conflict-dialog.tsx';
import type { Saving } from './use-draft-saver.ts';
import { useEditor, useEditorStore } from './editor-context.tsx';
import { ALL_OF_IT, type EditorDialog } from './editor-store.ts';
import { EditorViewToggle } from './editor-view-toggle.tsx';
import { FaultButton } from './fault-list.tsx';
import { useFlowSummary, useUnpublishFlow } from './flow-calls.ts';
import { FlowName } from './flow-name.tsx';
import { HookAddress, PublishDialog } from './publish-dialog.tsx';
import { RunDialog } from './run-dialog.tsx';
import { SaveStatus } from './save-status.tsx';
import { SubscriptionBadge } from './subscription-badge.tsx';

export interface FlowHeaderProps {
  readonly saving: Saving;
  readonly onTogglePalette: () => void;
  readonly onToggleInspector: () => void;
}

/** The line above the canvas: what the flow is called, whether it is saved, what is wrong, and what can be done with it. */
export function FlowHeader({ saving, onTogglePalette, onToggleInspector }: FlowHeaderProps) {
  const store = useEditorStore();
  const slug = useEditor((state) => state.document.slug);
  const areTestsOpen = useEditor((state) => state.areTestsOpen);
  const dialog = useEditor((state) => state.dialog);
  const setDialog = (next: EditorDialog | null) => store.setState({ dialog: next });
  const { data: summary } = useFlowSummary(slug);
  const canPublish = useRight('flow:publish');
  const canRun = useRight('run:start');
  const run = () => store.setState({ dialog: 'run', runPart: ALL_OF_IT });
  const bind = (name: EditorDialog, isAllowed = true) => ({
    isOpen: dialog === name && isAllowed,
    onOpenChange: (open: boolean) => setDialog(open ? name : null),
  });
  const { saver, state } = saving;
  return (
    <header
      data-region="header"
      className="flex h-13 shrink-0 items-center gap-1.5 border-b border-border bg-background px-2 md:px-3"
    >
      <IconButton
        label="All flows"
        className="max-md:hidden"
        nativeButton={false}
        render={<Link href="/flows" />}
      >
        <ChevronLeft />
      </IconButton>
      {!store.isReadOnly && (
        <IconButton label="Nodes to add" onClick={onTogglePalette}>
          <PanelLeft />
        </IconButton>
      )}
      <div className="flex min-w-0 flex-1 items-center gap-2">
        <FlowName />
        <VersionBadge summary={summary} />
        <SubscriptionBadge summary={summary} />
        {store.isReadOnly ? (
          <Badge tone="outline">Read only</Badge>
        ) : (
          <SaveStatus state={state} saver={saver} onResolve={() => setDialog('conflict')} />
        )}
      </div>
      <PresenceAvatars />
      <EditorViewToggle />
      <FaultButton />
      {canRun && (
        <Button className="max-sm:hidden" onClick={run}>
          <Play /> <span className="max-lg:sr-only">Test run</span>
        </Button>
      )}
      <Button
        className="max-sm:hidden"
        aria-pressed={areTestsOpen}
        onClick={() => store.setState({ areTestsOpen: !areTestsOpen })}
      >
        <FlaskConical /> <span className="max-lg:sr-only">Tests</span>
      </Button>
      {canPublish && (
        <Button variant="primary" onClick={() => setDialog('publish')}>
          Publish
        </Button>
      )}
      <MoreMenu
        summary={summary}
        slug={slug}
        canRun={canRun}
        canPublish={canPublish}
        open={setDialog}
        run={run}
        openTests={() => store.setState({ areTestsOpen: true })}
        openSettings={() => {
          store.select([]);
          store.setState({ isInspectorOpen: true, fieldToOpen: { nodeId: '', pointer: '/description' } });
        }}
      />
      <IconButton label="Settings panel" onClick={onToggleInspector}>
        <PanelRight />
      </IconButton>

      <PublishDialog saver={saver} {...bind('publish', canPublish)} />
      <RunDialog saver={saver} {...bind('run', canRun)} />
      <VersionsDialog canPublish={canPublish} {...bind('versions')} />
      <UnpublishDialog slug={slug} {...bind('unpublish')} />
      <HookDialog summary={summary} {...bind('hook')} />
      {state.kind === 'conflict' && <ConflictDialog conflict={state} saver={saver} {...bind('conflict')} />}
    </header>
  );
}

function VersionBadge({ summary }: { summary: FlowSummary | undefined }) {
  if (!summary) return null;
  if (summary.publishedVersion === null)
    return (
      <Badge tone="neutral" className="max-lg:hidden">
        Not published
      </Badge>
    );
  const word = summary.draftChanged
    ? `Version ${summary.publishedVersion}, draft differs`
    : `Version ${summary.publishedVersion}`;
  return (
    <Badge tone={summary.draftChanged ? 'warning' : 'success'} className="max-lg:hidden">
      {word}
    </Badge>
  );
}

interface MoreMenuProps {
  readonly summary: FlowSummary | undefined;
  readonly slug: string;
  readonly canRun: boolean;
  readonly canPublish: boolean;
  readonly open: (dialog: EditorDialog) => void;
  readonly run: () => void;
  readonly openTests: () => void;
  readonly openSettings: () => void;
}

function MoreMenu(props: MoreMenuProps) {
  const { summary, slug, canRun, canPublish, open, run, openTests, openSettings } = props;
  const isPublished = summary !== undefined && summary.publishedVersion !== null;
  return (
    <Menu>
      <MenuTrigger render={<IconButton label="More" />}>
        <EllipsisVertical />
      </MenuTrigger>
      <MenuContent align="end">
        {canRun && (
          <MenuItem className="sm:hidden" icon={<Play />} onClick={run}>
            Test run
          </MenuItem>
        )}
        <MenuLinkItem icon={<Activity />} render={<Link href={`/runs?flow=${slug}`} />}>
          Runs of this flow
        </MenuLinkItem>
        <MenuLinkItem icon={<Waypoints />} render={<Link href={`/drift?flow=${slug}`} />}>
          Drift and quarantine
        </MenuLinkItem>
        <MenuLinkItem icon={<ChartColumn />} render={<Link href={`/dashboard?flow=${slug}`} />}>
          Dashboard of this flow
        </MenuLinkItem>
        <MenuItem className="sm:hidden" icon={<FlaskConical />} onClick={openTests}>
          Tests
        </MenuItem>
        <MenuItem icon={<Settings2 />} onClick={openSettings}>
          Flow settings
        </MenuItem>
        <MenuItem icon={<History />} onClick={() => open('versions')}>
          Versions
        </MenuItem>
        {summary?.hookUrl != null && (
          <MenuItem icon={<Link2 />} onClick={() => open('hook')}>
            Hook URL
          </MenuItem>
        )}
        {canPublish && isPublished && (
          <>
            <MenuSeparator />
            <MenuItem icon={<PowerOff />} danger onClick={() => open('unpublish')}>
              Unpublish
            </MenuItem>
          </>
        )}
      </MenuContent>
    </Menu>
  );
}

interface DialogState {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

function UnpublishDialog({ slug, isOpen, onOpenChange }: DialogState & { slug: string }) {
  const unpublish = useUnpublishFlow(slug);
  return (
    <AlertDialog
      open={isOpen}
      onOpenChange={onOpenChange}
      title="Take this flow off the air?"
      description="Its hook answers 410 until it is published again, at the same address. Runs under way go on."
      confirmLabel="Unpublish"
      pending={unpublish.isPending}
      onConfirm={() =>
        unpublish.mutate(undefined, {
          onSuccess: () => {
            onOpenChange(false);
            toast.success('The flow is no longer published.');
          },
          onError: (error) => toast.error(messageOf(error)),
        })
      }
    />
  );
}

function HookDialog({ summary, isOpen, onOpenChange }: DialogState & { summary: FlowSummary | undefined }) {
  const document = useEditor((state) => state.document);
  const hookUrl = summary?.hookUrl ?? null;
  const words =
    summary?.publishedVersion === null
      ? 'It answers 410 until the flow is published again, at this same URL.'
      : 'The same URL for every version.';
  return (
    <Dialog open={isOpen && hookUrl !== null} onOpenChange={onOpenChange}>
      <DialogContent title="Hook" description={words} size="lg">
        <DialogBody>{hookUrl !== null && <HookAddress hookUrl={hookUrl} document={document} />}</DialogBody>
      </DialogContent>
    </Dialog>
  );
}
