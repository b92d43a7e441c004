import type { FailureFacts } from '#connectors/kit/http-call.ts';

const refused = { kind: 'auth', says: 'Connect the account again.' } as const;
/** How Slack refuses a token. */
export const REFUSALS = ['not_authed', 'invalid_auth', 'account_inactive', 'token_expired', 'token_revoked'];

const passing = { kind: 'transient' } as const;

/** Slack says failures in the body of a reply with status 200. */
export const slackFailures: FailureFacts = {
  isFailure: { at: '/ok', is: false },
  code: ['/error'],
  message: ['/needed', '/response_metadata/messages/*'],
  known: {
    ratelimited: { kind: 'throttled', waitSeconds: 30 },
    rate_limited: { kind: 'throttled', waitSeconds: 30 },
    ...Object.fromEntries(REFUSALS.map((word) => [word, refused])),
    internal_error: passing,
    fatal_error: passing,
    service_unavailable: passing,
    request_timeout: passing,
    already_reacted: { isDone: true },
    channel_not_found: { says: 'There is no such channel, or the app is not in it: invite it with /invite.' },
    not_in_channel: { says: 'Invite the app to the channel with /invite.' },
    is_archived: { says: 'The channel is archived.' },
    users_not_found: { says: 'No member of the workspace has this email address.' },
    missing_scope: { says: 'The app lacks a scope: connect the account again to grant it.' },
    msg_too_long: { says: 'Shorten the text: 40,000 characters at most.' },
    no_text: { says: 'Write a text or give blocks.' },
    invalid_blocks: { says: 'Check the blocks in Slack’s Block Kit Builder.' },
    name_taken: { says: 'There is a channel of this name already.' },
  },
};
