import type { WindowAggregate } from "@tidemark/signals";
import type { Store } from "../store/store.ts";
import { readAbsentFeatures } from "./absent-features.ts";
import { readAttributionSums } from "./attribution-sums.ts";
import { readClassProbabilities } from "./class-probabilities.ts";
import { readDistinct } from "./distinct-counts.ts";
import { readDuplicates } from "./duplicate-counts.ts";
import { FIELD_METRICS, fieldsFromPoints, isOnProfile } from "./fields-from-points.ts";
import { fieldsFromRecords } from "./fields-from-records.ts";
import { readMultivariate } from "./multivariate-sample.ts";
import { readPatternCounts } from "./pattern-counts.ts";
import { readPointCounts } from "./point-counts.ts";
import { readPredictionCounts } from "./prediction-counts.ts";
import { readRepeatedValues } from "./repeated-values.ts";
import { readServiceCounts, SERVICE_METRICS } from "./service-counts.ts";
import { readVectorSamples } from "./vector-samples.ts";
import { readWindowOutcomes } from "./window-outcomes.ts";
import type { WindowRequest } from "./window-request.ts";

/**
 * Everything the signals may know of one window of one model version. A function of what is stored alone: the order, the
 * split and the repetition of deliveries do not change a bit of it. Fields stand in the profile's order; each is
 * counted from the service's metric points where these are exact, else from the prediction records.
 */
export async function aggregateWindow(store: Store, request: WindowRequest): Promise<WindowAggregate> {
  const { key, profile, window } = request;
  const [
    points,
    counts,
    outcomes,
    attributions,
    multivariate,
    patterns,
    embeddings,
    duplicates,
    distinct,
    classProbabilities,
  ] = await Promise.all([
    readPointCounts(store, {
      key,
      season: profile,
      metrics: [...FIELD_METRICS, ...SERVICE_METRICS],
      fromMs: window.startMs,
      toMs: window.endMs,
      isUsable: (point) => isOnProfile(profile, point),
    }),
    readPredictionCounts(store, request),
    readWindowOutcomes(store, request),
    readAttributionSums(store, request),
    readMultivariate(store, request),
    readPatternCounts(store, request),
    readVectorSamples(store, request, profile.embeddings ?? []),
    readDuplicates(store, request),
    readDistinct(store, request),
    readClassProbabilities(store, request),
  ]);
  const fromPoints = fieldsFromPoints(profile, points);
  const isCounted = new Set(fromPoints.map(fieldName));
  const rest = profile.fields.filter((field) => !isCounted.has(fieldName(field)));
  const fields = [...fromPoints, ...(await fieldsFromRecords(store, request, rest)), ...outcomes.fields];
  const absentFeatures = await readAbsentFeatures(store, request, fields);
  const repeated = await readRepeatedValues(store, request, fields);
  const byName = new Map(fields.map((field) => [fieldName(field), field]));
  return {
    ...key,
    window: { name: window.name, startMs: window.startMs, endMs: window.endMs },
    ...counts,
    fields: profile.fields.flatMap((field) => byName.get(fieldName(field)) ?? []),
    labelled: outcomes.labelled,
    segments: outcomes.segments,
    outcomes: outcomes.facts,
    ...(absentFeatures.length === 0 ? {} : { absentFeatures }),
    ...(attributions === null ? {} : { attributions }),
    ...(patterns.length === 0 ? {} : { patterns }),
    ...(duplicates === null ? {} : { duplicates }),
    ...(distinct === null ? {} : { distinct }),
    ...(repeated.length === 0 ? {} : { repeated }),
    ...(multivariate === null ? {} : { multivariate }),
    ...(classProbabilities === null ? {} : { classProbabilities }),
    ...(embeddings.length === 0 ? {} : { embeddings }),
    service: await readServiceCounts(store, request, points),
  };
}

function fieldName(field: { readonly target: string; readonly name: string }): string {
  return `${field.target} ${field.name}`;
}
