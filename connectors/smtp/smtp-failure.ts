import { StepFailure, type StepError } from '#core/step-failure.ts';
import { shorten } from '#connectors/shorten.ts';
import { tlsFailure } from '#connectors/tls-failure.ts';

/** How far a mail had come when something went wrong. */
export interface MailProgress {
  /** `host:port`. */
  readonly target: string;
  /** True once bytes of the mail itself were sent. */
  readonly hasBegun: boolean;
}

/** What nodemailer's errors say. */
interface SmtpError {
  readonly code?: string;
  readonly originalCode?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly message: string;
}

/**
 * Says in words why a mail was not sent, and whether it may have been: before its first byte, and after a refusal, it was not
 * (`not_done`, which may be tried again although a mail must not be sent twice).
 */
export function smtpFailure(thrown: unknown, progress: MailProgress): StepFailure {
  if (thrown instanceof StepFailure) return thrown;
  return new StepFailure(describe(thrown as SmtpError, progress), { cause: thrown });
}

function describe(error: SmtpError, { target, hasBegun }: MailProgress): StepError {
  const { code = '', originalCode = '', responseCode, response = '' } = error;
  // A server that has no STARTTLS refuses the command itself.
  if (code === 'ETLS' && responseCode) return noEncryption(target);
  if (responseCode) return refusal({ target, responseCode, code, says: firstLine(response) });
  const tls = originalCode === '' ? null : tlsFailure(originalCode, target, 'nothing');
  if (tls) return tls;
  if (code === 'ETLS') return noEncryption(target);
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return {
      kind: 'auth',
      code: 'login_refused',
      message: `${target} offers no login that fits the connection.`,
    };
  if (code === 'EMESSAGE')
    return { kind: 'invalid', code: 'mail_refused', message: `The mail is larger than ${target} takes.` };
  const what = code === 'ETIMEDOUT' ? 'did not answer in time' : 'closed the connection';
  if (hasBegun)
    return {
      kind: 'transient',
      code: 'mail_unanswered',
      message: `${target} ${what} while the mail was sent, without saying whether it took it.`,
    };
  return { kind: 'transient', code: 'not_done', message: `${target} ${what}. The mail was not sent.` };
}

function noEncryption(target: string): StepError {
  return {
    kind: 'invalid',
    code: 'tls_failed',
    message: `${target} does not offer encryption (STARTTLS), and the connection asks for it. Nothing was sent.`,
  };
}

function refusal(reply: {
  readonly target: string;
  readonly responseCode: number;
  readonly code: string;
  readonly says: string;
}): StepError {
  const { target, responseCode, code, says } = reply;
  const detail = { response: says };
  if (code === 'EAUTH' && responseCode >= 500)
    return { kind: 'auth', code: 'login_refused', message: `${target} refused the login: ${says}`, detail };
  if (responseCode >= 500)
    return { kind: 'invalid', code: 'mail_refused', message: `${target} refused the mail: ${says}`, detail };
  return {
    kind: 'transient',
    code: 'not_done',
    message: `${target} did not take the mail now: ${says}`,
    detail,
  };
}

function firstLine(response: string): string {
  return shorten(response.replace(/\s+/g, ' ').trim(), 300);
}
