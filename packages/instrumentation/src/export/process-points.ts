import type { MetricPoints, Stamp } from "./metric-points.ts";

const NO_ATTRIBUTES = {};
const MICROSECONDS = 1e-6;

/** Reads the process's own use of CPU and memory, since this reader was made. */
export interface ProcessReader {
  appendPoints(points: MetricPoints, stamp: Stamp, isDelta: boolean): void;
}

/** CPU time counts from the creation of the reader, or in delta from the last reading; memory is the resident set. */
export function createProcessReader(): ProcessReader {
  let base = cpuSeconds();
  return {
    appendPoints(points, stamp, isDelta) {
      const now = cpuSeconds();
      points.addSum("processCpuTime", stamp, NO_ATTRIBUTES, Math.max(0, now - base));
      points.addSum("processMemoryUsage", stamp, NO_ATTRIBUTES, process.memoryUsage.rss());
      if (isDelta) base = now;
    },
  };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * MICROSECONDS;
}
