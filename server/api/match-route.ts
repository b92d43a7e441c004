import type { Route } from '#server/api/route.ts';
import { notFound, ProblemError } from '#server/problem.ts';

export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * Finds the route of a method and a path below `/api/v1`. A fixed segment wins over a parameter; HEAD is answered by
 * GET. Throws a problem: 404 for an unknown path, 405 with `Allow` for a known one without this method.
 */
export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch {
  const segments = decodeSegments(path);
  const fitting = routes.flatMap((route) => {
    const params = matchPath(route.path, segments);
    return params ? [{ route, params }] : [];
  });
  const wanted = method === 'HEAD' ? 'GET' : method;
  const match = fitting
    .filter(({ route }) => route.method === wanted)
    .toSorted((a, b) => parameters(a) - parameters(b))[0];
  if (match) return match;
  if (fitting.length === 0) throw notFound('such address in the API');
  throw methodNotAllowed(fitting.map(({ route }) => route.method));
}

function parameters({ params }: RouteMatch): number {
  return Object.keys(params).length;
}

function decodeSegments(path: string): readonly string[] {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    throw notFound('such address in the API');
  }
}

function matchPath(pattern: string, segments: readonly string[]): Readonly<Record<string, string>> | null {
  const parts = pattern.split('/').filter(Boolean);
  if (parts.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? '';
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name !== undefined) params[name] = segment;
    else if (part !== segment) return null;
  }
  return params;
}

function methodNotAllowed(methods: readonly string[]): ProblemError {
  const allowed = [
    ...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))),
  ].join(', ');
  return new ProblemError({
    status: 405,
    code: 'method_not_allowed',
    title: 'Method not allowed',
    detail: `This address takes ${allowed}.`,
    headers: { allow: allowed },
  });
}
