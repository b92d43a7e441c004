'use client';

import { Cable, CircleCheck, Link2, Play, Workflow, X } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';

import { useFlows } from '#components/api/flows.ts';
import { labelOf } from '#components/canvas/edit-actions.ts';
import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { useOpenFault } from '#components/canvas/use-open-fault.ts';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { catalog } from '#connectors/definitions.ts';
import type { FlowSummary } from '#core/api/flows.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { openPoints, type OpenPoint } from '#core/templates/template-needs.ts';
import { findTemplate } from '#core/templates/templates.ts';

import { needInWords } from './need-in-words.ts';

/** Over the canvas of a flow that was just made from a template: what is still to be chosen, then the first run. */
export function TemplateGuide({ templateId }: { templateId: string }) {
  const document = useEditor((state) => state.document);
  const mayRun = useRight('run:start');
  const [isClosed, setClosed] = useState(false);
  const store = useEditorStore();
  const drafts = useCalledDrafts(document);
  const template = findTemplate(templateId);
  if (template === undefined || isClosed) return null;
  const points = openPoints(document, catalog);
  const openCount = points.length + drafts.length;
  return (
    <section
      aria-label="From a template"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-border bg-accent-soft/60 px-4 py-2 text-sm"
    >
      {openCount > 0 ? (
        <>
          <p className="font-medium">Still to do:</p>
          <ul className="flex min-w-0 flex-wrap gap-1.5">
            {points.map((point) => (
              <li key={`${point.nodeId} ${point.place}`}>
                <PointButton point={point} />
              </li>
            ))}
            {drafts.map(({ slug, name }) => (
              <li key={slug}>
                <Button
                  size="sm"
                  nativeButton={false}
                  render={<Link href={`/flows/${slug}?template=${templateId}`} />}
                >
                  <Workflow aria-hidden />
                  Publish “{name}”
                </Button>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className="flex min-w-0 flex-1 basis-64 items-start gap-2">
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />
          <span>
            <span className="font-medium">Ready to try.</span> {template.trial.shows}
          </span>
        </p>
      )}
      <div className="ml-auto flex items-center gap-1.5">
        {mayRun && (
          <Button
            size="sm"
            variant={openCount === 0 ? 'primary' : 'secondary'}
            disabled={openCount > 0}
            onClick={() => store.setState({ dialog: 'run' })}
          >
            <Play aria-hidden />
            Try it
          </Button>
        )}
        <IconButton label="Close the guide" size="sm" onClick={() => setClosed(true)}>
          <X />
        </IconButton>
      </div>
    </section>
  );
}

/** Flows that this one starts and that nobody has published yet: their own connection was missing. */
function useCalledDrafts({ nodes, settings }: FlowDocument): readonly FlowSummary[] {
  const { data: flows = [] } = useFlows();
  const called = new Set([...nodes.map(({ config }) => config.flow), settings.onFailure]);
  return flows.filter(({ slug, publishedVersion }) => called.has(slug) && publishedVersion === null);
}

function PointButton({ point }: { point: OpenPoint }) {
  const store = useEditorStore();
  const open = useOpenFault();
  const { nodeId, place, connector } = point;
  return (
    <Button size="sm" onClick={() => open({ nodeId, pointer: place })}>
      {connector === null ? <Link2 aria-hidden /> : <Cable aria-hidden />}
      {connector === null ? 'URL' : needInWords(connector)} of “{labelOf(store, nodeId)}”
    </Button>
  );
}
