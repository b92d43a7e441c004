import { handleApiRequest } from '#server/api/handle-api-request.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

/** The router knows the methods; here each only has to arrive. */
function handle(request: Request): Promise<Response> {
  return handleApiRequest(request);
}

export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
};
