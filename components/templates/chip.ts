/** Side of the square that stands for a node in the picture of a flow. */
export const CHIP = 30;
