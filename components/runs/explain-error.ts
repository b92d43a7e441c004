import { isJsonObject } from '#core/json.ts';
import type { StepError } from '#core/step-failure.ts';

export type Remedy = 'reconnect' | 'edit_node' | 'open_connections' | 'go_on' | 'ask_admin' | 'look_at_log';

export interface ErrorExplanation {
  /** What kind of failure it is, in a few words. */
  readonly headline: string;
  /** What it means for this run. */
  readonly meaning: string;
  /** What can be done, the likeliest first. */
  readonly remedies: readonly Remedy[];
}

/** Puts a step's failure into plain words. Its own `message` says what happened; this says what follows from it. */
export function explainError(error: StepError): ErrorExplanation {
  return byCode(error) ?? byHttpStatus(error) ?? BY_KIND[error.kind];
}

const BY_KIND: Readonly<Record<StepError['kind'], ErrorExplanation>> = {
  transient: {
    headline: 'The other side did not work',
    meaning:
      'Such faults often pass by themselves. The step was tried as often as its node allows, each time without success.',
    remedies: ['go_on', 'edit_node'],
  },
  throttled: {
    headline: 'The other side asked to slow down',
    meaning: 'It takes fewer calls than were made. The step was tried as often as its node allows.',
    remedies: ['go_on', 'edit_node'],
  },
  auth: {
    headline: 'The other side refused the credentials',
    meaning: 'Another try with the same credentials would fail too, so none was made.',
    remedies: ['open_connections', 'edit_node'],
  },
  invalid: {
    headline: 'The step could not work with what it got',
    meaning: 'The same settings with the same input would fail again, so no other try was made.',
    remedies: ['edit_node', 'go_on'],
  },
  uncertain: {
    headline: 'Nobody knows whether the call happened',
    meaning:
      'It must not be made twice, and its answer was lost. Look at the other side before you do anything.',
    remedies: ['edit_node'],
  },
  cancelled: {
    headline: 'Stopped before it was done',
    meaning: 'A person or a time limit ended it. What was called before stays as it is.',
    remedies: ['go_on', 'edit_node'],
  },
  bug: {
    headline: 'Patchbay itself failed',
    meaning: 'This is not the fault of your flow. The server’s log has the details.',
    remedies: ['look_at_log', 'go_on'],
  },
};

const EDIT_ONLY: readonly Remedy[] = ['edit_node', 'go_on'];

const BY_CODE: Readonly<Record<string, ErrorExplanation>> = {
  expression_failed: {
    headline: 'An expression failed',
    meaning:
      'It asks for something that this event does not have, or does not compute. The place is named above.',
    remedies: EDIT_ONLY,
  },
  invalid_settings: {
    headline: 'A setting got a value that does not fit',
    meaning: 'What the expressions of the node gave for this event is not what the setting takes.',
    remedies: EDIT_ONLY,
  },
  connection_missing: {
    headline: 'The connection is not there',
    meaning: 'The node names a connection that this workspace does not have any more.',
    remedies: ['open_connections', 'edit_node'],
  },
  connection_reconnect: {
    headline: 'Its connection must be connected again',
    meaning: 'The app no longer accepts it. Nothing was sent, and nothing is lost.',
    remedies: ['reconnect'],
  },
  connection_pending: {
    headline: 'Its connection is not connected yet',
    meaning: 'Nobody has granted access at the app so far. Nothing was sent, and nothing is lost.',
    remedies: ['reconnect'],
  },
  connection_unrenewed: {
    headline: 'Its connection could not be renewed',
    meaning: 'Its token has ended, and the app gave no other one yet. It is asked again by itself.',
    remedies: ['open_connections'],
  },
  egress_denied: {
    headline: 'The address is private',
    meaning: 'Flows may call only public addresses unless an administrator allows others.',
    remedies: ['ask_admin', 'edit_node'],
  },
  dns_failed: {
    headline: 'The host was not found',
    meaning: 'No address stands behind the name in the URL. It may be misspelt, or its name server was away.',
    remedies: EDIT_ONLY,
  },
  timeout: {
    headline: 'It took too long',
    meaning: 'No answer came within the time limit of the node.',
    remedies: ['go_on', 'edit_node'],
  },
  stopped: {
    headline: 'The flow ended the run as failed',
    meaning: 'A Stop node was reached. That is what the flow is drawn to do for such an event.',
    remedies: ['edit_node'],
  },
};

function byCode(error: StepError): ErrorExplanation | undefined {
  return Object.hasOwn(BY_CODE, error.code) ? BY_CODE[error.code] : undefined;
}

/** For calls that were answered: the status says more than the kind. */
function byHttpStatus(error: StepError): ErrorExplanation | undefined {
  const status = isJsonObject(error.detail) ? error.detail['status'] : undefined;
  if (typeof status !== 'number') return undefined;
  if (status === 401 || status === 403) {
    return {
      ...BY_KIND.auth,
      meaning: 'The connection is missing, expired, or lacks the right for this call.',
    };
  }
  if (status === 404 || status === 410) {
    return {
      headline: 'There is nothing at that address',
      meaning: 'The other side answered, but does not know what the URL names.',
      remedies: EDIT_ONLY,
    };
  }
  if (status >= 400 && status < 500 && error.kind === 'invalid') {
    return {
      headline: 'The other side refused the request',
      meaning: 'It understood the call and did not accept what was sent. Its answer usually says why.',
      remedies: EDIT_ONLY,
    };
  }
  return undefined;
}
