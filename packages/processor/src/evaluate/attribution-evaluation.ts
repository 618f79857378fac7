import type { Measurement } from "@tidemark/schema";
import { type MonitorState, metric } from "@tidemark/semconv";
import type { ModelKey } from "../store/models.ts";
import type { WindowSpan } from "./window-grid.ts";
import { worseState } from "./worst-state.ts";

/** A share or a distance with its 95 % interval. */
interface Estimated {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** What a window's attributions came to: the verdict and the whole table by feature. */
export interface AttributionEvaluation extends ModelKey {
  readonly window: { readonly name: string; readonly start: string; readonly end: string };
  readonly profileId: string;
  readonly configId: string;
  /** The worst verdict; null where the profile has no importances to hold it against. */
  readonly state: MonitorState | null;
  /** Records with attributions. */
  readonly rows: number;
  /** Grows when late records change it. */
  readonly revision: number;
  /** 1 - NDCG of the ranking; null without importances of two features in the profile. */
  readonly drift: (Estimated & { readonly threshold: number | null; readonly state: MonitorState | null }) | null;
  /** Share of each feature, largest first; `change` is the share less the profile's. */
  readonly features: readonly (Estimated & {
    readonly feature: string;
    readonly change: (Estimated & { readonly state: MonitorState | null }) | null;
  })[];
}

/** The evaluation of a window's attributions from its measurements; null where it has none. Pure. */
export function attributionEvaluation(
  { tenant, model, version, role }: ModelKey,
  window: WindowSpan,
  measurements: readonly Measurement[],
): AttributionEvaluation | null {
  const own = measurements.filter(({ signal }) => signal === "attribution");
  const [first] = own;
  if (first === undefined) return null;
  const of = (name: string) => own.filter((each) => each.metric === name);
  const changes = new Map(of(metric.attributionChange).map((each) => [each.target.name, each]));
  const [drift] = of(metric.attributionDrift);
  const states = own.map(({ state }) => state).filter((state) => state !== null);
  return {
    ...{ tenant, model, version, role },
    window: { name: window.name, start: isoTime(window.startMs), end: isoTime(window.endMs) },
    profileId: first.profileId,
    configId: first.configId,
    state: states.length === 0 ? null : states.reduce(worseState),
    rows: first.count,
    revision: Math.max(...own.map(({ revision }) => revision)),
    drift: drift === undefined ? null : { ...estimated(drift), threshold: drift.threshold, state: drift.state },
    features: of(metric.attributionImportance)
      .map((each) => {
        const change = changes.get(each.target.name);
        return {
          feature: each.target.name,
          ...estimated(each),
          change: change === undefined ? null : { ...estimated(change), state: change.state },
        };
      })
      .sort((a, b) => (b.value ?? 0) - (a.value ?? 0) || (a.feature < b.feature ? -1 : 1)),
  };
}

function estimated({ value, lower, upper }: Measurement): Estimated {
  return { value, lower, upper };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
