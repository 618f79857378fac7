import type { AlertingRecord } from "@tidemark/responder";
import { collectReportData } from "../report/collect-report-data.ts";
import { periodText } from "../report/date-text.ts";
import type { ReportApi, ReportModel } from "../report/report-data.ts";
import type { ReviewData } from "./review-data.ts";
import { lastWholePeriod, type ReviewKind, type ReviewPeriod } from "./review-period.ts";

export interface ReviewSources {
  readonly processor: ReportApi;
  /** The responder's record of a period, of one model or of all; absent where there is none. */
  readonly alerting?: (period: ReviewPeriod, modelName?: string) => Promise<AlertingRecord>;
}

/** Which review: a calendar week or month, the last whole one unless a period is given, or any period. */
export interface ReviewWish {
  readonly kind?: ReviewKind;
  readonly period?: ReviewPeriod;
  /** Of one model; else of all. */
  readonly modelName?: string;
}

const TITLES: Readonly<Record<ReviewKind, string>> = { weekly: "Weekly review", monthly: "Monthly review" };

/** The data of a review, in event time. */
export async function collectReview(
  { processor, alerting }: ReviewSources,
  { kind, period: wanted, modelName }: ReviewWish,
  now: () => Date = () => new Date(),
): Promise<ReviewData> {
  const { generatedAt, models } = await collectReportData(processor, modelName, now);
  const period = wanted ?? lastWholePeriod(kind ?? "weekly", newestTimeMs(models, now));
  return {
    generatedAt,
    title: `${kind === undefined ? "Review" : TITLES[kind]} of ${periodText(period.from, period.to)}`,
    period,
    models: models.map((model) => upTo(model, period.to)),
    alerting: alerting === undefined ? null : await alerting(period, modelName),
  };
}

/** Event time as far as it is known: a replay of last year is reviewed at the end of last year. */
function newestTimeMs(models: readonly ReportModel[], now: () => Date): number {
  const ends = models.flatMap(({ measurements }) => measurements.map(({ window }) => Date.parse(window.end)));
  return ends.length === 0 ? now().getTime() : ends.reduce((newest, end) => Math.max(newest, end));
}

/** A model as it was known at a time: what was measured later is left out. */
function upTo(model: ReportModel, to: string): ReportModel {
  const measurements = model.measurements.filter(({ window }) => window.end <= to);
  const incidents = model.incidents.flatMap((incident) => {
    const windows = incident.windows.filter(({ window }) => window.end <= to);
    if (windows.length === 0) return [];
    return [{ ...incident, windows, open: incident.open || windows.length < incident.windows.length }];
  });
  return { ...model, measurements, incidents };
}
