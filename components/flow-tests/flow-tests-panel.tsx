'use client';

import { FlaskConical, Play } from 'lucide-react';
import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import type { DraftSaver } from '#components/canvas/draft-saver.ts';
import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { DialogProblem, useSavedDraft } from '#components/canvas/use-saved-draft.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Switch } from '#components/ui/switch.tsx';
import type { FlowTest, FlowTestRun } from '#core/api/flow-tests.ts';

import { FlowTestDialog } from './flow-test-dialog.tsx';
import { FlowTestRow } from './flow-test-row.tsx';
import { testsInWords } from './tests-in-words.ts';
import { useFlowTests, useLastTestRun, useRunFlowTests } from './use-flow-tests.ts';

/** The tests of the flow: runs them on the draft, says what differs, and paints on the canvas which ways they took. */
export function FlowTestsPanel({ saver }: { saver: DraftSaver }) {
  const slug = useEditor((state) => state.document.slug);
  const tests = useFlowTests(slug);
  const { data: last } = useLastTestRun(slug);
  const [edited, setEdited] = useState<FlowTest | null>(null);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <h2 className="border-b border-border px-4 py-3 pr-12 text-sm font-semibold">Tests</h2>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        {tests.error && <p className="p-4 text-sm text-danger">{messageOf(tests.error)}</p>}
        {tests.isPending && <Skeleton className="m-4 h-16" />}
        {tests.data?.length === 0 && <NoTests />}
        {tests.data && tests.data.length > 0 && (
          <>
            <RunAll slug={slug} saver={saver} last={last} />
            <ul aria-label="Tests of this flow">
              {tests.data.map((test) => (
                <FlowTestRow
                  key={test.id}
                  slug={slug}
                  test={test}
                  result={last?.results.find(({ id }) => id === test.id)}
                  onEdit={() => setEdited(test)}
                />
              ))}
            </ul>
          </>
        )}
      </div>
      {edited && <FlowTestDialog slug={slug} test={edited} onClose={() => setEdited(null)} />}
    </div>
  );
}

function NoTests() {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-10 text-center">
      <FlaskConical aria-hidden className="size-6 text-subtle-foreground" />
      <p className="text-sm font-medium">No tests yet</p>
      <p className="text-sm text-muted-foreground">
        Open a run that did what it should, and choose “Save as test”. From then on its event and what was
        answered to its calls are held against each change of the flow, and nothing is called.
      </p>
    </div>
  );
}

function RunAll({ slug, saver, last }: { slug: string; saver: DraftSaver; last: FlowTestRun | null }) {
  const store = useEditorStore();
  const draft = useSavedDraft(saver);
  const run = useRunFlowTests(slug);
  const isPainted = useEditor((state) => state.coverage !== null);
  const mayRun = useRight('run:start');
  const paint = ({ coverage }: FlowTestRun) => store.setState({ coverage });
  const runAll = async () => {
    if (!(await draft.isSaved('run the tests'))) return;
    run.mutate(undefined, {
      onSuccess: (done) => {
        paint(done);
        store.announce(testsInWords(done));
      },
      onError: (error) => draft.say(messageOf(error)),
    });
  };
  return (
    <div className="flex flex-col gap-3 border-b border-border p-4">
      <div className="flex items-center gap-3">
        <Button variant="primary" disabled={!mayRun} loading={run.isPending} onClick={() => void runAll()}>
          <Play /> Run all
        </Button>
        <p role="status" className="min-w-0 text-sm text-muted-foreground">
          {run.isPending ? 'Running …' : last ? testsInWords(last) : 'Nothing is called.'}
        </p>
      </div>
      <DialogProblem text={draft.problem} />
      {last?.coverage && (
        <Field
          inline
          label="Show on the canvas which ways they took"
          help={`${last.coverage.takenEdges} of ${last.coverage.edges.length} edges were taken.`}
        >
          <Switch
            checked={isPainted}
            onCheckedChange={(isOn) => (isOn ? paint(last) : store.setState({ coverage: null }))}
          />
        </Field>
      )}
    </div>
  );
}
