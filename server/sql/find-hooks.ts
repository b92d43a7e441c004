/** What hooks lead to now. `$2` names for each hook the connection that it used last, whose stamp is wanted too. */
export const FIND_HOOKS = `
SELECT wanted.token_hash, hook.workspace_id, hook.flow_id, flow.slug, flow_version.id AS version_id, flow_version.number AS version_number, flow_version.created_by_id AS version_user,
  wanted.connection_slug AS asked_connection, connection.updated_at::text AS connection_stamp
FROM unnest($1::text[], $2::text[]) AS wanted (token_hash, connection_slug)
JOIN hook ON hook.token_hash = decode(wanted.token_hash, 'hex')
JOIN flow ON flow.id = hook.flow_id
LEFT JOIN flow_version ON flow_version.flow_id = flow.id AND flow_version.number = flow.published_version
LEFT JOIN connection ON connection.workspace_id = hook.workspace_id AND connection.slug = wanted.connection_slug`;

/** The node of a version's document that is of one of these types, and the settings by which runs stand in line and are found. */
export const TRIGGER_OF_VERSION = `
SELECT (SELECT node FROM json_array_elements(document -> 'nodes') node WHERE node ->> 'type' = ANY ($2::text[]) LIMIT 1) AS node,
  document -> 'settings' -> 'concurrency' AS concurrency, document -> 'settings' -> 'businessKey' AS business_key
FROM flow_version WHERE id = $1`;

/** As `TRIGGER_OF_VERSION`, of the draft of a flow. */
export const TRIGGER_OF_DRAFT = `
SELECT (SELECT node FROM json_array_elements(draft -> 'nodes') node WHERE node ->> 'type' = ANY ($2::text[]) LIMIT 1) AS node,
  draft -> 'settings' -> 'concurrency' AS concurrency, draft -> 'settings' -> 'businessKey' AS business_key
FROM flow WHERE id = $1`;

/** What deliveries to a flow may be signed with, sealed. */
export const SUBSCRIPTION_SECRETS = `
SELECT id, workspace_id, wrapped_key, key_version, secret FROM subscription
WHERE flow_id = $1 AND trigger = $2 AND secret IS NOT NULL ORDER BY id`;

export const CONNECTION_STAMP = `
SELECT updated_at::text AS stamp FROM connection WHERE workspace_id = $1 AND slug = $2`;
