import { CodeBlock } from '#components/ui/code-block.tsx';

import { AuthCard } from './auth-card.tsx';

/** For a first visitor from another machine, who may not become the owner. */
export function SetUpElsewhere() {
  return (
    <AuthCard title="Patchbay waits for its owner">
      <div className="flex flex-col gap-3 text-sm leading-5 text-muted-foreground">
        <p>
          The first account can be made only from the machine that Patchbay runs on, so that nobody else on
          the network is faster. Open this page there, or start Patchbay with these two variables:
        </p>
        <CodeBlock
          label="variables"
          code={'PATCHBAY_OWNER_EMAIL=you@example.com\nPATCHBAY_OWNER_PASSWORD=a long password'}
        />
      </div>
    </AuthCard>
  );
}
