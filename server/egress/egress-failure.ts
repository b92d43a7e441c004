import type { StepError } from '#core/step-failure.ts';
import { StepFailure } from '#core/step-failure.ts';
import { tlsFailure, type Shown } from '#connectors/tls-failure.ts';

/**
 * Says in plain words why a call got no answer. `target` is the host with its port, never the whole URL: it may hold secrets.
 *
 * @param shown whether the call showed a certificate. Default: nothing.
 */
export function egressFailure(thrown: unknown, target: string, shown: Shown = 'nothing'): StepFailure {
  if (thrown instanceof StepFailure) return thrown;
  const code = codeOf(thrown);
  const found = FAULTS.find(({ codes }) => codes.includes(code));
  if (found) return new StepFailure(withDoubt(found.describe(target), shown), { cause: thrown });
  const failure = tlsFailure(code, target, shown);
  if (failure) return new StepFailure(failure, { cause: thrown });
  if (code.startsWith('HPE_') || (thrown instanceof Error && thrown.name === 'HTTPParserError'))
    return fail('transient', 'bad_response', `${target} answered with something that is not HTTP.`, thrown);
  return fail(
    'transient',
    'call_failed',
    `The call to ${target} failed (${code || 'no reason given'}).`,
    thrown,
  );
}

/** A failure of the egress client's own making. */
export function fail(kind: StepError['kind'], code: string, message: string, cause?: unknown): StepFailure {
  return new StepFailure({ kind, code, message }, { cause });
}

const FAULTS: readonly {
  readonly codes: readonly string[];
  readonly describe: (target: string) => StepError;
}[] = [
  {
    codes: ['EGRESS_DENIED'],
    describe: (target) => ({
      kind: 'invalid',
      code: 'egress_denied',
      message: `${target} is a private address, or a name of one, and flows may not call it. An administrator can allow it with PATCHBAY_EGRESS_ALLOW.`,
    }),
  },
  {
    codes: ['ENOTFOUND', 'EAI_AGAIN', 'ENODATA', 'EAI_FAIL', 'EAI_NODATA', 'ESERVFAIL', 'ETIMEOUT'],
    describe: (target) => ({
      kind: 'transient',
      code: 'dns_failed',
      message: `The name of ${target} could not be resolved. Check the spelling.`,
    }),
  },
  {
    codes: ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EHOSTDOWN'],
    describe: (target) => ({
      kind: 'transient',
      code: 'connect_refused',
      message: `${target} takes no connections at the moment.`,
    }),
  },
  {
    codes: ['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'],
    describe: (target) => ({
      kind: 'transient',
      code: 'connect_timeout',
      message: `${target} did not accept a connection in time.`,
    }),
  },
  {
    codes: ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
    describe: (target) => ({
      kind: 'transient',
      code: 'timeout',
      message: `${target} did not answer in time.`,
    }),
  },
  {
    codes: ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_DESTROYED', 'UND_ERR_CLOSED', 'ECONNABORTED'],
    describe: (target) => ({
      kind: 'transient',
      code: 'connection_reset',
      message: `${target} closed the connection before it had answered.`,
    }),
  },
  {
    codes: ['UND_ERR_HEADERS_OVERFLOW', 'HPE_HEADER_OVERFLOW'],
    describe: (target) => ({
      kind: 'invalid',
      code: 'response_too_large',
      message: `${target} answered with more than 16 KiB of headers.`,
    }),
  },
  {
    codes: ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH'],
    describe: (target) => ({
      kind: 'transient',
      code: 'bad_response',
      message: `${target} announced another length than it sent.`,
    }),
  },
  {
    codes: ['UND_ERR_INVALID_ARG', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', 'ERR_INVALID_CHAR'],
    describe: (target) => ({
      kind: 'invalid',
      code: 'invalid_request',
      message: `The request to ${target} cannot be sent: its method, address or a header holds characters that HTTP does not allow.`,
    }),
  },
];

/** Some servers close the connection without a word when they refuse a certificate. */
function withDoubt(error: StepError, shown: Shown): StepError {
  if (shown === 'nothing' || error.code !== 'connection_reset') return error;
  return {
    ...error,
    message: `${error.message} Some servers do so when they refuse the client certificate.`,
  };
}

/** Codes that mean "not sent" only where connecting itself failed. */
const WHILE_CONNECTING: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
]);

/** The first code found on the error, its cause, or one of several errors (each address was tried). */
function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return '';
  const { code, syscall, cause, errors } = thrown as Record<string, unknown>;
  if (Array.isArray(errors)) {
    const found = errors.map(codeOf).find((each) => each !== '');
    if (found !== undefined) return found;
  }
  if (typeof code !== 'string') return cause === undefined ? '' : codeOf(cause);
  return WHILE_CONNECTING.has(code) && syscall !== 'connect' ? 'ECONNRESET' : code;
}
