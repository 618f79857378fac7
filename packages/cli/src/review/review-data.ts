import type { AlertingRecord } from "@tidemark/responder";
import type { MonitorState } from "@tidemark/semconv";
import type { ReportModel } from "../report/report-data.ts";
import type { ReviewPeriod } from "./review-period.ts";

/** What a review is made of. */
export interface ReviewData {
  /** When it was made, ISO 8601 UTC. */
  readonly generatedAt: string;
  readonly title: string;
  readonly period: ReviewPeriod;
  /** Everything known of each model, before the period too; nothing after it. */
  readonly models: readonly ReportModel[];
  /** Null where there is no responder to ask. */
  readonly alerting: AlertingRecord | null;
}

/** A measured value of a model, in the period and before it. */
export interface ScoreReview {
  readonly title: string;
  readonly format: (value: number | null) => string;
  /** Of the newest window of the period that has a value. */
  readonly value: number;
  readonly interval: readonly [lower: number, upper: number] | null;
  readonly state: MonitorState | null;
  readonly reference: number | null;
  /** The same of the last window before the period or, without one, of the period's first. */
  readonly before: number | null;
  /** What the change since then is, in words, and whether it is more than the intervals allow. */
  readonly change: string;
  /** One value a window up to the end of the period, the oldest first; null where there is none. */
  readonly trend: readonly (number | null)[];
}

/** Something that somebody has to do or to decide. */
export interface Decision {
  /** Who it is for, such as `data science`, or `operations or engineering`. */
  readonly role: string;
  /** `now` where the model is wrong as long as nothing is done. */
  readonly urgency: "now" | "this week" | "when convenient";
  readonly text: string;
}

/** One thing that happened to a model, once or several times. */
export interface EpisodeReview {
  readonly state: MonitorState;
  readonly title: string;
  /** When, the latest first, such as `30 Apr – 1 Jul 2001`. */
  readonly periods: readonly string[];
  /** Of the latest. */
  readonly status: "began and goes on" | "began and ended" | "goes on from before" | "ended";
  /** Of the gravest. */
  readonly explanation: string;
  /** Names of what it touched. */
  readonly touched: readonly string[];
}

export interface ModelReview {
  readonly name: string;
  readonly state: MonitorState;
  readonly sentence: string;
  readonly predictions: number;
  readonly predictionsBefore: number | null;
  readonly scores: readonly ScoreReview[];
  readonly episodes: readonly EpisodeReview[];
  /** Windows in which a score was outside its lines, of those in which one was judged. */
  readonly scoresOutside: { readonly windows: number; readonly of: number };
  /** Features that left their lines, with the windows in which they did, the most frequent first. */
  readonly drifting: readonly { readonly feature: string; readonly windows: number; readonly of: number }[];
}

/** A review as content, without form. */
export interface Review {
  readonly title: string;
  readonly generatedAt: string;
  readonly period: ReviewPeriod;
  readonly summary: readonly string[];
  readonly decisions: readonly Decision[];
  readonly models: readonly ModelReview[];
  readonly alerting: AlertingRecord | null;
  /** What the review cannot say, and why. */
  readonly limits: readonly string[];
}
