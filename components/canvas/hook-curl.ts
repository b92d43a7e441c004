import { webhookInput } from '#connectors/core/webhook.ts';
import type { WebhookVerify } from '#connectors/core/webhook-verify.ts';
import type { JsonObject } from '#core/json.ts';

/** A message as a sender signs and sends it, in shell words: variables to set first, then the headers. */
interface SigningRecipe {
  /** Lines before the call. */
  readonly lines: readonly string[];
  /** Options of curl. */
  readonly options: readonly string[];
}

const SECRET_LINE = `SECRET='paste the signing secret here'`;

/**
 * A shell script that sends one event to a hook, signed the way its trigger checks it. It needs curl and, for signatures,
 * openssl; the secret is for the person to fill in. `config` is that of the `core.webhook` node.
 */
export function hookCurl(hookUrl: string, config: JsonObject): string {
  const settings = webhookInput.partial().safeParse({ method: config.method, verify: config.verify });
  const method = settings.data?.method ?? 'POST';
  const hasBody = method !== 'GET';
  const recipe = recipeFor(settings.data?.verify ?? { scheme: 'none' });
  const body = hasBody ? `BODY='{"id":1042,"number":"A-1042","total":129.5}'` : `BODY=''`;
  const call = [
    `curl -i -X ${method === 'ANY' ? 'POST' : method} ${quote(hookUrl)}`,
    ...(hasBody ? [`-H 'Content-Type: application/json'`] : []),
    ...recipe.options,
    ...(hasBody ? ['--data-binary "$BODY"'] : []),
  ].join(' \\\n  ');
  return [...(hasBody || recipe.lines.length > 0 ? [body] : []), ...recipe.lines, call].join('\n');
}

function recipeFor(verify: WebhookVerify): SigningRecipe {
  switch (verify.scheme) {
    case 'none':
      return { lines: [], options: [] };
    case 'github':
      return signed('"$BODY"', {
        lines: [ID_LINE],
        options: [
          header('X-GitHub-Event', 'ping'),
          header('X-GitHub-Delivery', '$ID'),
          header('X-Hub-Signature-256', 'sha256=$SIGNATURE'),
        ],
      });
    case 'stripe':
      return signed('"$TIMESTAMP.$BODY"', {
        lines: [TIME_LINE],
        options: [header('Stripe-Signature', 't=$TIMESTAMP,v1=$SIGNATURE')],
      });
    case 'slack':
      return signed('"v0:$TIMESTAMP:$BODY"', {
        lines: [TIME_LINE],
        options: [
          header('X-Slack-Request-Timestamp', '$TIMESTAMP'),
          header('X-Slack-Signature', 'v0=$SIGNATURE'),
        ],
      });
    case 'shopify':
      return signed('"$BODY"', {
        lines: [ID_LINE],
        options: [header('X-Shopify-Webhook-Id', '$ID'), header('X-Shopify-Hmac-SHA256', '$SIGNATURE')],
        encoding: 'base64',
      });
    case 'standard_webhooks':
      return standardWebhooks();
    case 'hmac':
      return genericHmac(verify);
    case 'basic':
      return { lines: [], options: [`-u 'user:password'`] };
    case 'token':
      return { lines: [SECRET_LINE], options: [header(verify.header, '$SECRET')] };
    case 'jwt':
      return jwt(verify);
  }
}

const TIME_LINE = 'TIMESTAMP=$(date +%s)';
const ID_LINE = 'ID=$(openssl rand -hex 16)';

interface Signing {
  readonly lines: readonly string[];
  readonly options: readonly string[];
  readonly encoding?: 'hex' | 'base64';
  readonly algorithm?: string;
}

function signed(
  text: string,
  { lines, options, encoding = 'hex', algorithm = 'sha256' }: Signing,
): SigningRecipe {
  const digest = `openssl dgst -${algorithm} -hmac "$SECRET" -binary`;
  return {
    lines: [SECRET_LINE, ...lines, `SIGNATURE=$(printf '%s' ${text} | ${digest} | ${encoder(encoding)})`],
    options,
  };
}

