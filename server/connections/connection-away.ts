import { findConnector } from '#connectors/definitions.ts';
import type { TokenState } from '#server/sql/connection-tokens.ts';

/**
 * A connection that cannot be used for now. `connection_pending`: nobody has connected it yet; `connection_reconnect`: somebody has to
 * connect it again; `connection_unrenewed`: its token has ended, and another was not to be had so far. Nothing was sent with it.
 */
export class ConnectionAway extends Error {
  override name = 'ConnectionAway';
  readonly slug: string;
  readonly code: 'connection_pending' | 'connection_reconnect' | 'connection_unrenewed';
  /** As of `OpenConnection`: to everybody else there is no such connection. */
  readonly onlyFor: string | undefined;
  /** True where it may be another matter in half a minute. */
  readonly isPassing: boolean;

  constructor(
    slug: string,
    code: ConnectionAway['code'],
    message: string,
    {
      onlyFor,
      isPassing = false,
    }: { readonly onlyFor?: string | undefined; readonly isPassing?: boolean } = {},
  ) {
    super(message);
    this.slug = slug;
    this.code = code;
    this.onlyFor = onlyFor;
    this.isPassing = isPassing;
  }
}

/** Why nobody can use a connection in this state, in plain words. */
export function awayBecause({ slug, connector, status, fault, dueAt }: TokenState): ConnectionAway {
  const label = findConnector(connector)?.label ?? connector;
  switch (status) {
    case 'reconnect': {
      const why = fault?.message ?? `${label} no longer accepts it.`;
      return new ConnectionAway(
        slug,
        'connection_reconnect',
        `The connection ${slug} must be reconnected: ${why}`,
      );
    }
    case 'pending': {
      const why = fault?.message ?? `Nobody has given ${label} their consent.`;
      return new ConnectionAway(
        slug,
        'connection_pending',
        `The connection ${slug} is not connected yet. ${why}`,
      );
    }
    case 'ok': {
      const again = fault && dueAt ? ` It is asked again at ${dueAt.toISOString()}.` : '';
      const why = fault?.message ?? `${label} is being asked for another one.`;
      return new ConnectionAway(
        slug,
        'connection_unrenewed',
        `The token of the connection ${slug} has ended. ${why}${again}`,
      );
    }
  }
}
