import type { Socket } from 'node:net';
import { Readable } from 'node:stream';

import SMTPConnection from 'nodemailer/lib/smtp-connection';

import type { StepContext } from '#connectors/contract.ts';
import type { ComposedMail } from './compose-mail.ts';
import { smtpFailure } from './smtp-failure.ts';

/** The server of a connection `smtp`. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'none';
  /** Null where it wants no login. */
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly ca: string | undefined;
}

export interface Delivery {
  readonly accepted: readonly string[];
  readonly rejected: readonly { readonly address: string; readonly reason: string }[];
  readonly response: string;
}

/** Hands a mail to a server, over a socket of its own. Throws `StepFailure`. */
export async function deliverMail(
  mail: ComposedMail,
  server: MailServer,
  { dial, signal, timeoutMs }: Pick<StepContext, 'dial' | 'signal' | 'timeoutMs'>,
): Promise<Delivery> {
  const { host, port, security, ca } = server;
  const progress = { target: `${host}:${port}`, hasBegun: false };
  const tls = security === 'tls' ? { ca } : undefined;
  const socket = await dial({ host, port, signal, ...(tls && { tls }) });
  const connection = makeConnection(server, { mail, socket, timeoutMs });
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
  // It may reject after the race.
  stopped.catch(() => undefined);
  const onAbort = () => stop(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  // Errors that belong to no command are told here.
  connection.on('error', stop);
  try {
    signal.throwIfAborted();
    const onBegin = () => (progress.hasBegun = true);
    return await Promise.race([converse(connection, { server, mail, onBegin }), stopped]);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw smtpFailure(error, progress);
  } finally {
    signal.removeEventListener('abort', onAbort);
    connection.close();
  }
}

function makeConnection(
  { host, port, security, ca }: MailServer,
  given: { readonly mail: ComposedMail; readonly socket: Socket; readonly timeoutMs: number },
): SMTPConnection {
  return new SMTPConnection({
    host,
    port,
    connection: given.socket,
    // With `tls` the socket is secured already.
    secure: security === 'tls',
    secured: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    name: given.mail.sender.split('@')[1] ?? 'localhost',
    connectionTimeout: given.timeoutMs,
    greetingTimeout: given.timeoutMs,
    socketTimeout: given.timeoutMs,
    socketCloseTimeout: 0,
  });
}

async function converse(
  connection: SMTPConnection,
  { server, mail, onBegin }: { server: MailServer; mail: ComposedMail; onBegin: () => void },
): Promise<Delivery> {
  const { sender, recipients, bytes } = mail;
  const { login } = server;
  await settled((done) => connection.connect(done));
  if (login) {
    const credentials = { user: login.user, pass: login.password };
    await settled((done) => connection.login({ credentials }, done));
  }
  function* parts() {
    onBegin();
    yield bytes;
  }
  const envelope = { from: sender, to: [...recipients], size: bytes.length };
  const info = await new Promise<SMTPConnection.SentMessageInfo>((done, fail) =>
    connection.send(envelope, Readable.from(parts()), (error, sent) => (error ? fail(error) : done(sent))),
  );
  connection.quit();
  return {
    accepted: info.accepted,
    rejected: info.rejected.map((address, index) => ({
      address,
      reason: info.rejectedErrors?.[index]?.response ?? '',
    })),
    response: info.response,
  };
}

function settled(work: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((done, fail) => work((error) => (error ? fail(error) : done())));
}
