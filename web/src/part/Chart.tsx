/** Lines and steps over time (uPlot), with a table of the same figures for whoever cannot see them. */
import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import { Link } from "wouter";
import "uplot/dist/uPlot.min.css";
import { amount, compact, quantity } from "../format";
import { locale, t } from "../i18n";

export interface Series {
  name: string;
  values: (number | null)[];
  /** A CSS colour variable, such as `--accent`. */
  color: string;
  isStep?: boolean;
  /** Money rather than a quantity. */
  isAmount?: boolean;
  /** Has its own scale on the right. */
  isRight?: boolean;
}

interface Props {
  title: string;
  /** Unix seconds, ascending. */
  times: number[];
  series: Series[];
  height?: number;
  /** Says the day only. */
  isDaily?: boolean;
  /** Each time begins a span of so many seconds, and each series has a bar in it. */
  step?: number;
  /** Of what is on the left scale. */
  unit?: string;
}

function colors(): (name: string) => string {
  // A probe, since light-dark() is settled only where a colour is used.
  const probe = document.createElement("span");
  document.body.append(probe);
  const read = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  queueMicrotask(() => probe.remove());
  return read;
}

const said = (one: Series, value: number | null | undefined, unit: string): string =>
  value === null || value === undefined ? "–" : one.isAmount ? amount(value) : `${quantity(value)}${unit === "" || one.isRight ? "" : ` ${unit}`}`;
/** Both scales begin at 0, or what moves a little would look as if it moved a lot. */
const fromZero = (_: uPlot, low: number, high: number): [number, number] => (low === high ? [Math.min(0, low), Math.max(1, high * 1.08)] : [Math.min(0, low), high + (high - Math.min(0, low)) * 0.08]);
/** While the pointer is elsewhere the legend says how things stand at the end. */
const lastOf = (plot: uPlot, index: number): number | null | undefined => plot.data?.[index + 1]?.at(-1);

export function Chart({ title, times, series, height = 220, isDaily, unit = "", step = 0 }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const again = () => setTheme((count) => count + 1);
    const watch = new MutationObserver(again);
    watch.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", again);
    return () => {
      watch.disconnect();
      dark.removeEventListener("change", again);
    };
  }, []);
  useEffect(() => {
    const place = box.current;
    if (place === null || times.length === 0) return;
    const color = colors();
    const [ink, line] = [color("--ink-soft"), color("--line")];
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: "11px system-ui, sans-serif" };
    const dates = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric" });
    const stepped = uPlot.paths.stepped?.({ align: 1 });
    // Beside each other, around the middle of their span.
    const share = 0.7 / series.length;
    const bars = series.map((_, index) => uPlot.paths.bars?.({ size: [share, 40], align: series.length < 2 ? 0 : index === 0 ? -1 : 1 }));
    const day = (at: number) => new Intl.DateTimeFormat(locale, isDaily || step > 0 ? { dateStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" }).format(at * 1000);
    const plot = new uPlot(
      {
        width: place.clientWidth,
        height,
        cursor: { points: { size: 6 } },
        legend: { live: true },
        scales: { x: { time: true, ...(step > 0 && { range: [times[0] ?? 0, (times.at(-1) ?? 0) + step] as [number, number] }) }, y: { range: fromZero }, ...(series.some((one) => one.isRight) && { right: { range: fromZero } }) },
        series: [
          { label: step > 0 ? t("Week from") : t("Time"), value: (self, raw) => { const at = raw ?? (self.data?.[0].at(-1) as number | undefined); return at === undefined ? "" : day(at - step / 2); } },
          ...series.map((one, index): uPlot.Series => {
            const paths = step > 0 ? bars[index] : one.isStep ? stepped : undefined;
            return {
              label: one.name,
              stroke: color(one.color),
              fill: step > 0 ? color(one.color) : one.isRight ? "transparent" : color(one.color).replace(/^rgb\((.*)\)$/, "rgba($1, 0.1)"),
              width: step > 0 ? 0 : 1.8,
              points: { show: false },
              scale: one.isRight ? "right" : "y",
              value: (self, value) => said(one, value ?? lastOf(self, index), unit),
              ...(paths && { paths }),
            };
          }),
        ],
        axes: [
          { ...axis, values: (_, splits) => splits.map((at) => dates.format(at * 1000)), space: 70, size: 32 },
          { ...axis, values: (_, splits) => splits.map(compact), size: 48 },
          ...(series.some((one) => one.isRight) ? [{ ...axis, scale: "right", side: 1, grid: { show: false }, values: (_: uPlot, splits: number[]) => splits.map(compact), size: 48 } satisfies uPlot.Axis] : []),
        ],
      },
      [times.map((at) => at + step / 2), ...series.map((one) => one.values)] as uPlot.AlignedData,
      place,
    );
    const sizes = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height }));
    sizes.observe(place);
    return () => {
      sizes.disconnect();
      plot.destroy();
    };
  }, [times, series, height, theme, isDaily, unit, step]);
  const last = times.length - 1;
  return (
    <figure style={{ margin: 0, minWidth: 0 }}>
      <figcaption className="visually-hidden">
        {title}.{" "}
        {last >= 0 && series.map((one) => t("{name}: last {value}", { name: one.name, value: said(one, one.values[last], unit) })).join("; ")}
      </figcaption>
      <div ref={box} aria-hidden="true" className="chart" />
    </figure>
  );
}

export interface Bar {
  name: string;
  value: number;
  text: string;
  to?: string;
}

/** A few things beside each other, the longest bar first. */
export function Bars({ items, title }: { items: Bar[]; title: string }) {
  const max = Math.max(...items.map((item) => Math.abs(item.value)), 1e-9);
  return (
    <table className="bars" aria-label={title}>
      <tbody>
        {items.map((item) => (
          <tr key={item.name}>
            <th scope="row" title={item.name}>{item.to ? <Link href={item.to}>{item.name}</Link> : item.name}</th>
            <td className="track"><div style={{ width: `${(Math.abs(item.value) / max) * 100}%` }} /></td>
            <td className="number">{item.text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
