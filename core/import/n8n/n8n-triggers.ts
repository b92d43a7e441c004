import type { Json } from '../../json.ts';
import { checkCron } from '../../check-cron.ts';
import { at, objectsAt, textAt } from '../json-fields.ts';
import { one, type ItemData } from './item-data.ts';
import {
  askConnection,
  askValue,
  becomes,
  leftOut,
  type N8nMapping,
  type N8nNode,
  tell,
} from './n8n-node.ts';

const METHODS = new Set(['POST', 'GET', 'PUT', 'PATCH', 'DELETE']);

const webhook: N8nMapping = (node) => {
  const { parameters } = node;
  const isMany = at(parameters, 'multipleMethods') === true;
  const written = isMany ? 'ANY' : textAt(parameters, ['httpMethod'], 'GET').toUpperCase();
  const method = METHODS.has(written) || written === 'ANY' ? written : 'ANY';
  if (method !== written)
    tell(node, 'Method', `A webhook here cannot be limited to ${written}; it takes every method.`);
  if (isMany) tell(node, 'Method', 'It takes every method; n8n took those that were chosen.');
  const mode = textAt(parameters, ['responseMode'], 'onReceived');
  const binary =
    at(parameters, 'options', 'rawBody') === true || at(parameters, 'options', 'binaryData') === true;
  if (binary) askValue(node, 'Body', 'Files are not taken in.', 'Have the sender send JSON or text.');
  if (mode === 'onReceived' && at(parameters, 'options', 'responseData') !== undefined) {
    tell(node, 'Answer', 'The caller gets 202 with the id of the run, not a text of your own.');
  }
  const data: ItemData = { ...trigger('trigger'), lacks: ['params', 'webhookUrl', 'executionMode'] };
  return becomes(
    node,
    'core.webhook',
    { method, verify: verifyOf(node), respond: mode === 'onReceived' ? 'accepted' : 'finished' },
    data,
  );
};

function trigger(text: string): Extract<ItemData, { kind: 'one' | 'many' }> {
  return { kind: 'one', text };
}

function verifyOf(node: N8nNode): { scheme: string; header?: string } {
  const kind = textAt(node.parameters, ['authentication'], 'none');
  if (kind === 'none') return { scheme: 'none' };
  askConnection(
    node,
    kind === 'basicAuth' ? 'user name and password' : 'the secret of the sender (kind “Signing secret”)',
  );
  if (kind === 'basicAuth') return { scheme: 'basic' };
  if (kind === 'jwtAuth') return { scheme: 'jwt' };
  askValue(
    node,
    'Signature: header',
    'The name of the header is part of the credentials, which are not exported.',
    'Write the name of the header that carries the secret.',
  );
  return { scheme: 'token', header: 'authorization' };
}

const schedule: N8nMapping = (node) => {
  const intervals = objectsAt(node.parameters, 'rule', 'interval');
  const [first = {}, ...others] = intervals;
  if (others.length > 0)
    askValue(
      node,
      'When',
      `A schedule here has one rule, and there are ${intervals.length}.`,
      'Make a flow with a schedule for each other rule, which calls this one.',
      [...others],
    );
  return scheduled(node, cronOfRule(first, node));
};

function scheduled(node: N8nNode, cron: string | undefined): ReturnType<N8nMapping> {
  if (node.timezone === undefined)
    tell(node, 'Time zone', 'It goes by UTC: the workflow names no time zone of its own.');
  const good = cron !== undefined && checkCron(cron) === undefined;
  if (!good)
    askValue(
      node,
      'When',
      'This rule cannot be written as a schedule.',
      'Choose when the flow is to run.',
      cron,
    );
  const config = { ...(good && { cron }), timezone: node.timezone ?? 'UTC' };
  return becomes(node, 'core.schedule', config, {
    ...trigger('trigger'),
    fields: { timestamp: 'trigger.plannedAt' },
  });
}

function cronOfRule(rule: Json, node: N8nNode): string | undefined {
  const number = (name: string, other: number) => Number(textAt(rule, [name], String(other)));
  const [minute, hour] = [number('triggerAtMinute', 0), number('triggerAtHour', 0)];
  const every = (count: number) => (count === 1 ? '*' : `*/${count}`);
  switch (textAt(rule, ['field'], 'days')) {
    case 'seconds':
      askValue(
        node,
        'When',
        'A schedule here runs once a minute at most.',
        'See whether a minute is enough.',
        rule,
      );
      return '* * * * *';
    case 'minutes':
      evenly(node, number('minutesInterval', 5), 60);
      return `${every(number('minutesInterval', 5))} * * * *`;
    case 'hours':
      evenly(node, number('hoursInterval', 1), 24);
      return `${minute} ${every(number('hoursInterval', 1))} * * *`;
    case 'days':
      if (number('daysInterval', 1) !== 1) return undefined;
      return `${minute} ${hour} * * *`;
    case 'weeks': {
      if (number('weeksInterval', 1) !== 1) return undefined;
      const days = at(rule, 'triggerAtDay');
      return `${minute} ${hour} * * ${Array.isArray(days) && days.length > 0 ? days.join(',') : '0'}`;
    }
    case 'months':
      if (number('monthsInterval', 1) > 12) return undefined;
      return `${minute} ${hour} ${number('triggerAtDayOfMonth', 1)} ${every(number('monthsInterval', 1))} *`;
    case 'cronExpression':
      return fiveFields(textAt(rule, ['expression']), node);
    default:
      return undefined;
  }
}

