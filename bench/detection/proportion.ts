import { wilsonInterval } from "@tidemark/stats";

/** Events among trials with the 95 % Wilson interval of their rate. */
export interface Proportion {
  readonly events: number;
  readonly trials: number;
  readonly rate: number;
  readonly lower: number;
  readonly upper: number;
}

export function proportionOf(events: number, trials: number): Proportion {
  const [lower, upper] = wilsonInterval(events, trials);
  return { events, trials, rate: events / trials, lower, upper };
}
