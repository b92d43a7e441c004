import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { SMTPServer } from 'smtp-server';

/** A mail that a server took. */
export interface ReceivedMail {
  readonly from: string;
  /** Everybody whom the envelope names, blind copies too. */
  readonly to: readonly string[];
  readonly isEncrypted: boolean;
  readonly user: string | undefined;
  /** As it came over the wire. */
  readonly source: string;
  /** The value of a header, unfolded; undefined without one. */
  header(name: string): string | undefined;
}

export interface MailServerOptions {
  /** Default: no encryption is offered. `tls` speaks it from the first byte. */
  readonly security?: 'tls' | 'starttls';
  readonly pair?: { readonly cert: string; readonly key: string };
  /** Logins that are taken; without any, nobody logs in. */
  readonly logins?: Readonly<Record<string, string>>;
  /** Repeats the password that it refuses, as some servers' logs do. */
  readonly isTellTale?: boolean;
  /** The largest mail, in bytes. */
  readonly size?: number;
  /** The reply to a recipient, where it is a refusal. */
  readonly refuse?: (address: string) => { readonly status: number; readonly says: string } | undefined;
  /** What becomes of a mail that has come whole. Default `take`. */
  readonly onMail?: () =>
    'take' | 'hang_up' | 'say_nothing' | { readonly status: number; readonly says: string };
}

export interface MailServer {
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  /** How many sockets were opened. */
  connections(): number;
  stop(): Promise<void>;
}

/** A real SMTP server on loopback. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { security, pair, logins, isTellTale = false, size, refuse, onMail = () => 'take' } = options;
  const received: ReceivedMail[] = [];
  let connections = 0;
  const server = new SMTPServer({
    ...(pair && { cert: pair.cert, key: pair.key }),
    secure: security === 'tls',
    closeTimeout: 50,
    authOptional: logins === undefined,
    allowInsecureAuth: true,
    hideSize: size === undefined,
    ...(size !== undefined && { size }),
    disabledCommands: [...(security === 'starttls' ? [] : ['STARTTLS']), ...(logins ? [] : ['AUTH'])],
    onConnect: (_session, done) => {
      connections += 1;
      done();
    },
    onAuth: ({ username = '', password }, _session, done) =>
      logins?.[username] === password
        ? done(null, { user: username })
        : done(new Error(isTellTale ? `no login ${username} ${password}` : 'no such login')),
    onRcptTo: ({ address }, _session, done) => {
      const refusal = refuse?.(address);
      done(refusal ? Object.assign(new Error(refusal.says), { responseCode: refusal.status }) : null);
    },
    onData: (stream, session, done) => {
      void buffer(stream).then((bytes) => {
        const fate = onMail();
        if (fate === 'say_nothing') return;
        if (fate === 'hang_up') return destroyAll();
        if (fate !== 'take') return done(Object.assign(new Error(fate.says), { responseCode: fate.status }));
        const { envelope, secure, user } = session;
        const source = bytes.toString();
        received.push({
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          to: envelope.rcptTo.map(({ address }) => address),
          isEncrypted: secure,
          user: user === undefined ? undefined : String(user),
          source,
          header: (name) => headerIn(source, name),
        });
        return done();
      });
    },
  });
  server.on('error', () => undefined);
  const sockets = new Set<{ destroy(): void }>();
  server.server.on('connection', (socket: { destroy(): void }) => sockets.add(socket));
  // Those below TLS are left to the server: Node crashes where a socket goes before its TLS layer in the middle of a handshake.
  const destroyAll = () =>
    security === undefined ? sockets.forEach((socket) => socket.destroy()) : undefined;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    received,
    connections: () => connections,
    stop: async () => {
      destroyAll();
      await new Promise<void>((done) => server.close(done));
    },
  };
}

function headerIn(source: string, name: string): string | undefined {
  const head = (source.split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]+/g, ' ');
  const line = head.split('\r\n').find((each) => each.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line?.slice(name.length + 1).trim();
}
