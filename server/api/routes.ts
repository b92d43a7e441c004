import type { Route } from '#server/api/route.ts';
import { alertRoutes } from '#server/api/routes/alerts.ts';
import { apiKeyRoutes } from '#server/api/routes/api-keys.ts';
import { appHookRoutes } from '#server/api/routes/app-hooks.ts';
import { approvalRoutes } from '#server/api/routes/approvals.ts';
import { auditRoutes } from '#server/api/routes/audit.ts';
import { breakerRoutes } from '#server/api/routes/breakers.ts';
import { bulkActionRoutes } from '#server/api/routes/bulk-actions.ts';
import { captureRoutes } from '#server/api/routes/captures.ts';
import { connectionRiskRoutes } from '#server/api/routes/connection-risks.ts';
import { connectionRoutes } from '#server/api/routes/connections.ts';
import { connectorRoutes } from '#server/api/routes/connectors.ts';
import { deadLetterRoutes } from '#server/api/routes/dead-letters.ts';
import { driftRoutes } from '#server/api/routes/drift.ts';
import { flowLiveRoutes } from '#server/api/routes/flow-live.ts';
import { flowTestRoutes } from '#server/api/routes/flow-tests.ts';
import { flowRoutes } from '#server/api/routes/flows.ts';
import { ledgerRoutes } from '#server/api/routes/ledger.ts';
import { loopRoutes } from '#server/api/routes/loops.ts';
import { meRoutes } from '#server/api/routes/me.ts';
import { oauthAppRoutes } from '#server/api/routes/oauth-apps.ts';
import { recoveryRoutes } from '#server/api/routes/recovery.ts';
import { retentionRoutes } from '#server/api/routes/retention.ts';
import { runRoutes } from '#server/api/routes/runs.ts';
import { statsRoutes } from '#server/api/routes/stats.ts';
import { systemRoutes } from '#server/api/routes/system.ts';

/** Every call of the REST API. Dispatch, the OpenAPI document and the tests' authorisation matrix derive from it. */
export const ROUTES: readonly Route[] = [
  ...flowRoutes,
  ...flowLiveRoutes,
  ...flowTestRoutes,
  ...captureRoutes,
  ...runRoutes,
  ...recoveryRoutes,
  ...deadLetterRoutes,
  ...bulkActionRoutes,
  ...approvalRoutes,
  ...ledgerRoutes,
  ...driftRoutes,
  ...alertRoutes,
  ...statsRoutes,
  ...loopRoutes,
  ...connectionRoutes,
  ...oauthAppRoutes,
  ...appHookRoutes,
  ...connectionRiskRoutes,
  ...breakerRoutes,
  ...connectorRoutes,
  ...apiKeyRoutes,
  ...auditRoutes,
  ...retentionRoutes,
  ...systemRoutes,
  ...meRoutes,
];
