import { findConnector } from '#connectors/definitions.ts';
import { prisma } from '#server/db/prisma.ts';

/** What came of a consent, for the page that the person is sent to. */
export interface ConsentOutcome {
  /** `connected`, or as of `ConsentFault`. */
  readonly kind: string;
  /** For people. */
  readonly message: string;
  /** Slug. */
  readonly connection: string;
  /** Whether it was begun by a connect link. */
  readonly isLink: boolean;
  /** What people call the app. */
  readonly app: string;
}

/** Null where there is none, or it is long over. */
export async function readOutcome(id: string): Promise<ConsentOutcome | null> {
  const consent = await prisma().oAuthConsent.findUnique({ where: { id }, include: { connection: true } });
  const outcome = consent?.outcome as { kind?: unknown; message?: unknown } | null | undefined;
  if (!consent || typeof outcome?.kind !== 'string' || typeof outcome.message !== 'string') return null;
  return {
    kind: outcome.kind,
    message: outcome.message,
    connection: consent.connection.slug,
    isLink: consent.linkId !== null,
    app: findConnector(consent.connector)?.label ?? consent.connector,
  };
}
