import { checkCron } from '../../check-cron.ts';
import { at, objectsAt, textAt } from '../json-fields.ts';
import { msgOf } from './msg-data.ts';
import {
  ask,
  know,
  notImported,
  type RedMade,
  type RedMapping,
  type RedNode,
  turnsInto,
} from './red-node.ts';

/** A click, a time or an interval; the message is the same each time. */
const inject: RedMapping = (node) => {
  const { settings } = node;
  if (at(settings, 'once') === true)
    ask(
      node,
      'Start',
      'Nothing here starts by itself when Patchbay starts.',
      'Start it by hand, or add a schedule.',
    );
  const fields = Object.fromEntries(
    properties(node).flatMap(({ name, value, type }) => {
      const piece =
        type === 'date' ? { text: '$millis()' } : node.values.piece(value, type, `Property ${name}`);
      return piece === undefined || name === '' ? [] : [[name, piece.text]];
    }),
  );
  const data = msgOf(fields);
  const crontab = textAt(settings, ['crontab']);
  const repeat = Number(textAt(settings, ['repeat'])) || 0;
  if (crontab === '' && repeat === 0) return turnsInto(node, 'core.manual', {}, data);
  const cron = crontab === '' ? cronOf(repeat, node) : crontab.trim();
  const isGood = cron !== undefined && checkCron(cron) === undefined;
  if (!isGood)
    ask(
      node,
      'When',
      'This rule cannot be written as a schedule.',
      'Choose when the flow is to run.',
      crontab || `every ${repeat} s`,
    );
  know(node, 'Time zone', 'It goes by UTC; Node-RED went by the clock of its machine.');
  return turnsInto(node, 'core.schedule', { ...(isGood && { cron }), timezone: 'UTC' }, data);
};

function properties({ settings }: RedNode): readonly { name: string; value: string; type: string }[] {
  const props = objectsAt(settings, 'props');
  if (props.length === 0) {
    return [
      {
        name: 'payload',
        value: textAt(settings, ['payload']),
        type: textAt(settings, ['payloadType'], 'date'),
      },
      { name: 'topic', value: textAt(settings, ['topic']), type: 'str' },
    ];
  }
  return props.map((prop) => {
    const name = textAt(prop, ['p']);
    const isOwn = 'v' in prop || 'vt' in prop;
    // The two first properties keep their values where they stood before there were others.
    const value =
      name === 'payload' && !('v' in prop)
        ? textAt(settings, ['payload'])
        : name === 'topic' && !('v' in prop)
          ? textAt(settings, ['topic'])
          : textAt(prop, ['v']);
    const type =
      name === 'payload' && !('vt' in prop)
        ? textAt(settings, ['payloadType'], 'date')
        : isOwn
          ? textAt(prop, ['vt'], 'str')
          : 'str';
    return { name, value, type };
  });
}

function cronOf(seconds: number, node: RedNode): string | undefined {
  const minutes = seconds / 60;
  if (minutes < 1) {
    ask(
      node,
      'When',
      'A schedule here runs once a minute at most.',
      'See whether a minute is enough.',
      `every ${seconds} s`,
    );
    return '* * * * *';
  }
  if (Number.isInteger(minutes) && 60 % minutes === 0)
    return minutes === 1 ? '* * * * *' : minutes === 60 ? '0 * * * *' : `*/${minutes} * * * *`;
  const hours = minutes / 60;
  return Number.isInteger(hours) && 24 % hours === 0
    ? hours === 24
      ? '0 0 * * *'
      : `0 */${hours} * * *`
    : undefined;
}

const httpIn: RedMapping = (node) => {
  const method = textAt(node.settings, ['method'], 'get').toUpperCase();
  if (at(node.settings, 'upload') === true)
    ask(node, 'Body', 'Files are not taken in.', 'Have the sender send JSON or text.');
  const path = textAt(node.settings, ['url']);
  const gone = 'parts of the path (msg.req.params) have no counterpart here; use the query';
  if (/:\w/.test(path))
    ask(node, 'URL', 'The URL has no parts that vary.', 'Have senders put them into the query.', path);
  const data = msgOf(
    {
      payload: method === 'GET' ? 'trigger.query' : 'trigger.body',
      'req.body': 'trigger.body',
      'req.query': 'trigger.query',
      'req.headers': 'trigger.headers',
      'req.method': 'trigger.method',
    },
    { 'req.params': gone },
  );
  return turnsInto(node, 'core.webhook', { method, verify: { scheme: 'none' }, respond: 'finished' }, data);
};

const outside =
  (why: string, remedy: string): RedMapping =>
  (node): RedMade =>
    notImported(node, why, remedy);

export const RED_TRIGGERS: Readonly<Record<string, { readonly rank: number; readonly map: RedMapping }>> = {
  'http in': { rank: 0, map: httpIn },
  inject: { rank: 1, map: inject },
  'mqtt in': {
    rank: 2,
    map: outside(
      'There is no connection to MQTT brokers.',
      'Have the broker call a webhook: most can forward messages by HTTP.',
    ),
  },
  'e-mail in': {
    rank: 2,
    map: outside(
      'Mailboxes are read by the trigger of their app.',
      'Add the trigger “Gmail: Email received”.',
    ),
  },
  'websocket in': { rank: 2, map: outside('There are no WebSockets.', 'Add a webhook.') },
  'tcp in': { rank: 2, map: outside('There are no plain TCP sockets.', 'Add a webhook.') },
  'udp in': { rank: 2, map: outside('There are no plain UDP sockets.', 'Add a webhook.') },
  watch: { rank: 2, map: outside('Flows reach no files.', 'Add a poll or a webhook.') },
};
