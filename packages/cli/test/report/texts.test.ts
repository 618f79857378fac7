import assert from "node:assert/strict";
import { it } from "node:test";
import { dateText, dayText, periodText, shortDateText } from "../../src/report/date-text.ts";
import {
  bytesText,
  countText,
  cpuText,
  percentText,
  plural,
  rateText,
  scoreText,
  secondsText,
} from "../../src/report/number-text.ts";

it("numbers read as people write them", () => {
  const rows: [string, string][] = [
    [scoreText(0.8264), "0.826"],
    [scoreText(0), "0.000"],
    [scoreText(0.00012), "1.2e-4"],
    [scoreText(-0.5), "-0.500"],
    [scoreText(66.4512), "66.45"],
    [scoreText(12_345.6), "12,346"],
    [scoreText(null), "–"],
    [percentText(0.1234), "12.3 %"],
    [percentText(0.031), "3.1 %"],
    [percentText(0.00025), "0.025 %"],
    [percentText(0), "0 %"],
    [percentText(1), "100 %"],
    [percentText(0.9997), "99.97 %"],
    [percentText(0.999999), "99.99 %"],
    [countText(312_480), "312,480"],
    [secondsText(0.0136), "13.6 ms"],
    [secondsText(9_468), "2.63 h"],
    [secondsText(0), "0 s"],
    [cpuText(0.35), "35 %"],
    [cpuText(4e-7), "0.035 s / d"],
    [bytesText(175_000_000), "167 MiB"],
    [bytesText(0), "0 B"],
    [rateText(21_345), "21,300 / s"],
    [rateText(0.019), "68.4 / h"],
    [plural(1, "incident"), "one incident"],
    [plural(3, "incident"), "3 incidents"],
  ];
  for (const [text, want] of rows) assert.equal(text.replaceAll("\u00a0", " "), want);
});

it("times read in UTC, and an interval names its last day", () => {
  const rows: [string, string][] = [
    [dateText("2001-04-30T00:00:00.000Z"), "30 Apr 2001"],
    [dateText("2001-04-30T14:05:00.000Z"), "30 Apr 2001 14:05"],
    [dayText("2001-06-30T23:58:00.000Z"), "30 Jun 2001"],
    [shortDateText("2001-01-01T00:00:00.000Z"), "1 Jan"],
    [periodText("2001-04-30T00:00:00.000Z", "2001-05-07T00:00:00.000Z"), "30 Apr – 6 May 2001"],
    [periodText("2001-05-07T00:00:00.000Z", "2001-05-14T00:00:00.000Z"), "7 – 13 May 2001"],
    [periodText("2001-05-07T00:00:00.000Z", "2001-05-08T00:00:00.000Z"), "7 May 2001"],
    [periodText("2000-12-25T00:00:00.000Z", "2001-01-08T00:00:00.000Z"), "25 Dec 2000 – 7 Jan 2001"],
    [periodText("2001-05-07T01:00:00.000Z", "2001-05-07T02:00:00.000Z"), "7 May 2001 01:00 – 7 May 2001 02:00"],
  ];
  for (const [text, want] of rows) assert.equal(text, want);
});
