import { formatDuration } from '#components/ui/format-duration.ts';
import type { FlowNode } from '#core/flow-document.ts';
import { isJsonObject } from '#core/json.ts';
import type { Json, JsonObject } from '#core/json.ts';

/** One line under a node's label: what its settings say, shortest first. Empty while nothing is set. */
export function nodeSummary(node: FlowNode): string {
  const { config } = node;
  switch (node.type) {
    case 'http.request':
      return requestSummary(config);
    case 'core.webhook':
      return webhookSummary(config.method, config.verify);
    case 'core.map':
      return fieldNames(config.output);
    case 'core.manual':
      return isJsonObject(config.schema) ? fieldNames(config.schema.properties) : '';
    case 'core.schedule':
      return [textOf(config.cron), textOf(config.timezone)].filter(Boolean).join(' · ');
    case 'core.poll':
      return pollSummary(config.request, config.everySeconds);
    case 'core.switch':
      return casesInWords(config.cases);
    case 'core.each':
      return [textOf(config.items), atATime(config.concurrency)].filter(Boolean).join(' · ');
    case 'core.approval':
      return textOf(config.question);
    case 'core.filter':
    case 'core.if':
      return textOf(config.condition);
    case 'core.respond':
      return [textOf(config.status), textOf(config.body)].filter(Boolean).join(' ');
    case 'core.stop':
      return [textOf(config.status), textOf(config.message)].filter(Boolean).join(': ');
    default:
      return firstTexts(config);
  }
}

function requestSummary({ method, url }: JsonObject): string {
  return [textOf(method) || 'GET', hostAndPath(textOf(url))].filter(Boolean).join(' ');
}

function pollSummary(request: Json | undefined, everySeconds: Json | undefined): string {
  const pace = typeof everySeconds === 'number' ? `every ${formatDuration(everySeconds * 1_000)}` : '';
  return [pace, isJsonObject(request) ? requestSummary(request) : ''].filter(Boolean).join(' · ');
}

function casesInWords(cases: Json | undefined): string {
  if (!Array.isArray(cases)) return '';
  return (cases as readonly Json[]).map((one) => (isJsonObject(one) ? textOf(one.port) : '')).join(', ');
}

function atATime(concurrency: Json | undefined): string {
  const count = textOf(concurrency);
  return count === '' || count === '1' ? '' : `${count} at a time`;
}

/** The source of an expression or template, or a literal, in one line. */
function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (isJsonObject(value)) {
    if (typeof value.$expr === 'string') return oneLine(value.$expr);
    if (typeof value.$tpl === 'string') return oneLine(value.$tpl);
    return fieldNames(value);
  }
  return typeof value === 'string' ? oneLine(value) : JSON.stringify(value);
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

function hostAndPath(url: string): string {
  const match = /^https?:\/\/([^?#]*)/i.exec(url);
  return match?.[1]?.replace(/\/$/, '') ?? url;
}

const SCHEME_WORDS: Readonly<Record<string, string>> = {
  none: 'no signature check',
  standard_webhooks: 'Standard Webhooks',
  stripe: 'Stripe signature',
  github: 'GitHub signature',
  slack: 'Slack signature',
  shopify: 'Shopify signature',
  hmac: 'HMAC signature',
  basic: 'basic auth',
  token: 'token header',
  jwt: 'JWT',
};

function webhookSummary(method: Json | undefined, verify: Json | undefined): string {
  const scheme = isJsonObject(verify) ? textOf(verify.scheme) : 'none';
  return `${textOf(method) || 'POST'} · ${SCHEME_WORDS[scheme] ?? scheme}`;
}

function fieldNames(value: Json | undefined): string {
  if (!isJsonObject(value)) return textOf(value);
  if ('$expr' in value || '$tpl' in value) return textOf(value);
  return Object.keys(value).join(', ');
}

/** What a trigger does with drift says nothing of what it is about. */
function firstTexts({ onDrift: _, ...config }: FlowNode['config']): string {
  return Object.values(config)
    .map((value) => textOf(value))
    .filter(Boolean)
    .slice(0, 2)
    .join(' · ');
}
