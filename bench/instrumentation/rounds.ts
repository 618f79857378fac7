/** Work that is measured beside others: the same thing `times` times. */
export interface Work {
  readonly name: string;
  readonly times: number;
  readonly run: (times: number) => void;
}

/** CPU nanoseconds a time of each work. */
export interface RoundTimes {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Runs all works in turn, round after round, so that what else the machine does falls on all alike. */
export function measureRounds(works: readonly Work[], rounds: number): Map<string, RoundTimes> {
  for (const { run, times } of works) run(times);
  const taken = new Map(works.map(({ name }): [string, number[]] => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, run, times } of works) {
      const before = process.cpuUsage();
      run(times);
      const { user, system } = process.cpuUsage(before);
      taken.get(name)!.push(((user + system) * 1e3) / times);
    }
  }
  return new Map(
    [...taken].map(([name, values]) => {
      const sorted = values.sort((a, b) => a - b);
      return [name, { median: sorted[sorted.length >> 1]!, lowest: sorted[0]!, highest: sorted.at(-1)! }];
    }),
  );
}
