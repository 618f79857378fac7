import type { Attributes, SpanKind, Tracer } from "@opentelemetry/api";
import type { ModelCounter } from "../aggregate/model-counter.ts";
import type { EventEmitter } from "../events/event-emitter.ts";
import type { EventInputs } from "../events/input-share.ts";
import type { IdGenerator } from "../ids/uuid-v7.ts";
import type { DropCounter } from "../safety/drop-counter.ts";

/** What a recorder of one model works with. */
export interface RecorderParts {
  readonly modelName: string;
  readonly operation: string;
  readonly spanAttributes: Attributes;
  readonly spanKind: SpanKind;
  /** Of every prediction event of the model. */
  readonly eventAttributes: Attributes;
  /** Another one where another profile comes. */
  counter: ModelCounter;
  /** Null: no prediction events. */
  readonly events: EventEmitter | null;
  /** What events say of the inputs; null for nothing. Another one where another profile comes. */
  inputFilter: EventInputs | null;
  /** Null: no spans. */
  readonly tracer: Tracer | null;
  readonly createId: IdGenerator;
  readonly drops: DropCounter;
  /** Wall clock, Unix milliseconds. */
  readonly now: () => number;
}
