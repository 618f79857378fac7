/** Markup that is safe to put into a page as it stands. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[];

/**
 * Markup from a template. Every value put in is escaped unless it is Html itself, so that nothing that came over the
 * wire can become markup; null, undefined and false are nothing; lists are joined. Attributes stand in double quotes.
 *
 * @example html`<b title="${'"'}">${"<i>"}</b>`.text // <b title="&quot;">&lt;i&gt;</b>
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = strings[0]!;
  values.forEach((value, index) => {
    text += toMarkup(value) + strings[index + 1]!;
  });
  return new Html(text);
}

function toMarkup(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "string") return escapeText(value);
  if (typeof value === "number") return String(value);
  return value.map(toMarkup).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
