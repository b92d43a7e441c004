/** Why a backup or a restore is refused or failed; its message is for a person and says what to do. */
export class BackupError extends Error {
  override name = 'BackupError';
}
