import type { AuthOptions, User } from 'next-auth';

import { safeCallbackPath } from '#server/auth/safe-callback-url.ts';
import { cookieName, envelopeSecret, openEnvelope, usesSecureCookies } from '#server/auth/session-cookie.ts';
import { findSessionActor, SESSION_SECONDS } from '#server/auth/sessions.ts';
import { signIn, signOut } from '#server/auth/sign-in.ts';
import { ADDRESS_HEADER } from '#server/caller-address.ts';
import { env } from '#server/env.ts';
import { log } from '#server/log.ts';
import { ProblemError } from '#server/problem.ts';

/**
 * How next-auth signs people in here. Its token is only an envelope for the random session token whose row decides;
 * with credentials next-auth allows no other strategy.
 */
export function nextAuthOptions(): AuthOptions {
  // next-auth takes the public origin from nowhere else, and must not take it from a request's headers.
  process.env.NEXTAUTH_URL = new URL(env().publicUrl).origin;
  return {
    secret: envelopeSecret(),
    useSecureCookies: usesSecureCookies(),
    providers: [passwordProvider()],
    pages: { signIn: '/sign-in', signOut: '/sign-in', error: '/sign-in' },
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    jwt: { maxAge: SESSION_SECONDS, decode: ({ token }) => decodeLive(token) },
    cookies: { sessionToken: cookie('session'), csrfToken: cookie('csrf'), callbackUrl: cookie('callback') },
    callbacks: {
      jwt: ({ token, user }) =>
        user ? { sub: user.id, session: (user as SignedInUser).sessionToken } : token,
      session: ({ session, token }) => ({
        expires: session.expires,
        user: { name: token.name, email: token.email },
      }),
      redirect: ({ url, baseUrl }) => baseUrl + safeCallbackPath(url, baseUrl),
    },
    events: { signOut: ({ token }) => endSession(token) },
    logger: { error: logError, warn: () => undefined, debug: () => undefined },
  };
}

/** An envelope that does not open is an ordinary signed-out visitor; everything else is worth a line. */
function logError(code: string, metadata: unknown): void {
  if (code === 'JWT_SESSION_ERROR') return;
  log.error(
    { part: 'auth', code, err: metadata instanceof Error ? metadata : undefined },
    'Sign-in failed inside next-auth',
  );
}

type SignedInUser = User & { readonly sessionToken: string };

type PasswordProvider = AuthOptions['providers'][number];

function passwordProvider(): PasswordProvider {
  return {
    id: 'credentials',
    name: 'Password',
    type: 'credentials',
    credentials: {},
    authorize: (credentials: unknown, request: AuthRequest) =>
      authorizePassword(credentials, request).catch(publicError),
  } as PasswordProvider;
}

interface AuthRequest {
  readonly headers?: Readonly<Record<string, unknown>>;
}

async function authorizePassword(credentials: unknown, request: AuthRequest): Promise<SignedInUser | null> {
  const { email, password } = (credentials ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof email !== 'string' || typeof password !== 'string') return null;
  const signedIn = await signIn({
    email,
    password,
    address: header(request, ADDRESS_HEADER),
    userAgent: header(request, 'user-agent'),
    cookies: header(request, 'cookie'),
  });
  if (!signedIn) return null;
  const { userId, name, sessionToken } = signedIn;
  return { id: userId, name, email: signedIn.email, sessionToken };
}

/** next-auth shows an error's message to the visitor: only those that are meant for one get through. */
function publicError(error: unknown): never {
  if (error instanceof ProblemError) throw error;
  log.error({ part: 'auth', err: error }, 'A sign-in failed unexpectedly');
  throw new Error('Signing in does not work at the moment. Try again in a minute.');
}

/** Opens the envelope and asks the row. Fails closed: a token without a live row is no token. */
async function decodeLive(token: string | undefined) {
  const envelope = token ? await openEnvelope(token) : null;
  const actor = envelope && (await findSessionActor(envelope.token, envelope.userId, ''));
  return actor ? { sub: envelope.userId, session: envelope.token, email: actor.name } : null;
}

/** next-auth hands over null for an envelope that did not open. */
async function endSession(token: Readonly<Record<string, unknown>> | null): Promise<void> {
  if (typeof token?.['session'] === 'string') await signOut(token['session'], '');
}

function cookie(name: 'session' | 'csrf' | 'callback') {
  return {
    name: cookieName(name),
    options: { httpOnly: true, sameSite: 'lax', path: '/', secure: usesSecureCookies() } as const,
  };
}

function header(request: AuthRequest, name: string): string {
  const value = request.headers?.[name];
  return typeof value === 'string' ? value : '';
}
