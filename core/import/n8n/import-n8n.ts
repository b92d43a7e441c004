import { own } from '../own.ts';
import type { JsonObject } from '../../json.ts';
import { assemble, nodeIds } from '../assemble.ts';
import { chooseStart } from '../choose-start.ts';
import type { FlowImportResult } from '../flow-import.ts';
import type { Hint } from '../hint.ts';
import { at, textAt } from '../json-fields.ts';
import { loopBodies, loopOrder } from '../loop-bodies.ts';
import type { Mapped, NewNode } from '../mapped.ts';
import { orderGraph, reachable, type SourceEdge, type SourceNode, viewGraph } from '../source-flow.ts';
import { type ItemData, mergeWays, one, unknown } from './item-data.ts';
import { waysOf } from '../ways.ts';
import { N8N_APPS } from './n8n-apps.ts';
import { code } from './n8n-code.ts';
import {
  aggregate,
  batches,
  call,
  limit,
  merge,
  respond,
  splitOut,
  stickyNote,
  stop,
  through,
  wait,
} from './n8n-flow.ts';
import { httpRequest } from './n8n-http.ts';
import { leftOut, type N8nMapping, type N8nNode } from './n8n-node.ts';
import { n8nResolver } from './n8n-resolver.ts';
import { set } from './n8n-set.ts';
import { N8N_TRIGGERS } from './n8n-triggers.ts';
import { n8nValues } from './n8n-values.ts';
import { branch, choose, filter } from './n8n-ways.ts';
import { readN8n } from './read-n8n.ts';

const MAPPINGS: Readonly<Record<string, N8nMapping>> = {
  ...Object.fromEntries(Object.entries(N8N_TRIGGERS).map(([type, { map }]) => [type, map])),
  ...N8N_APPS,
  httpRequest,
  set,
  if: branch,
  filter,
  switch: choose,
  code,
  function: code,
  functionItem: code,
  respondToWebhook: respond,
  wait,
  executeWorkflow: call,
  stopAndError: stop,
  merge,
  splitInBatches: batches,
  splitOut,
  aggregate,
  limit,
  noOp: through,
  stickyNote,
};

/** Nodes that we have no counterpart of by itself, and what comes close. */
const CLOSE: Readonly<Record<string, string>> = {
  summarize: 'Use “Aggregate”.',
  sort: 'Use “Sort”.',
  removeDuplicates: 'Use “Remove doubles”.',
  itemLists: 'Use “For each”, “Aggregate”, “Sort” or “Limit”.',
  dateTime: 'Use $formatDate, $addTime or $diffTime in an expression.',
  crypto: 'Use a Code node.',
  xml: 'Use “Parse XML” or “Build XML”.',
  convertToFile: 'Use “Build CSV”.',
  extractFromFile: 'Use “Parse CSV”.',
  spreadsheetFile: 'Use “Parse CSV” or “Build CSV”.',
  mySql: 'Use the nodes of MySQL.',
  microsoftOutlook: 'Use the nodes of Microsoft 365.',
  microsoftTeams: 'Use “Post to Teams channel”.',
  jira: 'Use the nodes of Jira.',
  salesforce: 'Use the nodes of Salesforce.',
};

