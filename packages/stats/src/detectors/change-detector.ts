/** What a change detector says of the value it has just seen. */
export interface ChangeVerdict {
  /** The values changed; the detector starts afresh with the next one. */
  readonly drift: boolean;
  /** They may be about to; always false where a detector knows no warning. */
  readonly warning: boolean;
}

/** Which changes of a mean count. */
export type ChangeDirection = "up" | "down" | "both";

/** Looks at values one at a time, in order, in constant or logarithmic memory. */
export interface ChangeDetector {
  /** @throws RangeError where the value is outside the detector's domain; the detector is then as before. */
  update(value: number): ChangeVerdict;
  /** Forgets everything. */
  reset(): void;
}

/** @throws RangeError where the value is not a finite number. */
export function requireFinite(value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`value is ${value}; expected a finite number`);
}

/** @throws RangeError where the value is not 0 (right) or 1 (wrong). */
export function requireError(value: number): void {
  if (value !== 0 && value !== 1) throw new RangeError(`value is ${value}; expected 0 (right) or 1 (wrong)`);
}

/** @throws RangeError where an option is not in its domain. */
export function requireOption(name: string, value: number, accepted: (value: number) => boolean, domain: string): void {
  if (!accepted(value)) throw new RangeError(`${name} is ${value}; expected ${domain}`);
}

/** Whole numbers from 1 on, the domain of counts. */
export function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

/** Numbers strictly between 0 and 1, the domain of confidences and forgetting factors. */
export function isInnerShare(value: number): boolean {
  return value > 0 && value < 1;
}
