import type { ConnectorDef } from '#connectors/contract.ts';
import { approval } from './approval.ts';
import { call } from './call.ts';
import { code } from './code.ts';
import { branch, filter } from './condition.ts';
import { each } from './each.ts';
import { respond, stop } from './ending.ts';
import { manual } from './manual.ts';
import { map } from './map.ts';
import { poll } from './poll.ts';
import { schedule } from './schedule.ts';
import { switchCases } from './switch.ts';
import { validate } from './validate.ts';
import { wait } from './wait.ts';
import { webhook } from './webhook.ts';

/** What flows are made of, whatever they connect. */
export const coreConnector: ConnectorDef = {
  id: 'core',
  label: 'Flow',
  summary: 'Triggers, conditions and the shaping of data.',
  icon: 'workflow',
  category: 'flow',
  operations: [
    webhook,
    schedule,
    poll,
    manual,
    map,
    filter,
    branch,
    switchCases,
    each,
    validate,
    code,
    call,
    approval,
    wait,
    respond,
    stop,
  ],
};
