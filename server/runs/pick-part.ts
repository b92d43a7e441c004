import { catalog } from '#connectors/definitions.ts';
import type { StartRunRequest } from '#core/api/flows.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { nodeById } from '#core/graph.ts';
import { callsOut } from '#core/pins/calls-out.ts';
import { cutDocument, loopsAround } from '#core/pins/cut-document.ts';
import type { Pins } from '#core/pins/pin.ts';
import type { Flow } from '#prisma/generated/client.ts';
import { prisma } from '#server/db/prisma.ts';
import { invalidAt } from '#server/flows/faults-problem.ts';
import { requireRunnable } from '#server/flows/require-runnable.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { pickVersion, type PickedVersion } from '#server/runs/pick-version.ts';
import { readPinsOfRun } from '#server/runs/read-pins-of-run.ts';

/** What a start runs: a version, or of a draft a part, and what is pinned in it; null for nothing. */
export interface PickedPart {
  readonly version: PickedVersion;
  readonly pins: Pins | null;
}

/**
 * What a start asks for. Throws as `pickVersion`, and 422 for pins or a part of anything but a draft, for a node that is not
 * there, and, with `only`, for steps before it that have no answer.
 */
export async function pickPart(
  flow: Flow,
  request: StartRunRequest,
  userId: string | null,
): Promise<PickedPart> {
  const { version, pins, upTo, only } = request;
  const isPlain = upTo === undefined && only === undefined && Object.keys(pins).length === 0;
  if (isPlain && request.dataOf === undefined)
    return { version: await pickVersion(flow, version, userId), pins: null };
  refuseMixture(request);
  const draft = storedDocument(flow.draft);
  const document = partOf(draft, request);
  const answers = only === undefined ? pins : await answersBefore(flow, document, { ...request, only });
  const kept = pinsWithin(document, answers);
  await requireRunnable(
    prisma(),
    { workspaceId: flow.workspaceId, userId },
    { document, title: 'The draft cannot run yet', pinned: new Set(Object.keys(kept)) },
  );
  if (only !== undefined) requireAnswers(document, only, kept);
  return { version: { id: null, number: null, document }, pins: Object.keys(kept).length > 0 ? kept : null };
}

function refuseMixture({ version, upTo, only, dataOf }: StartRunRequest): void {
  if (version !== 'draft')
    throw invalidAt(
      '/version',
      'not_draft',
      'Pins, and parts of a flow, are for drafts: say "version": "draft".',
    );
  if (upTo !== undefined && only !== undefined)
    throw invalidAt('/only', 'two_parts', 'Give either upTo or only.');
  if (dataOf !== undefined && only === undefined)
    throw invalidAt(
      '/dataOf',
      'without_only',
      'The data of a run is for only: name the node that runs on it.',
    );
}

function partOf(draft: FlowDocument, { upTo, only }: StartRunRequest): FlowDocument {
  const [nodeId, pointer] = only === undefined ? [upTo, '/upTo'] : [only, '/only'];
  if (nodeId === undefined) return draft;
  if (!nodeById(draft, nodeId))
    throw invalidAt(pointer, 'unknown_node', `The draft has no node “${nodeId}”.`);
  const part = cutDocument(draft, nodeId);
  if (triggerNode(part)) return part;
  throw invalidAt(pointer, 'not_reached', `No way leads from the trigger to “${nodeId}”. Connect it first.`);
}

/** Pins of nodes that the part does not have, or of its trigger, mean nothing. */
function pinsWithin(document: FlowDocument, pins: Pins): Pins {
  const trigger = triggerNode(document)?.id;
  const ids = new Set(document.nodes.map(({ id }) => id).filter((id) => id !== trigger));
  return Object.fromEntries(Object.entries(pins).filter(([id]) => ids.has(id)));
}

/** Given pins first, then what the run recorded. A loop before the node answers as a whole. */
async function answersBefore(
  flow: Flow,
  document: FlowDocument,
  { only, pins, dataOf }: StartRunRequest & { readonly only: string },
): Promise<Pins> {
  if (dataOf === undefined) return pins;
  const recorded = await readPinsOfRun(flow, dataOf);
  const around = loopsAround(document, only);
  const isBefore = (id: string) => id !== only && !around.has(id);
  return { ...Object.fromEntries(Object.entries(recorded).filter(([id]) => isBefore(id))), ...pins };
}

function requireAnswers(document: FlowDocument, only: string, pins: Pins): void {
  const undoing = new Set(document.nodes.flatMap(({ compensate }) => compensate ?? []));
  const lacking = document.nodes.filter((node) => {
    if (node.id === only || Object.hasOwn(pins, node.id) || undoing.has(node.id)) return false;
    if (catalog(node.type, node.version)?.kind === 'trigger' || !callsOut(node)) return false;
    return !isInsidePinnedLoop(document, node.id, pins);
  });
  if (lacking.length === 0) return;
  const names = lacking.map(({ id, label }) => `“${label || id}”`).join(', ');
  throw invalidAt(
    '/only',
    'no_answer',
    `Nothing says what ${names} answers, and only “${only}” is to run. Pin an output, or run up to here once.`,
  );
}

function isInsidePinnedLoop(document: FlowDocument, nodeId: string, pins: Pins): boolean {
  return [...loopsAround(document, nodeId)].some((loop) => Object.hasOwn(pins, loop));
}
