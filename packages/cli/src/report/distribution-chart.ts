import type { BinShares } from "@tidemark/schema";
import { type Html, html } from "./html.ts";
import { percentText } from "./number-text.ts";

const WIDTH = 320;
const HISTOGRAM_HEIGHT = 150;
const BASE = 128;
const TOP = 18;
const ROW_HEIGHT = 17;
const LABEL_WIDTH = 92;
const VALUE_WIDTH = 50;
/** With so few rows the last category is shown like any other. */
const FEW_ROWS = 4;
/** Categories in a picture; the most different ones, if there are more. */
const MAX_ROWS = 12;

/** Shares by bin of an ordered field: bars for the window, an outline for the reference. */
export function histogramChart(bins: BinShares, label: string): Html {
  const { labels, window, reference } = bins;
  const largest = Math.max(...window, ...reference, 1e-9);
  const step = WIDTH / labels.length;
  const y = (share: number) => fixed(BASE - ((BASE - TOP) * share) / largest);
  const peak = labels.findIndex((_, bin) => Math.max(window[bin]!, reference[bin]!) === largest);
  const centre = (bin: number) => (bin === 0 ? 0 : bin === labels.length - 1 ? WIDTH : (bin + 0.5) * step);
  const outline = reference
    .map(
      (share, bin) =>
        `${bin === 0 ? "M0" : "L"}${bin === 0 ? "" : fixed(bin * step)} ${y(share)}H${fixed((bin + 1) * step)}`,
    )
    .join("");
  const ticks =
    labels.length < 3 ? labels.map((_, bin) => bin) : [0, Math.floor((labels.length - 1) / 2), labels.length - 1];
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HISTOGRAM_HEIGHT}" role="img" aria-label="${label}">
${window.map((share, bin) => html`<rect class="bar" x="${fixed(bin * step + 1)}" width="${fixed(step - 2)}" y="${y(share)}" height="${fixed(((BASE - TOP) * share) / largest)}"><title>${tip(bins, bin)}</title></rect>`)}
<path class="outline" d="${outline}"/><line class="base" x1="0" x2="${WIDTH}" y1="${BASE}" y2="${BASE}"/>
<text class="peak" x="${fixed(centre(peak))}" y="${fixed(Number(y(largest)) - 4)}" text-anchor="${anchorOf(peak, labels.length)}">${percentText(largest)}</text>
${ticks.map((bin) => html`<text x="${fixed(centre(bin))}" y="${HISTOGRAM_HEIGHT - 6}" text-anchor="${anchorOf(bin, labels.length)}">${shorten(labels[bin]!)}</text>`)}</svg>`;
}

/**
 * Shares by category, one a row: a bar for the window, an upright mark for the reference. What stands for all further
 * categories has figures and no bar, for it would dwarf the others.
 */
export function categoryChart(bins: BinShares, label: string): Html {
  const shown = mostDifferent(bins);
  const rest = bins.labels.length - 1;
  const named = shown.filter((bin) => bin !== rest || shown.length <= FEW_ROWS);
  const largest = Math.max(...named.map((bin) => Math.max(bins.window[bin]!, bins.reference[bin]!)), 1e-9);
  const x = (share: number) => LABEL_WIDTH + ((WIDTH - LABEL_WIDTH - VALUE_WIDTH) * share) / largest;
  const rows = shown.map((bin, row) => categoryRow(bins, bin, row * ROW_HEIGHT + 2, named.includes(bin) ? x : null));
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${shown.length * ROW_HEIGHT + 4}" role="img" aria-label="${label}">${rows}</svg>`;
}

function categoryRow(bins: BinShares, bin: number, top: number, x: ((share: number) => number) | null): Html {
  const [share, reference] = [bins.window[bin]!, bins.reference[bin]!];
  const name = html`<title>${tip(bins, bin)}</title><text x="${LABEL_WIDTH - 6}" y="${top + 11.5}" text-anchor="end">${shorten(bins.labels[bin]!)}</text><text x="${WIDTH}" y="${top + 11.5}" text-anchor="end">${percentText(share)}</text>`;
  if (x === null) {
    return html`<g>${name}<text x="${LABEL_WIDTH}" y="${top + 11.5}">reference ${percentText(reference)}</text></g>`;
  }
  const at = fixed(x(reference));
  return html`<g>${name}<rect class="bar" x="${LABEL_WIDTH}" y="${top + 2}" width="${fixed(x(share) - LABEL_WIDTH)}" height="11"/><line class="tick" x1="${at}" x2="${at}" y1="${top}" y2="${top + 15}"/></g>`;
}

/** Texts under the first and the last bin stay inside the picture. */
function anchorOf(bin: number, bins: number): "start" | "middle" | "end" {
  return bin === 0 ? "start" : bin === bins - 1 ? "end" : "middle";
}

/** Indexes of the categories to show, in their own order. */
function mostDifferent({ labels, window, reference }: BinShares): number[] {
  return labels
    .map((_, bin) => bin)
    .filter((bin) => window[bin]! > 0 || reference[bin]! > 0)
    .sort((a, b) => Math.abs(window[b]! - reference[b]!) - Math.abs(window[a]! - reference[a]!))
    .slice(0, MAX_ROWS)
    .sort((a, b) => a - b);
}

function tip({ labels, window, reference }: BinShares, bin: number): string {
  return `${labels[bin]!}: ${percentText(window[bin]!)} in the window, ${percentText(reference[bin]!)} in the reference`;
}

function shorten(label: string): string {
  return label.length > 14 ? `${label.slice(0, 13)}…` : label;
}

function fixed(value: number): string {
  return String(Number(value.toFixed(1)));
}
