import { createFairShare } from "../receive/fair-share.ts";

/** Why a new series is not taken: what holds as many as it may. */
export type SeriesBound = "model" | "tenant" | "process";

/** How many series are known of the running hour, and how many may be. */
export interface SeriesUsage {
  readonly series: number;
  readonly limit: number;
}

/** Bounds the series of points that senders may make up: they must fill neither the disk nor the memory that knows them. */
export interface SeriesGuard {
  /** Takes a series of a model, or of a tenant's processes where the model is empty; null where it may be stored. */
  refuse(tenant: string, model: string, series: string): SeriesBound | null;
  /** Of a tenant, or of the process where none is named. */
  usage(tenant?: string): SeriesUsage;
}

export interface SeriesLimits {
  readonly model: number;
  readonly tenant: number;
  readonly process: number;
}

/** About 60 bytes each: 30 MB where the process is full. */
const LIMITS: SeriesLimits = { model: 100_000, tenant: 250_000, process: 500_000 };
const SPAN_MS = 3_600_000;

/**
 * Each bound counts the series of an hour, which then is new. Known series go on at a bound. Below half of the process's bound no tenant is
 * held by it; above it those who hold more than their equal part are.
 * @param now Unix milliseconds.
 */
export function createSeriesGuard(now: () => number, limits: SeriesLimits = LIMITS): SeriesGuard {
  let sinceMs = now();
  let byTenant = new Map<string, Map<string, Set<string>>>();
  let counts = new Map<string, number>();
  let shares = createFairShare(limits.process);
  let total = 0;

  const begin = () => {
    if (now() - sinceMs < SPAN_MS) return;
    sinceMs = now();
    byTenant = new Map();
    counts = new Map();
    shares = createFairShare(limits.process);
    total = 0;
  };

  return {
    refuse(tenant, model, series) {
      begin();
      const models = byTenant.get(tenant) ?? new Map<string, Set<string>>();
      byTenant.set(tenant, models);
      const known = models.get(model) ?? new Set<string>();
      models.set(model, known);
      if (known.has(series)) return null;
      const held = counts.get(tenant) ?? 0;
      if (known.size >= limits.model) return "model";
      if (held >= limits.tenant) return "tenant";
      if (total >= limits.process || shares.isOver(tenant)) return "process";
      known.add(series);
      counts.set(tenant, held + 1);
      shares.take(tenant, 1);
      total += 1;
      return null;
    },
    usage(tenant) {
      begin();
      return tenant === undefined
        ? { series: total, limit: limits.process }
        : { series: counts.get(tenant) ?? 0, limit: limits.tenant };
    },
  };
}
