'use client';

import Link from 'next/link';
import { useRef, useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Spinner } from '#components/ui/spinner.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { PublishTestsNote } from '#components/flow-tests/publish-tests-note.tsx';
import { PublishReview } from '#components/versions/publish-review.tsx';
import { subscriptionWords } from '#components/flows/subscription-words.ts';
import type { FlowSummary, PublishReply } from '#core/api/flows.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import type { DraftSaver } from './draft-saver.ts';
import { useEditor } from './editor-context.tsx';
import { FaultList } from './fault-list.tsx';
import { useFlowSummary, usePublishFlow } from './flow-calls.ts';
import { hookCurl } from './hook-curl.ts';
import { DialogProblem, useSavedDraft } from './use-saved-draft.tsx';

export interface PublishDialogProps {
  readonly saver: DraftSaver;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** Makes a version of the draft, or says what stands in the way; afterwards, how to call it. */
export function PublishDialog({ saver, isOpen, onOpenChange }: PublishDialogProps) {
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      {isOpen && <PublishSteps saver={saver} close={() => onOpenChange(false)} />}
    </Dialog>
  );
}

function PublishSteps({ saver, close }: { saver: DraftSaver; close: () => void }) {
  const document = useEditor((state) => state.document);
  const faults = useEditor((state) => state.faults);
  const [note, setNote] = useState('');
  const draft = useSavedDraft(saver);
  const hasFollowed = useRef(false);
  const publish = usePublishFlow(document.slug);
  const hindering = faults.filter((fault) => fault.level !== 'warning');

  if (publish.data) return <Published reply={publish.data} document={document} close={close} />;
  if (hindering.length > 0) {
    return (
      <DialogContent
        title="Not yet"
        description={`${hindering.length === 1 ? 'One thing stands' : `${hindering.length} things stand`} in the way of publishing. Choose one to go there.`}
        finalFocus={() => !hasFollowed.current}
      >
        <div className="min-h-0 overflow-y-auto px-3 py-2">
          <FaultList
            faults={hindering}
            onOpen={() => {
              hasFollowed.current = true;
              close();
            }}
          />
        </div>
      </DialogContent>
    );
  }
  const submit = async () => {
    if (!(await draft.isSaved('publish'))) return;
    publish.mutate(
      { note: note.trim(), etag: saver.stored().etag },
      { onError: (error) => draft.say(messageOf(error)) },
    );
  };
  return (
    <DialogContent
      title="Publish"
      description="New events run this version from now on. Runs under way keep theirs."
      size="lg"
    >
      <form
        className="contents"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <DialogBody>
          <PublishReview />
          <PublishTestsNote slug={document.slug} flush={saver.flush} />
          <Field label="Note" optional help="Why you publish, for the list of versions.">
            <Textarea
              rows={2}
              maxLength={2_000}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </Field>
          <DialogProblem text={draft.problem} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="primary" loading={publish.isPending}>
            Publish
          </Button>
        </DialogFooter>
      </form>
    </DialogContent>
  );
}

function Published({
  reply,
  document,
  close,
}: {
  reply: PublishReply;
  document: FlowDocument;
  close: () => void;
}) {
  const { data: summary } = useFlowSummary(document.slug);
  return (
    <DialogContent
      title={`Version ${reply.version} is published`}
      description="It runs from now on."
      size="lg"
    >
      <DialogBody>
        {reply.hookUrl !== null && <HookAddress hookUrl={reply.hookUrl} document={document} />}
        {summary?.subscription && <Sending summary={summary} subscription={summary.subscription} />}
        {reply.hookUrl === null && !summary?.subscription && (
          <p className="text-sm text-muted-foreground">
            Start it with “Test run”, by the API, or from the command line.
          </p>
        )}
      </DialogBody>
      <DialogFooter>
        <Button nativeButton={false} render={<Link href={`/runs?flow=${document.slug}`} />}>
          See its runs
        </Button>
        <Button variant="primary" onClick={close}>
          Done
        </Button>
      </DialogFooter>
    </DialogContent>
  );
}

/** How far the app of the trigger sends its events; kept current while it is being asked. */
function Sending({
  summary,
  subscription,
}: {
  summary: FlowSummary;
  subscription: NonNullable<FlowSummary['subscription']>;
}) {
  const { long, tone, isPassing } = subscriptionWords(subscription);
  const mayManage = useRight('connection:manage');
  const app = summary.trigger?.split('.')[0] ?? '';
  const colour =
    tone === 'danger' ? 'text-danger' : tone === 'warning' ? 'text-warning' : 'text-muted-foreground';
  return (
    <>
      <p role="status" className={cn('flex items-center gap-2 text-sm', colour)}>
        {isPassing && <Spinner />}
        {long}
      </p>
      {subscription.fault?.code === 'app_not_set_up' && mayManage && (
        <Button
          size="sm"
          className="self-start"
          nativeButton={false}
          render={<Link href={`/connections/events?app=${app}`} />}
        >
          Set up the events of the app
        </Button>
      )}
    </>
  );
}

/** A hook's address with the button that copies it, and a call that its trigger accepts. */
export function HookAddress({ hookUrl, document }: { hookUrl: string; document: FlowDocument }) {
  const trigger = document.nodes.find((node) => node.type === 'core.webhook');
  return (
    <>
      <div className="flex flex-col gap-1.5">
        <h3 className="text-sm font-medium">Send events to</h3>
        <div className="flex min-w-0 items-center gap-2 rounded-md border border-border bg-muted/60 py-1 pr-1 pl-3">
          <code className="min-w-0 flex-1 truncate font-mono text-xs" data-testid="hook-url" title={hookUrl}>
            {hookUrl}
          </code>
          <CopyButton text={hookUrl} label="Copy URL" showLabel />
        </div>
      </div>
      <div className="flex flex-col gap-1.5">
        <h3 className="text-sm font-medium">Try it from a terminal</h3>
        <CodeBlock
          code={hookCurl(hookUrl, trigger?.config ?? {})}
          label="curl command"
          className="max-h-64"
        />
      </div>
    </>
  );
}
