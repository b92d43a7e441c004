import type { Incoming, Reply } from '#sandbox/http/incoming.ts';
import { readForm } from '#sandbox/http/read-form.ts';
import { notFound, Problem } from '#sandbox/problem.ts';
import type { Store } from '#sandbox/state/store.ts';
import { pageRoutes, type PagesParts, type Route } from '#sandbox/web/page-routes.ts';
import { pageReply } from '#sandbox/web/page.ts';
import { problemPage } from '#sandbox/web/problem-page.ts';
import { STATIC_FILES } from '#sandbox/web/static-files.ts';

/** Answers for the pages: a GET shows, a POST does something and leads to a page that says so. */
export function pagesHandler(parts: PagesParts): (incoming: Incoming) => Promise<Reply> {
  const routes = pageRoutes(parts);
  return async (incoming) => {
    const fixed = STATIC_FILES.get(incoming.path);
    if (fixed) return fixed;
    try {
      return await answer(incoming, routes, parts.store);
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      return pageReply(cause.status, problemPage(cause.message), cause.headers);
    }
  };
}

async function answer(incoming: Incoming, routes: readonly Route[], store: Store): Promise<Reply> {
  if (incoming.path === '/') return goTo('/contacts');
  const { route, id } = find(routes, incoming.path);
  if (incoming.method === 'GET' && route.show) return pageReply(200, route.show(incoming, id));
  if (incoming.method !== 'POST' || !route.act)
    throw new Problem(405, 'method_not_allowed', 'There is no such form.');
  const typed = await readForm(incoming);
  try {
    const next = route.act(typed, id);
    await store.save();
    return goTo(next);
  } catch (cause) {
    const showing = route.again === undefined ? route.show : find(routes, route.again).route.show;
    if (!(cause instanceof Problem) || cause.status === 404 || !showing) throw cause;
    return pageReply(cause.status, showing(incoming, id, { typed, error: cause.message }));
  }
}

function find(routes: readonly Route[], path: string): { readonly route: Route; readonly id: string } {
  for (const route of routes) {
    const match = route.path.exec(path);
    if (match) return { route, id: match[1] ?? '' };
  }
  throw notFound('page');
}

function goTo(location: string): Reply {
  return { status: 303, headers: { Location: location } };
}