/** Both without line breaks, as openssl and od wrap theirs. */
function encoder(encoding: 'hex' | 'base64'): string {
  return encoding === 'hex' ? `od -An -v -tx1 | tr -d ' \\n'` : 'openssl base64 -A';
}

/** The secret is base64 of the key, which openssl takes in hexadecimal. */
function standardWebhooks(): SigningRecipe {
  return {
    lines: [
      `SECRET='whsec_paste the signing secret here'`,
      'ID=msg_$(openssl rand -hex 16)',
      TIME_LINE,
      `KEY=$(printf '%s' "\${SECRET#whsec_}" | openssl base64 -d -A | ${encoder('hex')})`,
      `SIGNATURE=$(printf '%s' "$ID.$TIMESTAMP.$BODY" | openssl dgst -sha256 -mac HMAC -macopt hexkey:"$KEY" -binary | ${encoder('base64')})`,
    ],
    options: [
      header('webhook-id', '$ID'),
      header('webhook-timestamp', '$TIMESTAMP'),
      header('webhook-signature', 'v1,$SIGNATURE'),
    ],
  };
}

function genericHmac(verify: Extract<WebhookVerify, { scheme: 'hmac' }>): SigningRecipe {
  const text = verify.template
    .split(/(\{id\}|\{timestamp\}|\{body\})/)
    .filter((piece) => piece !== '')
    .map((piece) => PLACEHOLDERS[piece] ?? quote(piece))
    .join('');
  return signed(text, {
    lines: [...(verify.idHeader ? [ID_LINE] : []), ...(verify.timestampHeader ? [TIME_LINE] : [])],
    options: [
      ...(verify.idHeader ? [header(verify.idHeader, '$ID')] : []),
      ...(verify.timestampHeader ? [header(verify.timestampHeader, '$TIMESTAMP')] : []),
      `-H ${quote(`${verify.header}: ${verify.prefix}`)}"$SIGNATURE"`,
    ],
    encoding: verify.encoding,
    algorithm: verify.algorithm,
  });
}

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  '{id}': '"$ID"',
  '{timestamp}': '"$TIMESTAMP"',
  '{body}': '"$BODY"',
};

/** With a shared secret the script makes the token; one of an issuer's key set has to be fetched from there. */
function jwt(verify: Extract<WebhookVerify, { scheme: 'jwt' }>): SigningRecipe {
  const bearer = header(verify.header, 'Bearer $TOKEN');
  if (verify.jwksUrl !== undefined)
    return { lines: [`TOKEN='paste a token of the issuer here'`], options: [bearer] };
  const algorithm = verify.algorithms?.[0] ?? 'HS256';
  const claims = {
    ...(verify.issuer === undefined ? {} : { iss: verify.issuer }),
    ...(verify.audience === undefined ? {} : { aud: verify.audience }),
  };
  const rest = JSON.stringify(claims).slice(1, -1);
  const asUrl = `openssl base64 -A | tr '+/' '-_' | tr -d '='`;
  const digest = `openssl dgst -sha${algorithm.slice(2)} -hmac "$SECRET" -binary`;
  return {
    lines: [
      SECRET_LINE,
      `HEADER=$(printf '%s' ${quote(JSON.stringify({ alg: algorithm, typ: 'JWT' }))} | ${asUrl})`,
      `CLAIMS=$(printf '%s' ${quote('{"iat":')}"$(date +%s)"${quote(rest === '' ? '}' : `,${rest}}`)} | ${asUrl})`,
      `TOKEN="$HEADER.$CLAIMS.$(printf '%s' "$HEADER.$CLAIMS" | ${digest} | ${asUrl})"`,
    ],
    options: [bearer],
  };
}

/** `value` may hold shell variables. */
function header(name: string, value: string): string {
  return `-H "${name.replaceAll(/["$`\\]/g, '\\$&')}: ${value}"`;
}

/** A text as one word of the shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
