import type { HttpClient, OpenConnection } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import type { Json } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import type { Account } from '#server/connections/save-tokens.ts';
import { secretsOf } from '#server/connections/secrets-of.ts';
import { shownBy } from '#server/connections/shown-by.ts';
import { egressClient } from '#server/egress/egress-client.ts';
import { hideSecrets } from '#server/hide-secrets.ts';
import { accountRequest } from '#server/oauth/account-request.ts';
import { at } from '#server/oauth/token-answer.ts';
import { plainLine } from '#server/plain-line.ts';

const MAX_LABEL = 200;

/**
 * Asks an app whose account a connection is. Null where its connector has no call for it. Throws `StepFailure` when the app cannot
 * be reached, refuses, or answers with something else. What it was shown stands in neither.
 */
export async function findAccount(
  workspaceId: string,
  connection: OpenConnection,
  http: HttpClient = egressClient(),
): Promise<Account | null> {
  const connector = findConnector(connection.connector);
  const request = await accountRequest(workspaceId, connection);
  if (!connector?.account || !request) return null;
  const { id, label } = connector.account;
  const secrets = [...secretsOf(connection), ...shownBy(request)];
  const response = await http(request).catch((error: unknown) => {
    if (!(error instanceof StepFailure)) throw error;
    throw new StepFailure({ ...error.error, message: hideSecrets(error.error.message, secrets) });
  });
  const said = parse(response.body);
  const given = at(said, id);
  const answer = hideSecrets(said, secrets);
  const found = { id: at(answer, id), label: at(answer, label) };
  const isRefused = response.status < 200 || response.status > 299;
  // An id in which something was hidden would make all accounts one.
  const isChanged = found.id !== given;
  if (isRefused || isChanged || (typeof found.id !== 'string' && typeof found.id !== 'number')) {
    const kind = response.status === 401 || response.status === 403 ? 'auth' : 'transient';
    const message = `${connector.label} did not say whose account this is (status ${response.status}).`;
    throw new StepFailure({ kind, code: 'account_unknown', message });
  }
  const name = typeof found.label === 'string' ? plainLine(found.label, MAX_LABEL) : '';
  return { id: String(found.id), label: name || plainLine(String(found.id), MAX_LABEL) };
}

function parse(body: Uint8Array): Json {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as Json;
  } catch {
    return null;
  }
}
