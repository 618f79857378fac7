import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { html } from "../../src/report/html.ts";

it("whatever is put in comes back as text, and is never markup", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const markup = html`${text}`.text;
      assert.doesNotMatch(markup, /[<>"']/);
      assert.equal(unescapeText(markup), text);
    }),
  );
});

it("markup stays markup, lists are joined, and nothing is nothing", () => {
  assert.equal(html`<p title="${'"'}">${html`<b>${1}</b>`}</p>`.text, '<p title="&quot;"><b>1</b></p>');
  assert.equal(html`${[html`<i></i>`, "<", null, undefined, false, [2]]}`.text, "<i></i>&lt;2");
});

function unescapeText(markup: string): string {
  return markup
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