/** Makes a flow of a workflow that n8n exported. `start`: the key of the trigger to take, where there are several. */
export function importN8n(value: JsonObject, { start: wanted }: { start?: string } = {}): FlowImportResult {
  const reading = readN8n(value);
  if (!reading.ok) return reading;
  const { name, timezone, graph } = reading.workflow;
  const whole = viewGraph(graph);
  const { start, starts, part } = chooseStart(
    whole,
    (key) => rankOf(whole.node(key)),
    wanted,
    (key) => shortType(whole.node(key)) === 'stickyNote',
  );
  const ids = nodeIds(part.nodes);
  const { order, backward } = orderGraph(part);
  const { parents, gathered } = loopBodies(part, start === undefined ? [] : [start], {
    bodyOutput: (key) => bodyOutput(part.node(key)),
    gathers: (key) => shortType(part.node(key)) === 'aggregate',
  });
  const mapped = new Map<string, Mapped<ItemData>>();
  const ways = waysOf(part, order, backward, (key) => isExclusive(part.node(key)));
  for (const source of loopOrder(order, parents)) mapped.set(source.key, mapNode(source));
  const { document, lines } = assemble({
    name,
    tool: 'n8n',
    graph: part,
    ids,
    mapped,
    parents,
    gathered,
    backward,
    scale: { x: 1.5, y: 1.25 },
    description: '',
  });
  const elsewhere = whole.nodes
    .filter(({ key }) => part.node(key) === undefined)
    .map(({ name: other, type }) => ({
      name: other,
      type,
      outcome: 'elsewhere' as const,
      to: [],
      hints: [],
    }));
  const hasWebhook = document.nodes.some(({ type }) => type === 'core.webhook');
  return {
    ok: true,
    tool: 'n8n',
    document,
    lines: [...lines, ...elsewhere],
    hints: [...(hasWebhook ? [NEW_URL] : []), ITEMS],
    starts,
    ...(start !== undefined && { start }),
  };

  function mapNode(source: SourceNode): Mapped<ItemData> {
    const hints: Hint[] = [];
    const node = nodeFor(source, (one) => hints.push(one));
    if (source.isOff) return { ...through(node), hints: [OFF] };
    const type = shortType(source);
    const mapping = own(MAPPINGS, type);
    const isSecondTrigger = source.key !== start && own(N8N_TRIGGERS, type) !== undefined;
    if (isSecondTrigger)
      return { ...leftOut(node, 'A flow has one trigger.', 'Make a flow of its own for this one.'), hints };
    if (mapping === undefined)
      return {
        ...leftOut(
          node,
          `Nothing here does what “${type}” does.`,
          own(CLOSE, type) ?? 'Look whether an HTTP request or a Code node can do it.',
        ),
        hints,
      };
    const made = mapping(node);
    if (type !== 'merge' && made.outcome === 'node') hints.push(...ways.hintsFor(source.key));
    if (made.node === undefined) return { ...made, hints };
    const withErrors = errorWays(source, made, node);
    return { ...withErrors, hints };
  }

  function nodeFor(source: SourceNode, hint: (one: Hint) => void): N8nNode {
    const parameters = at(source.settings, 'parameters');
    const loop = parents.get(source.key);
    const input = (index = 0) => inputOf(source.key, index);
    const scope = { workflowName: name, input, dataOf: (other: string) => dataOf(other, source.key), loop };
    const resolve = n8nResolver(scope);
    return {
      source,
      parameters:
        typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)
          ? (parameters as JsonObject)
          : {},
      version: Number(textAt(source.settings, ['typeVersion'], '1')) || 1,
      id: ids.get(source.key) ?? 'node',
      workflowName: name,
      timezone,
      values: n8nValues(resolve, hint),
      itemValues: n8nValues(n8nResolver({ ...scope, itemName: '$item' }), hint),
      resolve,
      input,
      inputs: () => {
        const indexes = [...new Set(part.incoming(source.key).map((edge) => edge.input))].sort(
          (a, b) => a - b,
        );
        return indexes.map((index) => input(index));
      },
      dataOf: scope.dataOf,
      hint,
      loopResults: resultsOf(source.key),
    };
  }

  function inputOf(key: string, index: number): ItemData {
    const edges = part.incoming(key).filter((edge) => edge.input === index && !backward.has(edge));
    const found = edges.map((edge) => readable(outputData(edge, key), key));
    return mergeWays(found, ways.areExclusive(edges));
  }

  /** What a loop gathers is given at its end, where its last node has been mapped. */
  function outputData(edge: SourceEdge, key: string): ItemData {
    if (gathered.has(key))
      return resultsOf(gathered.get(key) ?? '') ?? unknown('what the loop gives is not known');
    return mapped.get(edge.from)?.data(edge.output) ?? unknown('it is not known what comes in');
  }

  function dataOf(other: string, key: string): ItemData {
    const source = part.node(other);
    if (source === undefined) return unknown(`there is no node “${other}” in this flow`);
    const before = reachable([other], (from) =>
      part
        .outgoing(from)
        .filter((edge) => !backward.has(edge))
        .map(({ to }) => to),
    );
    const made = mapped.get(other);
    if (made === undefined || !before.has(key)) return unknown(`“${other}” does not come before this node`);
    return readable(made.data(bodyOutput(source) ?? 0), key, parents.get(other));
  }

  /** The data as a node in another loop may read it. */
  function readable(data: ItemData, key: string, madeIn?: string): ItemData {
    if (data.kind === 'unknown') return data;
    const around = loopsAround(key);
    if (madeIn !== undefined && !around.includes(madeIn)) return unknown('it is inside a loop');
    if (data.scope !== undefined && !around.includes(data.scope)) return unknown('it is inside a loop');
    if (data.readsItem === true && around[0] !== data.scope)
      return unknown('it is an item of the loop outside this one');
    return data;
  }

  function loopsAround(key: string): readonly string[] {
    const found: string[] = [];
    for (let loop = parents.get(key); loop !== undefined && !found.includes(loop); loop = parents.get(loop))
      found.push(loop);
    return found;
  }

  /** What the last node of the body gave for each item. */
  function resultsOf(loop: string): ItemData | undefined {
    const body = part.nodes.filter(
      ({ key }) => parents.get(key) === loop && mapped.get(key)?.outcome === 'node',
    );
    const lasts = body.filter(
      ({ key }) => !part.outgoing(key).some((edge) => parents.get(edge.to) === loop && !backward.has(edge)),
    );
    const [last, ...others] = lasts;
    const [id, loopId] = [ids.get(last?.key ?? ''), ids.get(loop)];
    if (last === undefined || id === undefined || loopId === undefined || others.length > 0) return undefined;
    const data = mapped.get(last.key)?.data(0);
    const own = `steps.${id}`;
    if (
      data?.kind !== 'one' ||
      data.fields !== undefined ||
      (data.text !== own && !data.text.startsWith(`${own}.`))
    )
      return undefined;
    return { kind: 'many', text: `[steps.${loopId}.results${data.text.slice(own.length)}]` };
  }
}

