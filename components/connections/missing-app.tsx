'use client';

import Link from 'next/link';

import type { Connector } from '#components/api/connections.ts';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { DialogBody, DialogClose, DialogFooter } from '#components/ui/dialog.tsx';

/** Says that an app has to be registered at the provider first, and by whom. */
export function MissingApp({ connector }: { connector: Connector }) {
  const mayManage = useRight('connection:manage');
  return (
    <>
      <DialogBody>
        <p className="text-sm text-muted-foreground">
          {connector.label} lets people grant access to applications that it knows. This Patchbay is not
          registered there yet:{' '}
          {mayManage
            ? 'do that once, and everybody in the workspace can connect accounts.'
            : 'somebody with the role admin has to do that once.'}
        </p>
      </DialogBody>
      <DialogFooter>
        <DialogClose render={<Button />}>Close</DialogClose>
        {mayManage && (
          <Button
            variant="primary"
            nativeButton={false}
            render={<Link href={`/connections/apps?app=${connector.id}`} />}
          >
            Register at {connector.label}
          </Button>
        )}
      </DialogFooter>
    </>
  );
}
