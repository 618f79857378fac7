import type { AlertingRecord } from "@tidemark/responder";
import type { CauseKind } from "@tidemark/schema";
import { causeEpisodes } from "../report/cause-episodes.ts";
import { plural } from "../report/number-text.ts";
import type { ReportModel } from "../report/report-data.ts";
import { explanationOf } from "../report/verdict.ts";
import type { Decision } from "./review-data.ts";

type Advice = Pick<Decision, "role" | "text">;

/** What to do about a first cause, and who. */
const ADVICE: Readonly<Record<CauseKind, (target: string) => Advice>> = {
  silence: (target) => ({
    role: "engineering",
    text: `find out why nothing arrives from ${target || "the service"}; until then no verdict about it counts`,
  }),
  nulls: (target) => ({
    role: "engineering",
    text: `ask the owner of the feed of ${target} why values are missing, and keep these rows out of training`,
  }),
  stuck: (target) => ({
    role: "engineering",
    text: `look at the source of ${target}: it repeats one value; keep these rows out of training`,
  }),
  swapped: (target) => ({
    role: "engineering",
    text: `find where ${target} change places on their way to the model, and keep these rows out of training`,
  }),
  unit_change: (target) => ({
    role: "engineering",
    text: `agree on the unit of ${target} with its producer, and keep the rows since the change out of training`,
  }),
  type_change: (target) => ({
    role: "engineering",
    text: `restore the type of ${target} at its producer, and keep the rows since the change out of training`,
  }),
  new_category: (target) => ({
    role: "data science",
    text: `decide whether ${target} needs a model that has seen the new category, and how it is treated until then`,
  }),
  covariate_shift: (target) => ({
    role: "data science",
    text: `look whether the scores hold where ${target} is now; if they do not, train on rows of the new mix`,
  }),
  concept_shift: () => ({
    role: "data science",
    text: "train on recent outcomes and run the result as a challenger beside this version",
  }),
  unknown: (target) => ({
    role: "data science",
    text: `look at ${target || "it"} by hand: no known pattern explains the change, so no action is safe to take by itself`,
  }),
};

/** What is due after a period, the most urgent first: open episodes, people's decisions, alerts to tidy up. */
export function decisionsDue(models: readonly ReportModel[], alerting: AlertingRecord | null): Decision[] {
  return [...models.flatMap(ofModel), ...(alerting === null ? [] : ofAlerting(alerting))].sort(
    (a, b) => URGENCIES.indexOf(a.urgency) - URGENCIES.indexOf(b.urgency),
  );
}

const URGENCIES: readonly Decision["urgency"][] = ["now", "this week", "when convenient"];

/** One decision for each first cause that is open, at its worst. */
function ofModel({ entry, incidents, windowName }: ReportModel): Decision[] {
  const open = incidents.filter((incident) => incident.open && incident.windowName === windowName);
  return causeEpisodes(open).map((episode) => {
    const { kind, target } = episode.firstCause;
    const { role, text } = ADVICE[kind](target === "" ? (episode.incidents[0]?.target.name ?? "") : target);
    const urgency = episode.state === "warning" ? "when convenient" : kind === "covariate_shift" ? "this week" : "now";
    return { role, urgency, text: `${entry.model} ${entry.version}: ${text}. ${explanationOf(episode)}` };
  });
}

function ofAlerting({ waiting, cases, uses, redundant }: AlertingRecord): Decision[] {
  const unread = cases.filter(({ closedMs, acknowledgedMs }) => closedMs === null && acknowledgedMs === null);
  const unmarked = uses.reduce((sum, use) => sum + use.cases - use.useful - use.noise - use.duplicate, 0);
  const decisions: (Decision | null)[] = [
    ...waiting.map(
      ({ rung, name, model, expiresMs, approvers }): Decision => ({
        role: approvers.map((role) => role.replaceAll("_", " ")).join(" or ") || "operations",
        urgency: "now",
        text: `approve or reject ${rung.replaceAll("_", " ")} (${name}) for ${model}${expiresMs === null ? "" : `, which lapses at ${new Date(expiresMs).toISOString()}`}`,
      }),
    ),
    unread.length === 0
      ? null
      : {
          role: "operations",
          urgency: "now",
          text: `${plural(unread.length, "open case")} that nobody looks after: ${unread.map(({ model, target }) => `${model} ${target}`).join(", ")}`,
        },
    ...uses.filter(isNoisy).map(
      ({ alert, model, target, noise, useful }): Decision => ({
        role: "data science",
        urgency: "this week",
        text: `${alert} of ${model} ${target} was noise ${noise} times and useful ${useful} times: \`tidemark incident proposals\` says which line would have told them apart`,
      }),
    ),
    ...redundant.map(
      ({ model, first, second, together, either }): Decision => ({
        role: "operations",
        urgency: "when convenient",
        text: `${model}: ${first} and ${second} opened together ${together} of ${either} times; one of them would do`,
      }),
    ),
    unmarked === 0
      ? null
      : {
          role: "operations",
          urgency: "when convenient",
          text: `mark ${plural(unmarked, "case")} as useful, noise or duplicate: without it nobody can say which alerts are worth their interruption`,
        },
  ];
  return decisions.filter((decision) => decision !== null);
}

function isNoisy({ noise, useful }: AlertingRecord["uses"][number]): boolean {
  return noise >= 2 && noise > useful;
}
