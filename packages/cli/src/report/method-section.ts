import { dateText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { countText, plural } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";

/** What the figures rest on: the reference, the configuration, what the method assumes and how often it may err. */
export function methodSection({ profile, measurements, windowName, schedule }: ReportModel): Html {
  const profileIds = [...new Set(measurements.map((measurement) => measurement.profileId))];
  const configIds = [...new Set(measurements.map((measurement) => measurement.configId))];
  const revised = measurements.filter((measurement) => measurement.revision > 0).length;
  return html`<section class="method" aria-label="Method"><h3>What this rests on</h3>
<dl>${profile !== null && html`<dt>Reference</dt><dd>${referenceText(profile)}</dd>`}
<dt>Profile</dt><dd>${ids(profileIds.length > 0 ? profileIds : profile === null ? [] : [profile.id])}</dd><dt>Configuration</dt><dd>${ids(configIds)}</dd>
<dt>Windows</dt><dd>${windowName ?? "none yet"}, aligned to Monday 00:00 UTC, in event time${revised > 0 && `; ${plural(revised, "measurement")} revised after late records`}</dd>
${schedule !== null && html`<dt>Schedule</dt><dd>${scheduleText(schedule)}</dd>`}</dl>
<details><summary>How a verdict comes about, and how often it may be wrong</summary>
<p><strong>Drift.</strong> Counts by bin of a window are held against the reference's by a fixed mixture of likelihood ratios: shifts, changes of spread, contamination. Their weighted mean is an e-value. A field is critical when it reaches 1,000: for one that has not changed, that happens in at most one window of 1,000, however small the window, as long as rows are independent and the reference is large. With a reference of limited size or with rows that depend on their neighbours, the bound is approximate; both are allowed for by an inflation of the variance learnt from the reference. A warning needs an e-value of 200, or a p-value of 0.0005. A change that is proved smaller than 0.05 standard deviations is never reported, however many rows prove it. Severity is ln e over ln 1,000: 1 is the line.</p>
<p><strong>Season.</strong> ${profile?.season == null ? "The reference has no season: each window is held against the whole of it." : "Each hour of the week is held against the same hours of the reference, so that a weekday or a night is no drift. What changes from week to week and was not in the reference is reported."}</p>
<p><strong>Distances.</strong> PSI, Jensen-Shannon, KS and Wasserstein describe and do not decide. They are taken from bins; for KS and Wasserstein the bounds hold for the raw values.</p>
<p><strong>Performance.</strong> Realised scores of the predictions whose outcome is known, each row weighted by the inverse of its probability of being kept. Intervals cover 95 % in large samples and assume independent rows. A verdict waits for the configured coverage, since outcomes that come early are seldom typical. Critical means that the whole interval is past the line.</p>
<p><strong>First cause.</strong> A hint where to look first, by a fixed order of known faults; an association, not a proof.</p></details></section>`;
}

function referenceText({ source, model, season, timeZone = "UTC" }: NonNullable<ReportModel["profile"]>): string {
  const period =
    source.start === null || source.end === null ? "" : ` from ${dateText(source.start)} to ${dateText(source.end)}`;
  const seasonal =
    season === null
      ? "no season"
      : `${plural(season.slotCount, "season slot")} over the hours of the week, ${timeZone}`;
  return `${countText(source.rows)} rows of ${model.name} ${model.version}${period}, ${seasonal}`;
}

function scheduleText(schedule: NonNullable<ReportModel["schedule"]>): Html {
  const { cron, timeZone, lastRun, lastPlanned, nextRun, overdueSeconds, runs } = schedule;
  const made = runs.late + runs.skipped;
  return html`judged at <code>${cron}</code> (${timeZone}); last run ${lastRun === null ? "none yet" : minuteText(lastRun)}${lastPlanned !== null && ` for that of ${minuteText(lastPlanned)}`}, next run ${nextRun === null ? "none" : minuteText(nextRun)}${made > 0 && html`; since the processor's start ${plural(runs.late, "run")} late, ${countText(runs.skipped)} left out because a later one stood for them`}${overdueSeconds > 0 && html`. <strong>A run is overdue by ${countText(Math.ceil(overdueSeconds / 60))} min</strong>`}`;
}

function minuteText(time: string): string {
  return dateText(`${time.slice(0, 16)}:00Z`);
}

function ids(list: readonly string[]): Html {
  return list.length === 0 ? html`none` : html`${list.map((id) => html`<code>${id}</code> `)}`;
}