function shortType(source: SourceNode | undefined): string {
  const type = source?.type ?? '';
  return type.startsWith('n8n-nodes-base.') ? type.slice('n8n-nodes-base.'.length) : type;
}

function rankOf(source: SourceNode | undefined): number | undefined {
  return own(N8N_TRIGGERS, shortType(source))?.rank;
}

/** The output that leads into the body: it has moved between the versions of the node. */
function bodyOutput(source: SourceNode | undefined): number | undefined {
  const type = shortType(source);
  if (source?.isOff === true) return undefined;
  if (type === 'splitOut') return 0;
  if (type !== 'splitInBatches') return undefined;
  return Number(textAt(source?.settings, ['typeVersion'], '1')) >= 3 ? 1 : 0;
}

function isExclusive(source: SourceNode | undefined): boolean {
  const type = shortType(source);
  return (
    type === 'if' ||
    (type === 'switch' && at(source?.settings, 'parameters', 'options', 'allMatchingOutputs') !== true)
  );
}

const OUTPUTS: Readonly<Record<string, number>> = { if: 2, filter: 1 };

/** What n8n does when a node fails, and how often it tries. */
function errorWays(
  source: SourceNode,
  made: Omit<Mapped<ItemData>, 'hints'>,
  node: N8nNode,
): Omit<Mapped<ItemData>, 'hints'> {
  const { settings } = source;
  const onError = textAt(
    settings,
    ['onError'],
    at(settings, 'continueOnFail') === true ? 'continueRegularOutput' : '',
  );
  const errorOutput = own(OUTPUTS, shortType(source)) ?? 1;
  const tries =
    at(settings, 'retryOnFail') === true ? Number(textAt(settings, ['maxTries'], '3')) || 3 : undefined;
  const seconds = (Number(textAt(settings, ['waitBetweenTries'], '1000')) || 0) / 1_000;
  const more: Partial<NewNode> = {
    ...(tries !== undefined && {
      retry: {
        attempts: Math.min(Math.max(Math.floor(tries), 1), 20),
        baseSeconds: Math.min(Math.max(seconds, 0), 3_600),
      },
    }),
    ...(onError === 'continueErrorOutput' && { onError: 'branch' as const }),
    ...(onError === 'continueRegularOutput' && { onError: 'continue' as const }),
  };
  if (onError === 'continueRegularOutput')
    node.hint({ kind: 'know', place: 'On error', why: 'It goes on with { "error": … }.' });
  if (made.node === undefined) return made;
  const withNode = { ...made, node: { ...made.node, ...more } };
  if (onError !== 'continueErrorOutput') return withNode;
  return {
    ...withNode,
    port: (output) =>
      output === errorOutput ? 'error' : (made.port?.(output) ?? (made.port ? undefined : 'out')),
    data: (output) => (output === errorOutput ? one(`steps.${node.id}`) : made.data(output)),
  };
}

const OFF: Hint = {
  kind: 'know',
  place: 'Node',
  why: 'It was switched off. What comes before it leads on to what comes after it, as in n8n.',
};
const NEW_URL: Hint = {
  kind: 'do',
  place: 'Hook URL',
  why: 'The webhook has an address of its own here.',
  remedy: 'Publish the flow and give its senders the new URL.',
};
const ITEMS: Hint = {
  kind: 'know',
  place: 'Items',
  why: 'n8n runs a node once for each item; here a step runs once. Where a step gives a list, put what follows into a “For each”.',
};
