/** What the benchmark's flow does with an event before it is sent on. `steps` count the trigger and the call, too. */
export const SHAPES = {
  /** Four fields are mapped. */
  call: { steps: 3 },
  /** Eight maps in a row. */
  'ten-steps': { steps: 10 },
  /** Twenty maps side by side, and one that waits for all. */
  'fan-out': { steps: 23 },
  /** A hundred items, each mapped. */
  loop: { steps: 103 },
} as const;

export type Shape = keyof typeof SHAPES;

/** A product under load, on this machine. */
export interface System {
  readonly name: string;
  /** Puts a flow of this shape on the air, whose last step posts to the far end; resolves to where events are sent. */
  publish(shape: Shape, farEndUrl: string): Promise<string>;
  stop(): Promise<unknown>;
}
