import { PairedComparison, wilsonInterval } from "@tidemark/stats";
import type { BenchResult, BenchSize } from "../bench-result.ts";
import { createSeededRandom } from "../detection/seeded-random.ts";
import { type DifferenceStream, differenceStreams, MINUTES, ROWS_A_MINUTE } from "./difference-streams.ts";

const RUNS: Readonly<Record<BenchSize, number>> = { quick: 20, default: 200, full: 1_000 };
/** Months with a true difference; they end with the verdict. */
const EFFECT_SHARE = 0.2;
const FIRST_DAY = 1_440;
const Z = 1.96;

interface Month {
  readonly verdict: "right" | "wrong" | "none";
  readonly pairs: number;
  /** Whether a t-test at every look from 500 pairs on would have named the wrong one, or any where they are equal. */
  readonly naiveIsWrong: boolean;
}

/** `npm run bench -- comparison`: wrong verdicts of champion against challenger, looked at every minute of a month. */
export function benchComparison(size: BenchSize): BenchResult[] {
  const runs = RUNS[size];
  console.log(`${runs} months of ${MINUTES} minutes, ${ROWS_A_MINUTE} pairs a minute, a look at every minute\n`);
  console.log("| paired difference | wrong verdict | t-test at every look | found, true effect | median pairs to it |");
  console.log("|---|---|---|---|---|");
  return differenceStreams.flatMap((stream) => {
    const equal = Array.from({ length: runs }, (_, run) => month(stream, 0, run));
    const better = Array.from({ length: Math.ceil(runs * EFFECT_SHARE) }, (_, run) =>
      month(stream, -stream.effect, run),
    );
    const wrong = equal.filter(({ verdict }) => verdict === "wrong").length;
    const naive = equal.filter(({ naiveIsWrong }) => naiveIsWrong).length;
    const found = better.filter(({ verdict }) => verdict === "right");
    const pairs = found.map((each) => each.pairs).sort((a, b) => a - b)[Math.floor(found.length / 2)] ?? Number.NaN;
    const misled = better.filter(({ verdict }) => verdict === "wrong").length;
    const [lower, upper] = wilsonInterval(wrong, runs);
    console.log(
      `| ${stream.name} | ${percent(wrong / runs)} (${percent(lower)} to ${percent(upper)}) | ${percent(naive / runs)} | ` +
        `${percent(found.length / better.length)}${misled > 0 ? `, ${misled} wrong` : ""} of ${better.length}, ${stream.effect} | ${pairs.toLocaleString("en")} |`,
    );
    const name = `comparison ${stream.name}`;
    return [
      {
        name: `${name}: wrong verdicts`,
        value: wrong / runs,
        unit: "share",
        against: "t-test",
        ratio: wrong === 0 ? null : naive / wrong,
        lower,
        upper,
        trials: runs,
      },
      {
        name: `${name}: pairs to the verdict`,
        value: pairs,
        unit: "pairs",
        against: null,
        ratio: null,
        trials: better.length,
      },
    ];
  });
}

function month(stream: DifferenceStream, shift: number, run: number): Month {
  const next = stream.open(createSeededRandom(`comparison ${stream.name} ${shift} ${run}`));
  const comparison = new PairedComparison({ range: [-stream.cap - Math.abs(shift), stream.cap + Math.abs(shift)] });
  let naiveIsWrong = false;
  let count = 0;
  let total = 0;
  let squares = 0;
  for (let minute = 0; minute < MINUTES; minute++) {
    let sum = 0;
    for (let row = 0; row < ROWS_A_MINUTE; row++) {
      const value = Math.min(stream.cap, Math.max(-stream.cap, next(minute))) + shift;
      sum += value;
      squares += value * value;
    }
    count += ROWS_A_MINUTE;
    total += sum;
    const z = total / Math.sqrt(squares - (total * total) / count);
    if (count >= 500 && (shift === 0 ? Math.abs(z) > Z : z > Z)) naiveIsWrong = true;
    const { verdict, pairs } = comparison.update({ pairs: ROWS_A_MINUTE, sum, mayDecide: minute >= FIRST_DAY });
    const isRight = verdict === "challenger_better" && shift < 0;
    const isWrong = !isRight && (verdict === "challenger_better" || verdict === "champion_better");
    if (isRight || isWrong) return { verdict: isRight ? "right" : "wrong", pairs, naiveIsWrong };
  }
  return { verdict: "none", pairs: count, naiveIsWrong };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
