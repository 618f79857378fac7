// `npm run parity -- DIR [--verbose]`: runs every fixture file of a folder through the public functions of @tidemark/stats.
import { existsSync } from "node:fs";
import { type FileReport, runFolder } from "./run-folder.ts";

/** Failures shown a file; all of them with --verbose. */
const SHOWN = 3;

const arguments_ = process.argv.slice(2);
const folder = arguments_.find((argument) => !argument.startsWith("--"));
if (folder === undefined || !existsSync(folder)) {
  console.error("usage: npm run parity -- DIR [--verbose], DIR a folder of fixture files");
  process.exit(2);
}
const reports = runFolder(folder);
for (const report of reports) printReport(report, arguments_.includes("--verbose"));
printExclusions(reports);
const failed = sum((report) => report.failed.length);
const run = sum((report) => report.passed) + failed;
const total = run + sum(excludedOf);
const worst = Math.max(0, ...reports.map((report) => report.worstRelativeError));
console.log(
  `${run} of ${total} cases run (${((100 * run) / Math.max(1, total)).toFixed(1)} %), ${sum(excludedOf)} excluded; ` +
    `worst relative error of what passed ${worst.toExponential(1)}`,
);
console.log(`${sum((report) => report.passed)} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function printReport(report: FileReport, verbose: boolean): void {
  const { name, passed, failed, worstRelativeError } = report;
  const excluded = excludedOf(report);
  console.log(
    `${name.padEnd(46)} ${String(passed).padStart(5)} passed ${String(failed.length).padStart(5)} failed ` +
      `${String(excluded).padStart(5)} excluded   worst ${worstRelativeError.toExponential(1)}`,
  );
  for (const { id, reason } of failed.slice(0, verbose ? failed.length : SHOWN)) console.log(`    ${id}: ${reason}`);
}

function printExclusions(all: readonly FileReport[]): void {
  const reasons = new Map<string, number>();
  for (const { excluded } of all) {
    for (const [reason, count] of excluded) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  }
  if (reasons.size > 0) console.log("excluded:");
  for (const [reason, count] of reasons) console.log(`  ${String(count).padStart(5)}  ${reason}`);
}

function excludedOf(report: FileReport): number {
  return [...report.excluded.values()].reduce((total, count) => total + count, 0);
}

function sum(of: (report: FileReport) => number): number {
  return reports.reduce((total, report) => total + of(report), 0);
}
