import type { Route } from '#server/api/route.ts';
import { apiKeyRoutes } from '#server/api/routes/api-keys.ts';
import { auditRoutes } from '#server/api/routes/audit.ts';
import { connectionRoutes } from '#server/api/routes/connections.ts';
import { meRoutes } from '#server/api/routes/me.ts';

/** Every call of the REST API. Dispatch, the OpenAPI document and the tests' authorisation matrix derive from it. */
export const ROUTES: readonly Route[] = [...connectionRoutes, ...apiKeyRoutes, ...auditRoutes, ...meRoutes];
