'use client';

import { useMemo, useState } from 'react';

import type { ReplayChoice } from '#components/api/recovery.ts';
import { nodeLabel } from '#components/canvas/node-look.ts';
import { inputText } from '#components/inspector/form-or-json.tsx';
import type { Run } from '#core/api/runs.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { isJsonObject, type Json } from '#core/json.ts';

import { parseJson } from './parse-json.ts';
import { replayPoints, triggerOf } from './replay-points.ts';
import { settingFaults, settingFields } from './step-settings.ts';
import { useVersionDocument } from './use-version-document.ts';
import type { VersionChoice } from './version-field.tsx';

/** No node id: they begin with a letter. */
export const FROM_START = '*';

/** What is chosen in the replay dialog, and what that means for the API. */
export function useReplayForm(run: Run, initialFrom: string | undefined) {
  const [version, setVersion] = useState<VersionChoice>('original');
  const [chosenFrom, setFrom] = useState(initialFrom);
  const document = useVersionDocument(run.flow, version, run.document);
  const nodes = useMemo(() => replayPoints(document), [document]);
  // A version that has no such node begins at the trigger.
  const node = nodes.find(({ id }) => id === chosenFrom);
  const edit = useEdit(run, node);
  const { input } = edit;
  const choice = useMemo<ReplayChoice | null>(() => {
    if (input.isBroken) return null;
    return {
      version,
      ...(node !== undefined && { from: node.id }),
      ...(input.value !== undefined && { input: input.value }),
    };
  }, [version, node, input]);
  return {
    version,
    setVersion,
    from: node?.id,
    setFrom,
    node,
    points: pointsOf(document, nodes),
    edit: { ...edit, isBroken: input.isBroken && input.isText },
    choice,
  };
}

export type ReplayForm = ReturnType<typeof useReplayForm>;

/** The input as it is written, for each step that one began to write it for. */
function useEdit(run: Run, node: FlowNode | undefined) {
  const place = node?.id ?? FROM_START;
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const text = texts[place];
  const isOn = text !== undefined;
  const fields = useMemo(() => (node === undefined ? null : settingFields(node)), [node]);
  const input = useMemo(() => readInput(text, node), [text, node]);
  const setText = (next: string | undefined) =>
    setTexts(({ [place]: _old, ...others }) => (next === undefined ? others : { ...others, [place]: next }));
  return {
    isOn,
    setOn: (next: boolean) => setText(next ? inputText(inputOf(run, node)) : undefined),
    text: text ?? '',
    setText: (next: string) => setText(next),
    fields,
    faults: input.faults,
    input,
  };
}

/** `isBroken`: nothing can be done with it yet; `isText`: because it is no JSON. */
function readInput(text: string | undefined, node: FlowNode | undefined) {
  if (text === undefined) return { value: undefined, faults: [], isBroken: false, isText: false };
  const value = parseJson(text);
  const faults = value === undefined || node === undefined ? [] : settingFaults(node, value);
  return { value, faults, isBroken: value === undefined || faults.length > 0, isText: value === undefined };
}

/** What the step got in the original, or the event's body. */
function inputOf(run: Run, node: FlowNode | undefined): Json {
  if (node === undefined) return isJsonObject(run.trigger) ? (run.trigger['body'] ?? null) : run.trigger;
  return run.steps.find(({ nodeId, key }) => nodeId === node.id && key === '')?.input ?? {};
}

function pointsOf(document: FlowDocument, nodes: readonly FlowNode[]) {
  const trigger = triggerOf(document);
  const start = trigger === undefined ? 'The start' : `The start: ${nodeLabel(trigger)}`;
  return [{ id: undefined, label: start }, ...nodes.map((node) => ({ id: node.id, label: nodeLabel(node) }))];
}
