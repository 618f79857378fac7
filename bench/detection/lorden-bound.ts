/**
 * The delay that no detector beats on average, asymptotically: ln(G) / KL rows, for false alarms G rows apart and rows that
 * diverge by KL nats from the stable ones (Lorden, Annals of Mathematical Statistics 42, 1971).
 */
export function lordenBoundRows(falseAlarmRows: number, divergence: number): number {
  return Math.log(falseAlarmRows) / divergence;
}
