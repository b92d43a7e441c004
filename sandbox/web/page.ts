import type { Reply } from '#sandbox/http/incoming.ts';
import { html, type Html } from '#sandbox/web/html.ts';

/** The places that the bar at the top leads to. */
const PLACES = [
  { path: '/contacts', name: 'Contacts' },
  { path: '/deals', name: 'Deals' },
  { path: '/webhooks', name: 'Webhooks' },
  { path: '/apps', name: 'Apps' },
  { path: '/trouble', name: 'Trouble' },
] as const;

export interface PageContent {
  readonly title: string;
  /** Which place is marked as the present one. */
  readonly place?: (typeof PLACES)[number]['path'];
  /** What was just done. */
  readonly notice?: string | undefined;
  /** What could not be done. */
  readonly error?: string | undefined;
  /** Said on every page while the API misbehaves on purpose. */
  readonly trouble?: string | undefined;
  readonly body: Html;
}

/** A page of Acme's own, with the bar at the top. */
export function page(content: PageContent): string {
  const { title, place, trouble, body } = content;
  return shell(
    title,
    html`<a class="skip" href="#main">Skip to the content</a>
      <header class="bar">
        <a class="brand" href="/contacts"><img src="/icon.svg" alt="" width="28" height="28" />Acme</a>
        <nav aria-label="Acme">
          ${PLACES.map(
            ({ path, name }) =>
              html`<a href="${path}" ${path === place && html`aria-current="page"`}>${name}</a>`,
          )}
        </nav>
      </header>
      ${trouble && html`<aside class="trouble" aria-label="Trouble">${trouble} <a href="/trouble">Put it right</a></aside>`}
      <main id="main">${messages(content)}${body}</main>
      <footer>
        Acme is a sandbox that comes with Patchbay: made-up people and data. Nobody signs in, because only
        this machine can reach it. API: <a href="/api/v1/openapi.json">openapi.json</a>
      </footer>`,
  );
}

/** A page on the way of connecting an app: one card, nothing to wander off to. */
export function card(title: string, body: Html): string {
  return shell(
    title,
    html`<main id="main" class="alone">
      <p class="brand"><img src="/icon.svg" alt="" width="32" height="32" />Acme</p>
      <section class="card">${body}</section>
      <p class="quiet">A sandbox that comes with Patchbay: made-up people, no passwords.</p>
    </main>`,
  );
}

export function pageReply(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' }, body };
}

function shell(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Acme</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        ${body}
      </body>
    </html>`.text;
}

function messages({ notice, error }: PageContent): readonly Html[] {
  return [
    ...(notice ? [html`<p class="notice" role="status">${notice}</p>`] : []),
    ...(error ? [html`<p class="error" role="alert">${error}</p>`] : []),
  ];
}
