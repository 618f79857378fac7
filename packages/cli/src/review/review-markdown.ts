import type { AlertingRecord } from "@tidemark/responder";
import { countText, percentText, secondsText } from "../report/number-text.ts";
import { stateLook } from "../report/states.ts";
import type { EpisodeReview, ModelReview, Review, ScoreReview } from "./review-data.ts";

/** A review as Markdown, for a ticket, a wiki or a mail. Whatever stands in the data cannot become markup. */
export function reviewMarkdown(review: Review): string {
  const { title, generatedAt, summary, decisions, models, alerting, limits } = review;
  const blocks: (string | null)[] = [
    `# ${title}`,
    list(summary.map(plain)),
    "## Decisions due",
    decisions.length === 0
      ? "None."
      : list(decisions.map(({ role, urgency, text }) => `**${urgency}**, ${role}: ${plain(text)}`)),
    ...models.flatMap(modelBlocks),
    ...(alerting === null ? [] : alertingBlocks(alerting)),
    "## How to read this",
    list(limits.map(plain)),
    `Made by Tidemark at ${generatedAt.slice(0, 16).replace("T", " ")} UTC. Times are UTC and event time.`,
  ];
  return `${blocks.filter((block) => block !== null).join("\n\n")}\n`;
}

function modelBlocks(model: ModelReview): (string | null)[] {
  const { name, state, sentence, scores, episodes, drifting } = model;
  return [
    `## ${plain(name)}: ${stateLook(state).word}`,
    plain(sentence),
    volumeText(model),
    scores.length === 0
      ? null
      : table(["", "now", "95 %", "reference", "earlier", "change", "trend"], scores.map(scoreRow)),
    episodes.length === 0 ? "Nothing left its lines in the period." : list(episodes.map(episodeText)),
    drifting.length === 0
      ? null
      : `Inputs outside their lines: ${drifting.map(({ feature, windows, of }) => `${plain(feature)} in ${windows} of ${of} windows`).join(", ")}.`,
  ];
}

/** How many predictions were made, beside the period before. */
export function volumeText({ predictions, predictionsBefore: before }: ModelReview): string {
  const count = `${countText(predictions)} predictions`;
  if (before === null || before === 0) return `${count}.`;
  const change = predictions / before - 1;
  return `${count}, ${change === 0 ? "as many as" : `${percentText(Math.abs(change))} ${change > 0 ? "more" : "fewer"} than`} in the period before.`;
}

function scoreRow({ title, format, value, interval, state, reference, before, change, trend }: ScoreReview): string[] {
  return [
    title,
    `${format(value)}${state === null || state === "ok" ? "" : ` (${stateLook(state).word})`}`,
    interval === null ? "" : interval.map((bound) => format(bound)).join(" to "),
    reference === null ? "" : format(reference),
    before === null ? "" : format(before),
    change,
    sparkline(trend),
  ];
}

function episodeText({ state, title, periods, status, explanation, touched }: EpisodeReview): string {
  return `**${stateLook(state).word}**, ${plain(title)}, ${timesText(periods)} (${status}). ${plain(explanation)} It touched ${plain(touched.join(", "))}.`;
}

/** The times that something happened, in words. */
export function timesText(periods: readonly string[]): string {
  return periods.length === 1 ? periods[0]! : `${periods.length} times: ${periods.join("; ")}`;
}

function alertingBlocks({ quality, uses, missed, actions }: AlertingRecord): string[] {
  return [
    "## Alerts and people",
    table(["", ""], qualityRows(quality)),
    ...(uses.length === 0
      ? []
      : [
          table(
            ["alert", "model", "about", "cases", "useful", "noise", "untouched"],
            uses.map(({ alert, model, target, signal, cases, useful, noise, untouched }) =>
              [alert, model, `${target} (${signal})`, cases, useful, noise, untouched].map(String),
            ),
          ),
        ]),
    ...(missed.length === 0
      ? []
      : [
          `Not caught by any alert:\n\n${list(missed.map(({ model, description }) => `${plain(model)}: ${plain(description)}`))}`,
        ]),
    ...(actions.length === 0
      ? []
      : [
          table(
            ["action", "model", "what came of it", "decided by"],
            actions.map(({ rung, name, model, status, actor }) => [
              `${rung.replaceAll("_", " ")} (${name})`,
              model,
              status.replaceAll("_", " "),
              actor ?? "nobody",
            ]),
          ),
        ]),
  ];
}

/** How well alerting did, as pairs of name and value. */
export function qualityRows(quality: AlertingRecord["quality"]): string[][] {
  const share = (found: AlertingRecord["quality"]["precision"]) =>
    found === null
      ? "nothing to measure"
      : `${percentText(found.value)} of ${found.of} (95 %: ${percentText(found.lower)} to ${percentText(found.upper)})`;
  return [
    ["Cases", countText(quality.cases)],
    ["Useful, of those marked", share(quality.precision)],
    ["Caught, of incidents known", share(quality.recall)],
    ["Fired again within an hour", share(quality.flapping)],
    ["Acted upon", share(quality.actedUpon)],
    ["Actions taken back", share(quality.undone)],
    ["Median time to detect", secondsText(quality.medianSecondsToDetect)],
    ["Median time to acknowledge", secondsText(quality.medianSecondsToAcknowledge)],
    ["Median time to resolve", secondsText(quality.medianSecondsToResolve)],
  ];
}

const BARS = "▁▂▃▄▅▆▇█";

/** Values as bars from their smallest to their largest; a gap where there is none. */
function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return values
    .map((value) => (value === null ? " " : BARS[high === low ? 3 : Math.round((7 * (value - low)) / (high - low))]))
    .join("");
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = line(head.map(() => "---"));
  return [line(head.map(plain)), rule, ...rows.map((cells) => line(cells.map(plain)))].join("\n");
}

/**
 * Text that stays text: a name from the wire can neither break a table nor become a link, a formula, a list or a tag. An
 * address without brackets is a link for GitHub and others, unless its colon, its first dot or its @ are escaped.
 */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[|<>[\]`*_~$&@\\]|:(?=\/\/)|(?<=\bwww)\.|(?<=^\s?)[#+=-]|(?<=^\s?\d{1,9})[.)](?= )/gi, "\\$&");
}
