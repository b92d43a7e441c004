import type { Album, State } from './camera.ts';
import type { Seeded } from './seed.ts';

/** Every page with flows and runs of all kinds in it. */
export function pagesAlbum(seeded: Seeded): Album {
  const page = (name: string, title: string, path: string, rest: Partial<State> = {}): State => ({
    name,
    title,
    path,
    ...rest,
  });
  return {
    title: 'Pages',
    states: [
      page('home', 'Home', '/'),
      page('flows', 'Flows', '/flows'),
      page('flows-none-found', 'No flow of that name', '/flows?q=warehouse%20of%20nothing'),
      page('templates', 'Templates', '/templates', {
        prepare: (window) =>
          window
            .getByRole('img', { name: /^Picture of the flow/ })
            .nth(5)
            .waitFor(),
      }),
      page('template', 'A template', '/templates?template=reserve-charge-undo', {
        prepare: (window) =>
          window
            .getByRole('dialog')
            .getByRole('img', { name: /^Picture of the flow/ })
            .waitFor(),
      }),
      page('runs', 'Runs', '/runs'),
      page('runs-failed', 'Runs that failed', '/runs?status=failed'),
      page('run-succeeded', 'A run that succeeded', `/runs/${seeded.succeededRun}`),
      page('run-failed', 'A run that failed', `/runs/${seeded.failedRun}`),
      page('run-waiting', 'A run that waits for its next attempt', `/runs/${seeded.waitingRun}`),
      page('run-loop', 'A run with a loop that waits for an approval', `/runs/${seeded.askingRun}`),
      page('run-replay', 'A replay from a step', `/runs/${seeded.replayRun}`),
      page('run-replay-dialog', 'What a replay will do', `/runs/${seeded.failedRun}`, {
        prepare: async (window) => {
          await window.getByRole('button', { name: 'Replay…' }).click();
          await window.getByRole('region', { name: 'What will happen' }).waitFor();
        },
      }),
      page('run-compare', 'A failed run compared with the last success', `/runs/${seeded.failedRun}/compare`),
      page('runs-found', 'Runs found by their business key', '/runs?q=order%20A-4714'),
      page('dead-letters', 'Dead letters by cause', '/dead-letters'),
      page('dead-letters-list', 'Dead letters one by one', '/dead-letters?show=list'),
      page('bulk-action', 'A bulk action after its sample', `/bulk-actions/${seeded.bulkAction}`),
      page('bulk-actions', 'Bulk actions', '/bulk-actions'),
      page('dashboard', 'The dashboard', '/dashboard?range=1h'),
      page('ledger', 'The ledger', '/ledger'),
      page('drift', 'Drift and quarantine', '/drift'),
      page('alerts', 'Alerts', '/alerts', {
        prepare: (window) =>
          window
            .getByRole('link', { name: /dead letter/ })
            .first()
            .waitFor(),
      }),
      page('approvals', 'Approvals', '/approvals'),
      page('settings-account', 'Account', '/settings/account'),
      page('settings-alerts', 'Alert rules and channels', '/settings/alerts'),
      page('settings-alert-rule', 'A new alert rule', '/settings/alerts', {
        prepare: async (window) => {
          await window.getByRole('button', { name: 'New rule' }).click();
          await window.getByRole('dialog').waitFor();
        },
      }),
      page('settings-api-keys', 'API keys', '/settings/api-keys'),
      page('settings-audit', 'Audit log', '/settings/audit'),
      page('settings-retention', 'How long runs are kept', '/settings/retention'),
      page('settings-system', 'Workers, queue and database', '/settings/system'),
      page('api-reference', 'API reference', '/docs/api'),
    ],
  };
}
