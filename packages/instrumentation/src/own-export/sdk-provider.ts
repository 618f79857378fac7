import type { Attributes } from "@opentelemetry/api";

/** The parts of a provider of the SDK that are used; private in some lines, so none may be counted on. */
export interface SdkProvider {
  readonly resource?: SdkResource;
  readonly _resource?: SdkResource;
  readonly _sharedState?: { readonly resource?: SdkResource };
  /** Of the API's stand-in, which forwards to the registered one. */
  readonly getDelegate?: () => SdkProvider;
}

interface SdkResource {
  readonly attributes?: Attributes;
  readonly asyncAttributesPending?: boolean;
  waitForAsyncAttributes?(): Promise<void>;
}

/** The provider behind the API's stand-in; itself where it is none. */
export function sdkProvider(provider: unknown): SdkProvider | undefined {
  const given = provider as SdkProvider | undefined;
  return given?.getDelegate === undefined ? given : given.getDelegate();
}
