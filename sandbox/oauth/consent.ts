import type { IncomingMessage, ServerResponse } from 'node:http';

import type Provider from 'oidc-provider';
import { errors, type InteractionResults } from 'oidc-provider';

import type { Incoming, Reply } from '#sandbox/http/incoming.ts';
import { readForm } from '#sandbox/http/read-form.ts';
import { contentSecurityPolicy } from '#sandbox/http/security-headers.ts';
import { findPerson, type Person } from '#sandbox/people.ts';
import { Problem } from '#sandbox/problem.ts';
import { mayGrant, SCOPES, type Scope } from '#sandbox/scopes.ts';
import { consentPage } from '#sandbox/web/consent-page.ts';
import { pageReply } from '#sandbox/web/page.ts';
import { problemPage } from '#sandbox/web/problem-page.ts';
import { signInPage } from '#sandbox/web/sign-in-page.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

interface Asked {
  readonly provider: Provider;
  readonly interaction: Interaction;
  /** Where the answer goes, and who asks. */
  readonly clientName: string;
  readonly returnsTo: string;
  readonly scopes: readonly Scope[];
}

/** The two pages on which a person says who they are and what an app may do: `/oauth/consent/<id>`. */
export async function handleConsent(
  provider: Provider,
  incoming: Incoming,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<Reply> {
  try {
    const asked = await findAsked(provider, request, response);
    const headers = { 'Content-Security-Policy': contentSecurityPolicy(asked.returnsTo) };
    if (incoming.method !== 'POST') return pageReply(200, pageFor(asked), headers);
    const result = await resultOf(asked, await readForm(incoming));
    const location = await provider.interactionResult(request, response, result);
    return { status: 303, headers: { ...headers, Location: location } };
  } catch (cause) {
    if (cause instanceof Problem) return pageReply(cause.status, problemPage(cause.message));
    if (!(cause instanceof errors.SessionNotFound)) throw cause;
    return pageReply(400, problemPage('This sign-in has ended. Start again where you came from.'));
  }
}

async function findAsked(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Asked> {
  const interaction = await provider.interactionDetails(request, response);
  const { client_id: clientId, redirect_uri: redirectUri, scope } = interaction.params;
  const client = await provider.Client.find(String(clientId));
  const wanted = new Set(typeof scope === 'string' ? scope.split(' ') : []);
  return {
    provider,
    interaction,
    clientName: client?.clientName ?? String(clientId),
    returnsTo: new URL(String(redirectUri)).origin,
    scopes: SCOPES.filter(({ name }) => wanted.has(name)),
  };
}

function pageFor(asked: Asked): string {
  const { clientName, returnsTo, scopes } = asked;
  if (asked.interaction.prompt.name === 'login') return signInPage({ clientName, returnsTo });
  return consentPage({
    clientName,
    returnsTo,
    scopes,
    person: personOf(asked),
    startAgain: startAgainUrl(asked),
  });
}

async function resultOf(asked: Asked, form: URLSearchParams): Promise<InteractionResults> {
  if (asked.interaction.prompt.name === 'login') {
    const person = findPerson(form.get('person') ?? '');
    if (!person) throw new Problem(422, 'invalid', 'There is no such person.');
    return { login: { accountId: person.id, remember: false } };
  }
  const person = personOf(asked);
  if (form.get('decision') !== 'allow')
    return { error: 'access_denied', error_description: `${person.name} did not allow it.` };
  return { consent: { grantId: await grant(asked, person, new Set(form.getAll('scope'))) } };
}

/** Of what was asked for: what is ticked and the person may give. The rest is rejected, so that nobody asks for it again. */
async function grant(
  { provider, interaction, scopes }: Asked,
  person: Person,
  ticked: ReadonlySet<string>,
): Promise<string> {
  const isGiven = (scope: Scope): boolean => ticked.has(scope.name) && mayGrant(person, scope);
  const given = scopes.filter(isGiven).map(({ name }) => name);
  const rejected = scopes.filter((scope) => !isGiven(scope)).map(({ name }) => name);
  const made = new provider.Grant({ accountId: person.id, clientId: String(interaction.params.client_id) });
  // Knowing who somebody is comes with signing in.
  if (given.length > 0) made.addOIDCScope(['openid', ...given]);
  if (rejected.length > 0) made.rejectOIDCScope(rejected);
  return made.save();
}

function personOf({ interaction }: Asked): Person {
  const person = findPerson(interaction.session?.accountId);
  if (!person) throw new Problem(400, 'invalid', 'Nobody is signed in. Start again where you came from.');
  return person;
}

/** The same request anew: it asks who somebody is. */
function startAgainUrl({ interaction }: Asked): string {
  const params = Object.entries(interaction.params).filter(([, value]) => typeof value === 'string');
  return `/oauth/authorize?${new URLSearchParams(params as [string, string][]).toString()}`;
}
