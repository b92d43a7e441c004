let wanted: string | null = null;

/** The control labelled by this id is about to be replaced by another, which is to have the focus. */
export function requestFocus(labelledBy: string): void {
  wanted = labelledBy;
}

/** True once, for the control that focus was requested for. */
export function takeFocusRequest(labelledBy: string): boolean {
  if (wanted !== labelledBy) return false;
  wanted = null;
  return true;
}
