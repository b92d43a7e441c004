/** The kind of thing that the tree of data drags: a path such as `steps.map.id`. */
export const PATH_DRAG_TYPE = 'application/x-patchbay-path';
