import type { Catalog } from '../catalog.ts';
import type { FlowDocument, FlowNode } from '../flow-document.ts';
import { isJsonObject } from '../json.ts';
import { missingConnection } from './template-needs.ts';
import type { Template } from './template.ts';

export interface TemplateChoices {
  readonly catalog: Catalog;
  /** Slugs of connections, by the kind of connection. A kind without one is left to be chosen in the editor. */
  readonly connections: Readonly<Record<string, string>>;
  /** The slug itself, or one like it that is not taken. */
  readonly freeSlug: (wanted: string) => string;
}

export interface FlowsOfTemplate {
  readonly flow: FlowDocument;
  readonly helpers: readonly FlowDocument[];
}

/**
 * The flows that a template becomes in a workspace: under slugs of their own, with the chosen connections, and with the
 * sample payload pinned to the trigger, where trial runs find it.
 */
export function makeFromTemplate(template: Template, choices: TemplateChoices): FlowsOfTemplate {
  const documents = [template.flow, ...template.helpers];
  const slugs = new Map(documents.map(({ slug }) => [slug, choices.freeSlug(slug)]));
  const [flow, ...helpers] = documents.map((document) => settle(document, { ...choices, slugs }));
  const trigger = template.flow.nodes.find(
    (node) => choices.catalog(node.type, node.version)?.kind === 'trigger',
  );
  if (flow === undefined || trigger === undefined) throw new Error('A template has a flow with a trigger.');
  const { input } = template.trial;
  // A schedule begins with the time at hand.
  const pins = isJsonObject(input) && Object.keys(input).length === 0 ? {} : { [trigger.id]: input };
  return { flow: { ...flow, pins }, helpers };
}

type Settled = TemplateChoices & { readonly slugs: ReadonlyMap<string, string> };

function settle(document: FlowDocument, settled: Settled): FlowDocument {
  const { slugs } = settled;
  const { onFailure, ...settings } = document.settings;
  return {
    ...document,
    slug: slugs.get(document.slug) ?? document.slug,
    settings:
      onFailure === undefined ? settings : { ...settings, onFailure: slugs.get(onFailure) ?? onFailure },
    nodes: document.nodes.map((node) => settleNode(node, settled)),
  };
}

function settleNode(node: FlowNode, { slugs, connections, catalog }: Settled): FlowNode {
  const connection = connections[missingConnection(node, catalog) ?? ''];
  const called = node.type === 'core.call' && typeof node.config.flow === 'string' ? node.config.flow : null;
  return {
    ...node,
    ...(connection === undefined ? {} : { connection }),
    ...(called === null ? {} : { config: { ...node.config, flow: slugs.get(called) ?? called } }),
  };
}