/** A step that does not divide the hour or the day begins anew with each. */
function evenly(node: N8nNode, count: number, whole: number): void {
  if (whole % count !== 0)
    tell(
      node,
      'When',
      `The count begins anew every ${whole === 60 ? 'hour' : 'day'}, since ${count} does not divide it.`,
    );
}

/** n8n takes a field for seconds, too. */
function fiveFields(cron: string, node: N8nNode): string {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 6) return cron.trim();
  if (fields[0] !== '0')
    askValue(node, 'When', 'A schedule here has no seconds.', 'See whether once a minute is enough.', cron);
  return fields.slice(1).join(' ');
}

const cron: N8nMapping = (node) => {
  const times = objectsAt(node.parameters, 'triggerTimes', 'item');
  const [first = {}, ...others] = times;
  if (others.length > 0)
    askValue(
      node,
      'When',
      'A schedule here has one rule.',
      'Make a flow with a schedule for each other rule, which calls this one.',
      [...others],
    );
  return scheduled(node, cronOfTime(first, node));
};

function cronOfTime(time: Json, node: N8nNode): string | undefined {
  const [minute, hour] = [textAt(time, ['minute'], '0'), textAt(time, ['hour'], '14')];
  const value = Number(textAt(time, ['value'], '2'));
  switch (textAt(time, ['mode'], 'everyDay')) {
    case 'everyMinute':
      return '* * * * *';
    case 'everyHour':
      return `${minute} * * * *`;
    case 'everyDay':
      return `${minute} ${hour} * * *`;
    case 'everyWeek':
      return `${minute} ${hour} * * ${textAt(time, ['weekday'], '1')}`;
    case 'everyMonth':
      return `${minute} ${hour} ${textAt(time, ['dayOfMonth'], '1')} * *`;
    case 'everyX':
      return textAt(time, ['unit'], 'hours') === 'minutes' ? `*/${value} * * * *` : `0 */${value} * * *`;
    case 'custom':
      return fiveFields(textAt(time, ['cronExpression']), node);
    default:
      return undefined;
  }
}

const manual: N8nMapping = (node) => becomes(node, 'core.manual', {}, one('trigger.body'));

const calledByAnother: N8nMapping = (node) => becomes(node, 'core.manual', {}, one('trigger.body'));

/** What a run that failed is told as, in n8n and here. */
const ERROR_FIELDS = {
  'execution.id': 'trigger.body.run.id',
  'execution.url': 'trigger.body.run.url',
  'execution.error': 'trigger.body.error',
  'workflow.name': 'trigger.body.run.flow',
  'workflow.id': 'trigger.body.run.flow',
};

const onError: N8nMapping = (node) => {
  askValue(
    node,
    'Start',
    'Here a flow names the flow that its failed runs start.',
    'In the settings of each flow that this one watches, choose it as “When a run fails”.',
  );
  return becomes(
    node,
    'core.manual',
    {},
    {
      ...trigger('trigger.body'),
      fields: ERROR_FIELDS,
    },
  );
};

/** Triggers of apps: our own keep their place in the feed and sign in by themselves, so they are chosen anew. */
const appTrigger =
  (ours: string): N8nMapping =>
  (node) =>
    leftOut(
      node,
      'How it is set up is tied to the account in n8n.',
      `Add the trigger “${ours}” and connect it.`,
    );

export const N8N_TRIGGERS: Readonly<Record<string, { readonly rank: number; readonly map: N8nMapping }>> = {
  webhook: { rank: 0, map: webhook },
  scheduleTrigger: { rank: 1, map: schedule },
  cron: { rank: 1, map: cron },
  executeWorkflowTrigger: { rank: 2, map: calledByAnother },
  manualTrigger: { rank: 4, map: manual },
  start: { rank: 4, map: manual },
  errorTrigger: { rank: 3, map: onError },
  slackTrigger: { rank: 1, map: appTrigger('Slack: Message posted') },
  gmailTrigger: { rank: 1, map: appTrigger('Gmail: Email received') },
  googleSheetsTrigger: { rank: 1, map: appTrigger('Google Sheets: Row added') },
  githubTrigger: { rank: 1, map: appTrigger('GitHub: Repository event') },
  notionTrigger: { rank: 1, map: appTrigger('Notion: Page created') },
  hubspotTrigger: { rank: 1, map: appTrigger('HubSpot: Contact created') },
  stripeTrigger: { rank: 1, map: appTrigger('Stripe: Stripe event') },
  emailReadImap: { rank: 1, map: appTrigger('Gmail: Email received') },
  formTrigger: {
    rank: 1,
    map: (node) => leftOut(node, 'There are no forms here.', 'Add a webhook, and have your form call it.'),
  },
  interval: {
    rank: 1,
    map: (node) => leftOut(node, 'Intervals of seconds are not kept.', 'Add a schedule.'),
  },
};
