import type { Socket } from 'node:net';
import { Readable } from 'node:stream';

import SMTPConnection from 'nodemailer/lib/smtp-connection';

import type { StepContext } from '#connectors/contract.ts';
import { converse } from '#connectors/converse.ts';
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
export function deliverMail(
  mail: ComposedMail,
  server: MailServer,
  context: Pick<StepContext, 'dial' | 'signal' | 'timeoutMs'>,
): Promise<Delivery> {
  const { host, port, security, ca } = server;
  const { timeoutMs } = context;
  const progress = { target: `${host}:${port}`, hasBegun: false };
  return converse<Delivery>(context, {
    target: { host, port, ...(security === 'tls' && { tls: { ca } }) },
    begin: (socket, giveUp) => {
      const connection = makeConnection(server, { mail, socket, timeoutMs });
      // Errors that belong to no command are told here.
      connection.on('error', giveUp);
      const onBegin = () => (progress.hasBegun = true);
      return { result: handOver(connection, { server, mail, onBegin }), close: () => connection.close() };
    },
    explain: (error) => smtpFailure(error, progress),
  });
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

async function handOver(
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
