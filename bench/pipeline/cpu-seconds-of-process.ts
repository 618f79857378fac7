import { readFileSync } from "node:fs";

/** Of `utime` and `stime` in /proc; 100 a second on every Linux that matters. */
const TICKS_A_SECOND = 100;

/** CPU time that a process has used so far, user and system, all threads. Linux only. */
export function cpuSecondsOfProcess(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in brackets may hold spaces; utime and stime are the 12th and 13th field after it.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}
