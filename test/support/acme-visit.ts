export interface AcmeVisit {
  /** Default `ada`, who may grant everything. */
  readonly person?: 'ada' | 'ben';
  readonly decision?: 'allow' | 'deny';
  /** Scopes that are unticked. */
  readonly without?: readonly string[];
  /** True where the person may not grant all that is asked for. */
  readonly isAllowedToMiss?: boolean;
}

/**
 * Goes to Acme's consent screen as a browser would, signs in as one of its people and decides. Resolves to where Acme sends the
 * person back.
 */
export async function consentAtAcme(authorizeUrl: string, visit: AcmeVisit = {}): Promise<string> {
  const cookies = new Map<string, string>();
  const { origin } = new URL(authorizeUrl);
  let page = await walk(authorizeUrl, { cookies, origin });
  for (let step = 0; step < 6; step++) {
    if ('away' in page) return page.away;
    const { form, url } = page;
    page = await walk(url, { cookies, origin, body: answer(form, visit) });
  }
  throw new Error('Acme asks on and on.');
}

interface Walk {
  readonly cookies: Map<string, string>;
  readonly origin: string;
  readonly body?: URLSearchParams;
}

/** Follows redirects within Acme. */
async function walk(
  address: string,
  { cookies, origin, body }: Walk,
): Promise<{ readonly away: string } | { readonly form: string; readonly url: string }> {
  let url = address;
  let sent = body;
  for (;;) {
    if (new URL(url).origin !== origin) return { away: url };
    const response: Response = await fetch(url, {
      method: sent ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), origin },
      ...(sent && { body: sent }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = response.headers.get('location');
    if (location === null) {
      if (!response.ok) throw new Error(`Acme answered ${response.status}: ${await response.text()}`);
      return { form: await response.text(), url };
    }
    url = new URL(location, url).href;
    sent = undefined;
  }
}

/** Fills a form in: who it is, or what is granted. */
function answer(
  form: string,
  { person = 'ada', decision = 'allow', without = [] }: AcmeVisit,
): URLSearchParams {
  const inputs = [...form.matchAll(/<(?:input|button)\b[^>]*>/g)].map(([tag]) => ({
    name: /\bname="([^"]*)"/.exec(tag)?.[1],
    value: /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? '',
    isTicked: /\bchecked\b/.test(tag),
  }));
  const filled = new URLSearchParams();
  for (const { name, value, isTicked } of inputs) {
    if (name === 'scope' && isTicked && !without.includes(value)) filled.append('scope', value);
    else if (name === 'decision' && value === decision) filled.append('decision', value);
    else if (name !== undefined && name !== 'scope' && name !== 'decision' && value.includes(person))
      filled.append(name, value);
  }
  return filled;
}
