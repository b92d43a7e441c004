/** The only document format so far. */
export const FLOW_FORMAT = 1;

export const NODE_ID_PATTERN = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;
export const SLUG_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
