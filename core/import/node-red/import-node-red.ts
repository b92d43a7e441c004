import { own } from '../own.ts';
import type { Json } from '../../json.ts';
import { assemble, nodeIds } from '../assemble.ts';
import { chooseStart } from '../choose-start.ts';
import type { FlowImportResult } from '../flow-import.ts';
import type { Hint } from '../hint.ts';
import { textAt } from '../json-fields.ts';
import { loopBodies, loopOrder } from '../loop-bodies.ts';
import type { Mapped } from '../mapped.ts';
import { orderGraph, type SourceNode, viewGraph } from '../source-flow.ts';
import { waysOf } from '../ways.ts';
import { type MsgData, mergeMsgs, msgWith, msgWithout } from './msg-data.ts';
import { msgValues } from './msg-values.ts';
import { ERROR_OUTPUT, readNodeRed } from './read-node-red.ts';
import { notImported, type RedMapping, type RedNode } from './red-node.ts';
import { RED_NODES } from './red-nodes.ts';
import { RED_TRIGGERS } from './red-triggers.ts';

/** Makes a flow of what Node-RED exported. `start`: the id of the node to begin with, where there are several. */
export function importNodeRed(value: Json, { start: wanted }: { start?: string } = {}): FlowImportResult {
  const reading = readNodeRed(value);
  if (!reading.ok) return reading;
  const { graph, tabs } = reading.flows;
  const whole = viewGraph(graph);
  const isNote = (key: string) => whole.node(key)?.type === 'comment';
  const { start, starts, part } = chooseStart(
    whole,
    (key) => own(RED_TRIGGERS, whole.node(key)?.type ?? '')?.rank,
    wanted,
    isNote,
  );
  const ids = nodeIds(part.nodes);
  const { order, backward } = orderGraph(part);
  const { parents, gathered } = loopBodies(part, start === undefined ? [] : [start], {
    bodyOutput: (key) => (part.node(key)?.type === 'split' && part.node(key)?.isOff !== true ? 0 : undefined),
    gathers: (key) => part.node(key)?.type === 'join',
  });
  const ways = waysOf(part, order, backward, (key) => isExclusive(part.node(key)));
  const mapped = new Map<string, Mapped<MsgData>>();
  for (const source of loopOrder(order, parents)) mapped.set(source.key, mapNode(source));
  const tab =
    tabs.get(textAt(whole.node(start ?? '')?.settings, ['z'])) ?? [...tabs.values()][0] ?? 'Flow of Node-RED';
  const { document, lines } = assemble({
    name: tab.trim().slice(0, 200) || 'Flow of Node-RED',
    tool: 'Node-RED',
    graph: part,
    ids,
    mapped,
    parents,
    gathered,
    backward,
    scale: { x: 1.9, y: 2.4 },
    description: '',
  });
  const elsewhere = whole.nodes
    .filter(({ key }) => part.node(key) === undefined)
    .map(({ name, type }) => ({ name, type, outcome: 'elsewhere' as const, to: [], hints: [] }));
  const hasWebhook = document.nodes.some(({ type }) => type === 'core.webhook');
  return {
    ok: true,
    tool: 'Node-RED',
    document,
    lines: [...lines, ...elsewhere],
    hints: hasWebhook ? [NEW_URL] : [],
    starts,
    ...(start !== undefined && { start }),
  };

  function mapNode(source: SourceNode): Mapped<MsgData> {
    const hints: Hint[] = [];
    const node = nodeFor(source, (one) => hints.push(one));
    if (source.isOff) return { outcome: 'not_needed', data: () => node.msg, hints: [OFF] };
    const mapping = mappingOf(source.type);
    const isSecond = source.key !== start && own(RED_TRIGGERS, source.type) !== undefined;
    if (isSecond)
      return {
        ...notImported(node, 'A flow has one trigger.', 'Make a flow of its own for this one.'),
        hints,
      };
    if (mapping === undefined) return { ...notImported(node, ...unknownType(source.type)), hints };
    const made = mapping(node);
    if (made.outcome === 'node') hints.push(...ways.hintsFor(source.key));
    const isCaught = part.outgoing(source.key).some(({ output }) => output === ERROR_OUTPUT);
    if (made.node === undefined || !isCaught) return { ...made, hints };
    // Edges leave from the node behind, if there is one, which does not fail: its failure cannot be followed.
    if (made.behind !== undefined) {
      node.hint({
        kind: 'do',
        place: 'On error',
        why: 'Its failure led to a Catch node.',
        remedy: 'Set “On error” to branch, and connect the port “error”.',
      });
      return {
        ...made,
        port: (output) => (output === ERROR_OUTPUT ? undefined : (made.port ?? outPort)(output)),
        hints,
      };
    }
    return {
      ...made,
      node: { ...made.node, onError: 'branch' },
      port: (output) => (output === ERROR_OUTPUT ? 'error' : (made.port ?? outPort)(output)),
      data: (output) =>
        output === ERROR_OUTPUT ? msgWith(node.msg, { error: `steps.${node.id}.error` }) : made.data(output),
      hints,
    };
  }

  function nodeFor(source: SourceNode, hint: (one: Hint) => void): RedNode {
    const msg = messageTo(source.key);
    return {
      source,
      settings: source.settings,
      id: ids.get(source.key) ?? 'node',
      values: msgValues(() => msg, hint),
      msg,
      gathers: gathered.has(source.key),
      hint,
    };
  }

  function messageTo(key: string): MsgData {
    const edges = part.incoming(key).filter((edge) => !backward.has(edge));
    const loop = gathered.get(key);
    const found = edges.flatMap((edge) => {
      const data = mapped.get(edge.from)?.data(edge.output);
      return data === undefined ? [] : [data];
    });
    const merged = mergeMsgs(found, ways.areExclusive(edges) || part.node(key)?.type === 'catch');
    if (loop === undefined) return merged;
    const results = resultsOf(loop);
    const outside = mergeMsgs(
      part.incoming(loop).flatMap((edge) => mapped.get(edge.from)?.data(edge.output) ?? []),
      true,
    );
    return results === undefined
      ? msgWithout(outside, 'payload', 'what the loop gives is not known')
      : msgWith(outside, { payload: results });
  }

  /** What the last node of the body gave as `msg.payload` for each item. */
  function resultsOf(loop: string): string | undefined {
    const body = part.nodes.filter(
      ({ key }) => parents.get(key) === loop && mapped.get(key)?.outcome === 'node',
    );
    const lasts = body.filter(
      ({ key }) =>
        !part
          .outgoing(key)
          .some((edge) => parents.get(edge.to) === loop && mapped.get(edge.to)?.outcome === 'node'),
    );
    const [last, ...others] = lasts;
    const id = ids.get(last?.key ?? '');
    if (last === undefined || id === undefined || others.length > 0) return undefined;
    const data = mapped.get(last.key);
    const [own, payload] = [
      `steps.${id}`,
      data?.data(0).fields.get('payload') ??
        (data?.data(0).rest === undefined ? undefined : `${data.data(0).rest}.payload`),
    ];
    if (
      data?.behind !== undefined ||
      payload === undefined ||
      (payload !== own && !payload.startsWith(`${own}.`))
    )
      return undefined;
    return `[steps.${ids.get(loop) ?? ''}.results${payload.slice(own.length)}]`;
  }
}

function mappingOf(type: string): RedMapping | undefined {
  return own(RED_TRIGGERS, type)?.map ?? own(RED_NODES, type);
}

function unknownType(type: string): [why: string, remedy: string] {
  if (type.startsWith('subflow:'))
    return ['It is a subflow.', 'Import the subflow as a flow of its own, and use “Call a flow”.'];
  return [`Nothing here does what “${type}” does.`, 'Look whether an HTTP request or a Code node can do it.'];
}

function isExclusive(source: SourceNode | undefined): boolean {
  return source?.type === 'switch' && source.settings['checkall'] === 'false';
}

function outPort(output: number): string | undefined {
  return output === 0 ? 'out' : undefined;
}

const OFF: Hint = { kind: 'know', place: 'Node', why: 'It was switched off.' };
const NEW_URL: Hint = {
  kind: 'do',
  place: 'Hook URL',
  why: 'The webhook has an address of its own here.',
  remedy: 'Publish the flow and give its senders the new URL.',
};
