import type { Incoming } from '#sandbox/http/incoming.ts';
import { Problem } from '#sandbox/problem.ts';

/**
 * The fields of a form that one of Acme's own pages sent. Throws a `Problem` (403) for anybody else's: browsers name the
 * page's origin with every POST, and nobody signs in here, so another site's form must not act for its visitor.
 */
export async function readForm(incoming: Incoming): Promise<URLSearchParams> {
  const { headers } = incoming;
  if (headers.origin !== `http://${headers.host}`)
    throw new Problem(403, 'cross_site', 'This form was not sent by a page of Acme, so nothing was done.');
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    throw new Problem(415, 'unsupported_media_type', 'Send the form as a browser does.');
  return new URLSearchParams(await incoming.body());
}
