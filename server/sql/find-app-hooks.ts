/** What the hooks of apps lead to. */
export const FIND_APP_HOOKS = `
SELECT encode(token_hash, 'hex') AS token_hash, id, workspace_id, connector, wrapped_key, key_version, secret,
  coalesce(received_at < now() - interval '1 minute', true) AS is_silent
FROM app_hook WHERE token_hash = ANY (SELECT decode(hash, 'hex') FROM unnest($1::text[]) AS hash)`;

/** Notes that an app has sent something: at most once a minute, so that no flood of events writes one row again and again. */
export const NOTE_APP_DELIVERY = `
UPDATE app_hook SET received_at = now()
WHERE id = $1 AND coalesce(received_at < now() - interval '1 minute', true)`;

/** Keeps a secret that came by a handshake, unless there is one. */
export const KEEP_APP_SECRET = `
UPDATE app_hook SET wrapped_key = $2, key_version = $3, secret = $4, updated_at = now() WHERE id = $1 AND secret IS NULL`;

/**
 * The published flows of a workspace that an app's event may be for: those whose connection is one of these accounts. A member's own
 * connection serves the flows that they published alone. With what their bodies were learned to look like, where something comes of it.
 */
export const APP_EVENT_FLOWS = `
SELECT f.id AS flow_id, encode(h.token_hash, 'hex') AS token_hash, f.slug, v.id AS version_id, v.number AS version_number,
  v.document -> 'settings' -> 'concurrency' AS concurrency,
  v.document -> 'settings' -> 'businessKey' AS business_key, s.trigger, s.settings, c.account_id, node.on_drift,
  CASE WHEN node.on_drift <> 'accept' THEN contract.shape END AS learned
FROM subscription s
JOIN flow f ON f.id = s.flow_id
JOIN flow_version v ON v.flow_id = f.id AND v.number = f.published_version
JOIN hook h ON h.flow_id = f.id
JOIN connection c ON c.workspace_id = s.workspace_id AND c.slug = s.connection AND c.connector = $2
LEFT JOIN LATERAL (
  SELECT node -> 'config' ->> 'onDrift' AS on_drift FROM json_array_elements(v.document -> 'nodes') node
  WHERE node ->> 'id' = s.node_id) node ON true
LEFT JOIN contract ON contract.flow_id = f.id AND contract.version_number = v.number AND contract.place = ''
  AND contract.settled_at IS NOT NULL
WHERE s.workspace_id = $1 AND s.is_wanted AND s.trigger = ANY ($3::text[]) AND c.account_id = ANY ($4::text[])
  AND (c.is_shared OR c.owner_id = v.created_by_id)
ORDER BY f.id`;
