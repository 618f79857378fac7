import type { FeatureSkew, SkewExplanation, SkewReport } from "@tidemark/processor";
import { countText, percentText, plural, secondsText } from "../report/number-text.ts";

/** What was compared and, by feature, how much differs: lines for a terminal. */
export function describeSkew(report: SkewReport, tolerated: number): string[] {
  const { rows, features, notRecorded, notRecomputed } = report;
  const width = Math.max(...features.map(({ name }) => name.length));
  const left = [
    [report.rowsWithoutInputs, "rows left out, as their record has no inputs"],
    [report.rowsWithoutRecord, "rows without a record"],
    [report.recordsWithoutRow, "records without a row"],
    [report.rowsWithoutId, "rows without an id"],
    [report.rowsOfRepeatedIds, "rows left out, as their id stands in several of them"],
  ] as const;
  return [
    `${plural(rows, "row")} compared by id; ${left.flatMap(([count, what]) => (count === 0 ? [] : [`${what}: ${countText(count)}`])).join("; ") || "every row has a record and every record a row"}`,
    "",
    ...features.flatMap((feature) => featureLines(feature, width, tolerated)),
    ...(notRecorded.length === 0 ? [] : ["", `not recorded by the service: ${notRecorded.join(", ")}`]),
    ...(notRecomputed.length === 0 ? [] : ["", `not in the file: ${notRecomputed.join(", ")}`]),
  ];
}

function featureLines(feature: FeatureSkew, width: number, tolerated: number): string[] {
  const { name, rows, differing, share, missingServed, missingRecomputed, explanation, examples } = feature;
  if (share === null) return [`  ${name.padEnd(width)}  no value on either side`];
  const mark = share.value > tolerated ? "  <- differs" : "";
  const first = `  ${name.padEnd(width)}  ${percentText(share.value)} (${percentText(share.lower)} to ${percentText(share.upper)}), ${countText(differing)} of ${plural(rows, "row")}${mark}`;
  if (differing === 0) return [first];
  const indent = " ".repeat(width + 4);
  const missing = [
    ...(missingServed > 0 ? [`${countText(missingServed)} missing in the service`] : []),
    ...(missingRecomputed > 0 ? [`${countText(missingRecomputed)} missing in the file`] : []),
  ];
  return [
    first,
    ...(missing.length === 0 ? [] : [`${indent}of them ${missing.join(", ")}`]),
    ...(explanation === null ? [] : [`${indent}${explanationText(explanation)}`]),
    ...examples.map(({ id, traceId, time, served, recomputed, rows: times }) => {
      const trace = traceId === "" ? "" : `, trace ${traceId}`;
      return `${indent}served ${served ?? "nothing"}, recomputed ${recomputed ?? "nothing"}: ${times > 1 ? `${plural(times, "row")}, such as ` : ""}${id} at ${time}${trace}`;
    }),
  ];
}

function explanationText(explanation: SkewExplanation): string {
  return `${reasonOf(explanation)}: ${percentText(explanation.share)} of the values that differ`;
}

function reasonOf(explanation: SkewExplanation): string {
  switch (explanation.kind) {
    case "ratio":
      return `served is ${short(explanation.ratio)} times what was recomputed (a unit?)`;
    case "offset":
      return `served is what was recomputed ${explanation.offset < 0 ? "less" : "plus"} ${short(Math.abs(explanation.offset))}`;
    case "rounded":
      return `served is rounded to ${plural(explanation.decimals, "decimal")}`;
    case "letter_case_or_blanks":
      return "only the case of letters or blanks around differ";
    case "other_row": {
      const { rows, seconds } = explanation;
      const time = `about ${secondsText(seconds)} ${rows > 0 ? "earlier" : "later"}`;
      return rows > 0
        ? `served is what is computed ${plural(rows, "row")} earlier, ${time} (stale?)`
        : `served is what is computed ${plural(-rows, "row")} later, ${time} (recomputed with a lag?)`;
    }
  }
}

function short(number: number): string {
  return String(Number(number.toPrecision(4)));
}
