'use client';

import { useMemo } from 'react';

import { schemaFields } from '#components/inspector/form-model.ts';
import { FormOrJson, type InputFault } from '#components/inspector/form-or-json.tsx';
import type { FlowDocument } from '#core/flow-document.ts';

import { inputSchema } from './test-input.ts';

export interface RunInputProps {
  readonly document: FlowDocument;
  /** The input as JSON. */
  readonly text: string;
  /** What the server found wrong with it; pointers begin with `/input`. */
  readonly faults: readonly InputFault[];
  readonly onChange: (text: string) => void;
}

/** The input of a run by hand: a form by the trigger's schema where there is one, or JSON. */
export function RunInput({ document, ...input }: RunInputProps) {
  const schema = inputSchema(document);
  const fields = useMemo(() => (schema ? schemaFields(schema) : null), [schema]);
  const isWebhook = document.nodes.some((node) => node.type === 'core.webhook');
  return <FormOrJson {...input} fields={fields} label={isWebhook ? 'Event' : 'Input'} place="/input" />;
}
