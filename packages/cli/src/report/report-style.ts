import { Html } from "./html.ts";

const COLOURS = {
  light: `--ground:#f5f7f8;--panel:#fff;--ink:#13212b;--muted:#4d5c68;--rule:#d5dee4;--main:#0b6a87;--band:#0b6a8729;--bar:#5aa5bb;--outline:#33414c;
--ok:#1b7048;--warning:#8f5b00;--critical:#b3261e;--quiet:#5a6872;--ok-fill:#e2f1e9;--warning-fill:#fbe3b3;--critical-fill:#b3261e;--critical-ink:#fff;--quiet-fill:#e9eef1;
--h0:#edf2f4;--h1:#fcefd6;--h2:#f9d9a4;--h3:#f2a765;--h4:#c4431f;--h5:#861a12;--h-low:#13212b;--h4-ink:#fff;--h5-ink:#fff;`,
  dark: `--ground:#0d1418;--panel:#151f26;--ink:#e5edf1;--muted:#a3b3be;--rule:#2c3b45;--main:#5cc6e0;--band:#5cc6e02e;--bar:#2f7f96;--outline:#d3dee5;
--ok:#62d19b;--warning:#f0bd58;--critical:#ff9087;--quiet:#a3b3be;--ok-fill:#16342a;--warning-fill:#4d3a12;--critical-fill:#ff9087;--critical-ink:#2b0704;--quiet-fill:#212d35;
--h0:#1b272e;--h1:#372d1c;--h2:#57401c;--h3:#7d4c18;--h4:#b34422;--h5:#ff8d6e;--h-low:#e5edf1;--h4-ink:#fff;--h5-ink:#2b0704;`,
} as const;

