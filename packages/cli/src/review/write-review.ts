import type { AlertingRecord } from "@tidemark/responder";
import { countText, percentText, plural, sentenceCase } from "../report/number-text.ts";
import { decisionsDue } from "./decisions-due.ts";
import type { ModelReview, Review, ReviewData } from "./review-data.ts";
import { reviewModel } from "./review-model.ts";

/** The content of a review. Pure: equal data give an equal review. */
export function writeReview({ generatedAt, title, period, models, alerting }: ReviewData): Review {
  const reviewed = models.map((model) => reviewModel(model, period));
  const decisions = decisionsDue(models, alerting);
  return {
    title,
    generatedAt,
    period,
    summary: [
      ...healthSentences(reviewed),
      ...(alerting === null ? [] : [alertingSentence(alerting)]),
      dueSentence(decisions),
    ],
    decisions,
    models: reviewed,
    alerting,
    limits: limitsOf(reviewed, alerting),
  };
}

function dueSentence(decisions: Review["decisions"]): string {
  if (decisions.length === 0) return "Nothing is due.";
  const now = decisions.filter(({ urgency }) => urgency === "now").length;
  const due = `${sentenceCase(plural(decisions.length, "decision"))} due`;
  return decisions.length === now ? `${due}, now.` : `${due}, ${now === 0 ? "none" : now} of them now.`;
}

function healthSentences(models: readonly ModelReview[]): string[] {
  if (models.length === 0) return ["No model has sent anything."];
  const bad = models.filter(({ state }) => state === "critical" || state === "no_data" || state === "warning");
  const predictions = models.reduce((sum, model) => sum + model.predictions, 0);
  const volume = `${sentenceCase(plural(models.length, "model"))} made ${countText(predictions)} predictions.`;
  if (bad.length === 0) return [volume, "None of them is outside its lines at the end of the period."];
  return [volume, ...bad.map(badSentence)];
}

/** What is wrong with a model, and whether its scores say so too. */
function badSentence({ name, state, episodes, scores, scoresOutside }: ModelReview): string {
  const [gravest] = episodes.filter(({ status }) => status !== "ended" && status !== "began and ended");
  const word = state === "no_data" ? "silent" : state;
  const why =
    gravest === undefined
      ? ""
      : `, since ${gravest.periods[0]!.split(" – ")[0]} first for this: ${gravest.title.charAt(0).toLowerCase()}${gravest.title.slice(1)}`;
  const lead = scores[0];
  if (lead === undefined) return `${name} is ${word}${why}. No score is known to say what it costs.`;
  const reference = lead.reference === null ? "" : `, ${lead.format(lead.reference)} in the reference`;
  const cost =
    scoresOutside.windows === 0
      ? "its scores stayed within their lines"
      : `its scores were outside their lines in ${scoresOutside.windows} of ${plural(scoresOutside.of, "window")}`;
  return `${name} is ${word}${why}. Its ${lead.title} is ${lead.format(lead.value)}${reference}; ${cost}.`;
}

function alertingSentence({ quality }: AlertingRecord): string {
  const { cases, precision, missed, medianSecondsToAcknowledge: seconds } = quality;
  if (cases === 0)
    return `No alert opened a case${missed === 0 ? "" : `, and ${plural(missed, "incident")} went without one`}.`;
  const useful =
    precision === null
      ? "none has been marked"
      : `${percentText(precision.value)} of ${precision.of} marked were useful`;
  const answered =
    seconds === null ? "" : `; half of those acknowledged were within ${countText(seconds / 60)} minutes`;
  return `${sentenceCase(plural(cases, "alert"))} opened a case, ${useful}${answered}.`;
}

function limitsOf(models: readonly ModelReview[], alerting: AlertingRecord | null): string[] {
  const unscored = models.filter(({ scores }) => !scores.some(({ title }) => title !== "Failed predictions"));
  return [
    "Scores rest on the outcomes that had come when this was made; the interval of each is at 95 %, and a change counts only where two of them lie apart.",
    "Several windows and features are looked at together: a warning that stands alone is expected now and then.",
    ...unscored.map(({ name }) => `No outcome of ${name} is known: whether it is still right is not known either.`),
    ...(alerting === null
      ? ["No responder was asked, so alerts, people and actions are not in it (--responder, with a token)."]
      : []),
  ];
}
