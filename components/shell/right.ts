/** The rights that pages ask about to show or hide a button. The server decides again on every call. */
export type Right =
  | 'flow:edit'
  | 'flow:publish'
  | 'flow:delete'
  | 'run:start'
  | 'run:cancel'
  | 'run:replay'
  | 'run:resolve'
  | 'connection:use'
  | 'connection:manage'
  | 'alert:manage'
  | 'api_key:manage'
  | 'audit:read'
  | 'retention:manage'
  | 'system:read';

export const RIGHTS_SHOWN: readonly Right[] = [
  'flow:edit',
  'flow:publish',
  'flow:delete',
  'run:start',
  'run:cancel',
  'run:replay',
  'run:resolve',
  'connection:use',
  'connection:manage',
  'alert:manage',
  'api_key:manage',
  'audit:read',
  'retention:manage',
  'system:read',
];
