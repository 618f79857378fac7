import { html } from "hono/html";
import { type Html, page } from "./layout.ts";

export function signInPage(problem: string | null): Html {
  return page(
    "Sign in",
    null,
    html`${problem === null ? "" : html`<p class="critical" role="alert">${problem}</p>`}
<form method="post" action="/sign-in" class="card">
<label>Your token <input type="password" name="token" required autocomplete="current-password" autofocus></label>
<button>Sign in</button>
</form>`,
  );
}
