import type { Profile } from "@tidemark/schema";
import type { MetricEstimate } from "@tidemark/stats";
import type { Finding, JudgeContext } from "../window-aggregate.ts";
import type { ClassWindow } from "./class-estimator.ts";
import { estimateFinding } from "./estimate-finding.ts";

/**
 * Mean worth of a prediction by the configured matrix before outcomes come, for a model with a positive class; null where no matrix is
 * configured. With n the share of positive predictions, h of right ones among all rows and r of positive outcomes, the worth is linear:
 * w[+][-] n + w[-][-] (1 - n) + (w[+][+] - w[+][-] - w[-][+] + w[-][-]) h + (w[-][+] - w[-][-]) r.
 *
 * The interval adds those of h and r at their widest, and is trusted where both are. It only describes, as the known worth does.
 */
export function estimatedWorth(
  { estimate, matured, rows }: Pick<ClassWindow, "estimate" | "matured" | "rows">,
  model: Pick<JudgeContext, "profile" | "config">,
): Finding | null {
  const worthOf = binaryWorth(model);
  const { predictionRate } = estimate;
  const hit: MetricEstimate | undefined = estimate.metrics.hit_share;
  const rate: MetricEstimate | undefined = estimate.metrics.outcome_rate;
  if (worthOf === null || hit === undefined || rate === undefined) return null;
  const [hitWeight, rateWeight] = [
    worthOf(true, true) - worthOf(true, false) - worthOf(false, true) + worthOf(false, false),
    worthOf(false, true) - worthOf(false, false),
  ];
  const at = (h: number, r: number) =>
    worthOf(true, false) * predictionRate +
    worthOf(false, false) * (1 - predictionRate) +
    hitWeight * h +
    rateWeight * r;
  const ends = (weight: number, { lower, upper }: MetricEstimate) => (weight < 0 ? [upper, lower] : [lower, upper]);
  const [hitLow, hitHigh] = ends(hitWeight, hit);
  const [rateLow, rateHigh] = ends(rateWeight, rate);
  const worse = hit.trust === "trusted" || (hit.trust === "unproven" && rate.trust === "untrusted") ? rate : hit;
  const errors = [hitWeight * hit.standardError, rateWeight * rate.standardError].map(Math.abs);
  return estimateFinding(
    {
      key: "businessValue",
      estimate: {
        ...worse,
        value: at(hit.value, rate.value),
        lower: at(hitLow!, rateLow!),
        upper: at(hitHigh!, rateHigh!),
        standardError: errors[0]! + errors[1]!,
      },
      rows,
      isEnough: true,
      hasOverlap: estimate.hasOverlap,
      realized: matured === null ? null : at(matured.truth.hit_share, matured.truth.outcome_rate),
      numbers: { hitShare: hit.value, outcomeRate: rate.value, predictionRate },
    },
    model,
  );
}

/** Worth of a prediction of the positive class or not, that came true as the positive class or not. */
function binaryWorth({ profile, config }: Pick<JudgeContext, "profile" | "config">) {
  const worth = config.performance.value;
  const { positiveLabel } = profile;
  if (worth === undefined || positiveLabel === null) return null;
  const other = otherLabel(profile, positiveLabel);
  if (other === null) return null;
  const name = (isPositive: boolean) => (isPositive ? positiveLabel : other);
  return (said: boolean, came: boolean) => worth[name(said)]?.[name(came)] ?? 0;
}

/** The class that is not the positive one; null where there are several. */
function otherLabel({ fields }: Profile, positiveLabel: string): string | null {
  const labels = fields.flatMap((field) =>
    field.kind === "categorical" && field.name === "label" && field.target !== "feature"
      ? [...field.categories, ...field.otherCategories]
      : [],
  );
  const others = [...new Set(labels)].filter((label) => label !== positiveLabel);
  return others.length === 1 ? others[0]! : null;
}
