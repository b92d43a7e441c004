'use client';

import { useMemo, useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { JsonView } from '#components/ui/json-view.tsx';
import { catalog } from '#connectors/definitions.ts';
import { templateNeeds } from '#core/templates/template-needs.ts';
import type { Template } from '#core/templates/template.ts';
import { findTemplate } from '#core/templates/templates.ts';

import { ConnectionChoice } from './connection-choice.tsx';
import type { FlowPicture } from './flow-picture.ts';
import type { GalleryCard } from './gallery.ts';
import { TemplatePicture } from './template-card.tsx';
import { useMakeTemplate } from './use-make-template.ts';

/** All there is to say of a template, and the button that makes a flow of it. Null: closed. */
export function TemplateDialog({ card, onClose }: { card: GalleryCard | null; onClose: () => void }) {
  const template = card === null ? undefined : findTemplate(card.id);
  return (
    <Dialog
      open={template !== undefined}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      {card !== null && template !== undefined && (
        <DialogContent size="lg" title={template.flow.name} description={template.summary}>
          <TemplateDetails key={card.id} template={template} picture={card.picture} />
        </DialogContent>
      )}
    </Dialog>
  );
}

function TemplateDetails({ template, picture }: { template: Template; picture: FlowPicture }) {
  const { flow, helpers, trial } = template;
  const { connectors, hasAddress } = useMemo(() => templateNeeds(template, catalog), [template]);
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const { make, isReady } = useMakeTemplate(template);
  const mayEdit = useRight('flow:edit');
  return (
    <>
      <DialogBody className="gap-5">
        <TemplatePicture picture={picture} className="h-44 rounded-lg border" />
        <p className="text-sm text-pretty">{flow.description}</p>
        {helpers.length > 0 && (
          <p className="text-sm text-muted-foreground">
            It comes with{' '}
            {helpers.map(({ slug, name }, index) => (
              <span key={slug}>
                {index > 0 && ', '}
                <strong className="font-medium text-foreground">{name}</strong>
              </span>
            ))}
            , a flow of its own that is published with it.
          </p>
        )}
        {(connectors.length > 0 || hasAddress) && (
          <section aria-label="What it needs" className="flex flex-col gap-3">
            <h3 className="text-sm font-semibold">What it needs</h3>
            {connectors.map((connector) => (
              <ConnectionChoice
                key={connector}
                connector={connector}
                value={chosen[connector] ?? null}
                onChange={(slug) => setChosen((before) => ({ ...before, [connector]: slug }))}
              />
            ))}
            {hasAddress && (
              <p className="text-sm text-muted-foreground">
                The URL of your API. A placeholder stands where it belongs; the editor leads you there.
              </p>
            )}
          </section>
        )}
        <section aria-label="Sample payload" className="flex flex-col gap-2">
          <div className="flex flex-wrap items-center gap-2">
            <h3 className="text-sm font-semibold">Sample payload</h3>
            <Badge
              tone={trial.ends === 'failed' ? 'danger' : trial.ends === 'waiting' ? 'warning' : 'success'}
            >
              {ENDS[trial.ends]}
            </Badge>
          </div>
          <p className="text-sm text-muted-foreground">{trial.shows}</p>
          <JsonView
            label="Sample payload"
            value={trial.input}
            openLevels={4}
            className="max-h-56 overflow-auto rounded-md border border-border bg-background"
          />
        </section>
        <FormProblem message={make.isError ? messageOf(make.error) : null} />
      </DialogBody>
      <DialogFooter>
        {!mayEdit && (
          <p className="mr-auto text-sm text-muted-foreground">Somebody with the role editor can use it.</p>
        )}
        <DialogClose render={<Button />}>Cancel</DialogClose>
        {mayEdit && (
          <Button
            variant="primary"
            disabled={!isReady}
            loading={make.isPending || make.isSuccess}
            onClick={() => make.mutate(chosen)}
          >
            Use this template
          </Button>
        )}
      </DialogFooter>
    </>
  );
}

const ENDS = {
  succeeded: 'Ends well',
  failed: 'Fails on purpose',
  waiting: 'Waits for you',
} as const;