const RULES = `
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
h1,h2,h3,h4,p,figure,dl,dd{margin:0}
h1{font-size:1.05rem;letter-spacing:.02em}h2{font-size:1.7rem;line-height:1.25;display:flex;flex-wrap:wrap;gap:.2rem .75rem;align-items:center}
h3{font-size:1.25rem;margin-bottom:.35rem}h4{font-size:1rem}h4 small,th small{font-weight:400;color:var(--muted)}
.muted{color:var(--muted);font-size:.875rem}.lead{color:var(--muted);max-width:46rem;margin-bottom:.75rem}.empty,.clean{color:var(--muted)}.clean{margin-top:.75rem}
.page,main{max-width:78rem;margin:0 auto;padding:1rem}
header.page{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:.25rem 1rem;padding-bottom:0}
.brand{display:flex;align-items:center;gap:.5rem}.logo{width:28px;height:28px}.logo .wave{fill:var(--main)}.logo .mark-line{stroke:var(--critical);stroke-width:3;stroke-linecap:round}
footer.page{color:var(--muted);font-size:.875rem}
nav ul,.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.35rem 1.1rem;padding:0;margin:.6rem 0 0;font-size:.875rem;color:var(--muted)}
nav{margin-bottom:1rem}a{color:var(--main)}
.model{display:grid;gap:2.25rem}.model>*{min-width:0}.model+.model{margin-top:4rem;padding-top:2.5rem;border-top:1px solid var(--rule)}
.verdict{background:var(--panel);border:1px solid var(--rule);border-left:6px solid var(--quiet);border-radius:10px;padding:1.1rem 1.25rem}
.verdict.ok{border-left-color:var(--ok)}.verdict.warning{border-left-color:var(--warning)}.verdict.critical,.verdict.no_data{border-left-color:var(--critical)}
.sentence{font-size:1.1rem;max-width:54rem;margin:.4rem 0 0}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin-top:1rem}.facts dt{color:var(--muted);font-size:.875rem}.facts dd{font-size:1.15rem;font-weight:600}.facts .muted{display:block;font-weight:400}
.chip{display:inline-block;font-size:.8125rem;font-weight:600;line-height:1.35;padding:.1em .6em;border-radius:99px;white-space:nowrap;background:var(--quiet-fill);color:var(--quiet)}
.chip.ok{background:var(--ok-fill);color:var(--ok)}.chip.warning{background:var(--warning-fill);color:var(--warning)}.chip.critical,.chip.no_data{background:var(--critical-fill);color:var(--critical-ink)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:.9rem;margin-top:.75rem}
.card{background:var(--panel);border:1px solid var(--rule);border-radius:10px;padding:.8rem .9rem;min-width:0}
.title{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:0 .75rem}
.figures{display:flex;flex-wrap:wrap;align-items:baseline;gap:.1rem .6rem;margin:.15rem 0 .4rem;min-height:1.9rem}.figures strong{font-size:1.3rem}
.cause{margin-top:.75rem;border-left:6px solid var(--warning)}.cause.critical,.cause.no_data{border-left-color:var(--critical)}.cause header{display:flex;flex-wrap:wrap;gap:.25rem .7rem;align-items:baseline}.cause p{margin:.3rem 0 .5rem;max-width:60rem}
.chart{display:block;width:100%;height:auto;overflow:visible}.chart text{font-size:11px;fill:var(--muted)}
.grid{stroke:var(--rule)}.band{fill:var(--band)}.line{fill:none;stroke:var(--main);stroke-width:1.8;stroke-linejoin:round}.line.aside{stroke:var(--muted);stroke-width:1}
.level{stroke-width:1.4}.level.reference{stroke:var(--outline);stroke-dasharray:5 3}.level.warning{stroke:var(--warning);stroke-dasharray:2 3}.level.critical{stroke:var(--critical);stroke-dasharray:1 2.4}
.mark{fill:var(--main)}.mark.insufficient_data{fill:var(--panel);stroke:var(--main);stroke-width:1.4}.mark.warning{fill:var(--warning);stroke:var(--panel)}.mark.critical{fill:none;stroke:var(--critical);stroke-width:2.4}.mark.no_data{fill:var(--panel);stroke:var(--critical)}
.bar{fill:var(--bar)}.outline{fill:none;stroke:var(--outline);stroke-width:1.6}.base{stroke:var(--muted)}.tick{stroke:var(--outline);stroke-width:2.4}
.lines{margin-bottom:.25rem}.key{display:inline-block;width:1.4rem;height:0;border-top:2px solid var(--main);vertical-align:middle;margin-right:.4rem}
.key.reference{border-top:2px dashed var(--outline)}.key.warning{border-top:2px dotted var(--warning)}.key.critical{border-top:2px dotted var(--critical)}.key.bar{height:.7rem;border:0;background:var(--bar)}.key.outline{border-top-color:var(--outline)}
table{border-collapse:collapse}caption{text-align:left;color:var(--muted);font-size:.875rem;padding-bottom:.35rem}
.grid-frame,.frame{overflow-x:auto;background:var(--panel);border:1px solid var(--rule);border-radius:10px;padding:.7rem .8rem}.card .frame{border:0;padding:0}
.frame:focus-visible,.grid-frame:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--main);outline-offset:2px}
.windows{table-layout:fixed;width:100%;min-width:calc(6.2rem + var(--columns)*9px)}.windows .names{width:clamp(6rem,13vw,10rem)}
.windows th{font-weight:500;font-size:.875rem;text-align:left;padding:0 .5rem 0 0;line-height:1.15;overflow-wrap:anywhere}.windows thead th{padding:0 0 .2rem;color:var(--muted);white-space:nowrap}.windows th small{display:block;font-size:.75rem;color:var(--muted)}
.windows td{height:1.9rem;padding:0;text-align:center;font-size:.7rem;font-weight:700;border:1px solid var(--panel);border-radius:2px;color:var(--h-low);overflow:hidden}
td.none{background:none}td.insufficient_data{background:var(--quiet-fill);color:var(--quiet)}td.ok{background:var(--ok-fill);color:var(--ok)}td.warning{background:var(--warning-fill);color:var(--warning)}td.critical,td.no_data{background:var(--critical-fill);color:var(--critical-ink)}
.h0{background:var(--h0)}.h1{background:var(--h1)}.h2{background:var(--h2)}.h3{background:var(--h3)}.h4{background:var(--h4)}.h5{background:var(--h5)}.windows td.h4{color:var(--h4-ink)}.windows td.h5{color:var(--h5-ink)}
.swatch{display:inline-block;width:1.4rem;height:.8rem;border-radius:2px;margin-right:.4rem;border:1px solid var(--rule);vertical-align:-1px}
.frame{background:linear-gradient(90deg,var(--panel) 40%,transparent) 0/2rem 100% no-repeat local,linear-gradient(270deg,var(--panel) 40%,transparent) 100%/2rem 100% no-repeat local,linear-gradient(90deg,var(--rule),transparent) 0/.7rem 100% no-repeat,linear-gradient(270deg,var(--rule),transparent) 100%/.7rem 100% no-repeat var(--panel)}
.figures-table{width:100%;font-size:.875rem}.figures-table th,.figures-table td{text-align:right;padding:.3rem .6rem;border-top:1px solid var(--rule);white-space:nowrap}
.figures-table th:first-child,.figures-table .text{text-align:left}.figures-table th:first-child{padding-left:0}.figures-table thead th{color:var(--muted);font-weight:500;border-top:0}
details{margin-top:.9rem}summary{cursor:pointer;color:var(--main);font-weight:600;font-size:.9375rem;padding:.25rem 0}details .frame{margin-top:.4rem}
.method{border-top:1px solid var(--rule);padding-top:1.5rem;font-size:.9375rem}.method dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.25rem 1rem}.method dt{color:var(--muted)}.method dd{min-width:0}.method p{max-width:52rem;margin:.5rem 0}
.review td,.review th{white-space:normal;vertical-align:top}.review .long{display:block;min-width:16rem;max-width:54rem}.spark{display:block}
code{font:.8125rem/1.4 ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:40rem){.windows td{font-size:.6rem;border-width:.5px}.windows .names{width:5.8rem}.windows{min-width:calc(5.8rem + var(--columns)*9px)}.windows th{font-size:.8125rem;padding-right:.25rem}.grid-frame{padding:.6rem .5rem}h2{font-size:1.45rem}.method dl{grid-template-columns:1fr}.method dd{margin-bottom:.4rem}}
@media print{body{background:#fff}.card,.verdict{break-inside:avoid}}`;

/** The whole style of the page, light and dark. */
export const REPORT_STYLE = new Html(
  `<style>:root{${COLOURS.light}}@media (prefers-color-scheme:dark){:root{${COLOURS.dark}}}${RULES}</style>`,
);
