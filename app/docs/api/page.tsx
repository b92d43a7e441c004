import type { Metadata } from 'next';

import { openapiDocument } from '#server/api/openapi.ts';

import { ApiReference } from './api-reference.tsx';
import { asReference } from './reference.ts';

export const metadata: Metadata = { title: 'API reference' };

/** Open to everyone, like the document that it is made from. */
export default function ApiDocsPage() {
  return <ApiReference reference={asReference(openapiDocument())} />;
}
