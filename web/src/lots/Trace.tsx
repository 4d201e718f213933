/** The trace graph: what a lot came from and went into, level by level, to be looked at and taken along. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { Download, Maximize, Minus, Plus } from "lucide-react";
import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { Link } from "wouter";
import { get } from "../api/client";
import type { Lot } from "../api/types";
import { quantity, time, whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Choice } from "../part/Field";
import { Rows } from "../part/List";
import { Empty, Failed, Loading } from "../part/Page";
import { path, useQueryState } from "../path";
import { NODE_HEIGHT, NODE_WIDTH, type Placed } from "./layout";
import { csv, flowOf, isKnown, linked, merged, readOpened, type TraceAnswer, type TraceNode, type Way, withRoot, writeOpened } from "./trace";

const amountOf = (node: TraceNode): string => (node.quantity === null ? "" : `${quantity(node.quantity)} ${node.unit}`);
/** Bends between layers, straight through them. */
function curve(points: readonly { x: number; y: number }[]): string {
  return points.map(({ x, y }, at) => {
    const before = points[at - 1];
    if (before === undefined) return `M${x} ${y}`;
    if (at % 2 === 0) return `L${x} ${y}`;
    const middle = (before.x + x) / 2;
    return `C${middle} ${before.y} ${middle} ${y} ${x} ${y}`;
  }).join("");
}
/** Letters are smaller than 7 px below this. */
const READABLE = 0.6;
/** On a phone less of the graph is shown, or nobody could read it. */
const READABLE_ON_PHONE = 0.85;
const PHONE = 500;
const readable = (box: DOMRect): number => (box.width < PHONE ? READABLE_ON_PHONE : READABLE);
/** As high as the graph is, within what a window has room for. */
const heightOf = (placed: Placed): string => `min(68dvh, 760px, ${Math.max(320, Math.round(placed.height * 1.1))}px)`;
const short = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

/** The product and how much, where the product rather than the figure is cut. */
function caption(node: TraceNode): string {
  const figure = amountOf(node);
  return figure === "" ? short(node.product.identifier, 27) : `${short(node.product.identifier, Math.max(6, 24 - figure.length))} · ${figure}`;
}

interface View {
  x: number;
  y: number;
  scale: number;
}

function useLayout(trace: TraceAnswer | undefined): Placed | null {
  const [placed, setPlaced] = useState<Placed | null>(null);
  useEffect(() => {
    if (trace === undefined) return;
    const worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = (event: MessageEvent<Placed>) => setPlaced(event.data);
    worker.postMessage({ nodes: trace.nodes.map((node) => node.lot.uid), edges: linked(trace).map(({ from, to }) => ({ from, to })) });
    return () => worker.terminate();
  }, [trace]);
  return placed;
}

export function Trace({ lot }: { lot: Lot }) {
  const [query, setQuery] = useQueryState(["direction", "depth", "shown", "node", "open"]);
  const direction = query.direction || "both";
  const depth = Math.max(1, Number(query.depth) || 3);
  const trace = useQuery({
    queryKey: ["trace", lot.uid, direction, depth],
    queryFn: async ({ signal }) => {
      const answer = await get<TraceAnswer>(`/v1/lots/${encodeURIComponent(lot.uid)}/trace`, { direction, depth }, signal);
      return withRoot(answer, { ...lot.product, identifier: lot.product.identifier ?? "" });
    },
    placeholderData: (before) => before,
  });
  const opened = readOpened(query.open);
  const answers = useQueries({
    queries: opened.map(({ uid, way }) => ({
      queryKey: ["trace", uid, way, 1],
      queryFn: ({ signal }: { signal: AbortSignal }) => get<TraceAnswer>(`/v1/lots/${encodeURIComponent(uid)}/trace`, { direction: way, depth: 1 }, signal),
      staleTime: 30_000,
    })),
  });
  const isOpening = answers.some((answer) => answer.isPending);
  const failed = answers.find((answer) => answer.isError)?.error;
  const base = trace.data;
  const readAt = answers.map((answer) => answer.dataUpdatedAt).join();
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const graph = useMemo(() => base && merged(base, opened.map((one, at) => ({ ...one, answer: answers[at]?.data }))), [base, query.open, readAt]);
  const sideOf = (node: TraceNode, way: Way): Side => {
    const at = opened.findIndex((one) => one.uid === node.lot.uid && one.way === way);
    if (at >= 0) return answers[at]?.data && answers[at].data.edges.length === 0 ? "end" : "opened";
    const isBase = base?.nodes.some((one) => one.lot.uid === node.lot.uid) ?? false;
    return isBase && isKnown(node, way, direction, depth) ? "end" : "closed";
  };
  const onToggle = (uid: string, way: Way): void => {
    const without = opened.filter((one) => one.uid !== uid || one.way !== way);
    setQuery({ open: writeOpened(without.length < opened.length ? without : [...opened, { uid, way }]) });
  };
  const chosen = graph?.nodes.find((node) => node.lot.uid === query.node) ?? null;
  const save = (name: string, type: string, text: string | Blob): void => {
    const url = URL.createObjectURL(text instanceof Blob ? text : new Blob([text], { type }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `${lot.name}-${name}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 5_000);
  };
  return (
    <>
      <div className="filters">
        <Choice label={t("Direction")} value={direction} onChange={(event) => setQuery({ direction: event.target.value })} options={[["both", t("both ways")], ["input", t("what it came from")], ["output", t("what it went into")]]} />
        <div className="field fit">
          <span className="label">{t("Levels")}</span>
          <div className="row tight">
            <Button icon={<Minus size={16} />} aria-label={t("One level less")} onClick={() => setQuery({ depth: String(depth - 1) })} why={depth <= 1 && t("One level is the least")} />
            <strong>{depth}</strong>
            <Button icon={<Plus size={16} />} aria-label={t("One level more")} onClick={() => setQuery({ depth: String(depth + 1) })} />
          </div>
        </div>
        <Choice label={t("Show as")} value={query.shown || "graph"} onChange={(event) => setQuery({ shown: event.target.value })} options={[["graph", t("graph")], ["table", t("table of lots")], ["terminal", t("ends only")]]} />
        <Button icon={<Download size={16} />} onClick={() => graph && save("trace.csv", "text/csv", csv(graph))} why={!graph && t("Loading")}>CSV</Button>
      </div>
      {failed && <div className="banner bad" role="alert">{failed.message}</div>}
      {trace.isError ? (
        <Failed error={trace.error} again={() => void trace.refetch()} />
      ) : !graph ? (
        <Loading />
      ) : (
        <>
          {trace.data?.truncated && <div className="banner warn">{t("There is more than is shown; look at fewer levels or one direction.")}</div>}
          {query.shown === "table" || query.shown === "terminal" ? (
            <div className="card"><Nodes nodes={graph.nodes.filter((node) => query.shown === "table" || node.terminal)} /></div>
          ) : (
            <div className="trace">
              <GraphView trace={graph} root={lot.uid} chosen={query.node} isOpening={isOpening} sideOf={sideOf} onToggle={onToggle} onChoose={(node) => setQuery({ node })} onSave={save} onDeeper={() => setQuery({ depth: String(depth + 1) })} />
              {chosen && <SidePanel trace={graph} node={chosen} sideOf={sideOf} onToggle={onToggle} onClose={() => setQuery({ node: "" })} />}
            </div>
          )}
        </>
      )}
    </>
  );
}

function Nodes({ nodes }: { nodes: TraceNode[] }) {
  return (
    <Rows
      caption={t("Lots of the trace")}
      items={nodes}
      keyOf={(node) => node.lot.uid}
      empty={<Empty title={t("This lot came from nothing else and went into nothing else")} />}
      columns={[
        { name: t("Lot"), show: (node) => <Link href={`${path.lot(node.lot.uid)}?view=trace`}><strong>{node.lot.name}</strong></Link> },
        { name: t("Product"), show: (node) => [node.product.identifier, node.product.name !== node.product.identifier && node.product.name].filter(Boolean).join(" ") },
        { name: t("Level"), isNumber: true, show: (node) => node.depth },
        { name: t("Quantity"), isNumber: true, show: amountOf },
        { name: t("End"), isNarrow: true, show: (node) => (node.terminal ? t("yes") : "") },
      ]}
    />
  );
}

/** What is known about one side of a node: nothing more is there, more may be, or it was opened by itself. */
type Side = "end" | "closed" | "opened";

interface Sides {
  sideOf: (node: TraceNode, way: Way) => Side;
  onToggle: (uid: string, way: Way) => void;
}

/** The word of the button that opens or closes one side. */
function sideAction(side: Side, way: Way): string {
  if (way === "input") return side === "opened" ? t("Hide what it came from") : t("Show what it came from");
  return side === "opened" ? t("Hide what it went into") : t("Show what it went into");
}

function SidePanel({ trace, node, sideOf, onToggle, onClose }: Sides & { trace: TraceAnswer; node: TraceNode; onClose: () => void }) {
  const edges = linked(trace).filter(({ from, to }) => from === node.lot.uid || to === node.lot.uid);
  const nameOf = (uid: string) => trace.nodes.find((one) => one.lot.uid === uid)?.lot.name ?? uid;
  return (
    <aside className="card side" aria-label={t("Lot {name}", { name: node.lot.name })}>
      <header><h2 className="grow">{node.lot.name}</h2><Button kind="quiet" onClick={onClose}>{t("Close")}</Button></header>
      <div className="body stack">
        <div className="soft">{node.product.identifier} {node.product.name !== node.product.identifier && node.product.name}</div>
        {node.quantity !== null && <div><strong>{amountOf(node)}</strong></div>}
        {edges.map(({ from, to, edge }) => (
          <div key={`${from}/${to}`} className="small">
            {from === node.lot.uid ? t("into {lot}", { lot: nameOf(to) }) : t("from {lot}", { lot: nameOf(from) })}: <strong>{flowOf(edge, quantity)}</strong>
            <div className="soft">{time(edge.firstAt)}{edge.lastAt !== edge.firstAt && ` – ${time(edge.lastAt)}`} · {edge.records.slice(0, 6).map((run, index) => <span key={run}>{index > 0 && ", "}<Link href={path.run(run)}>{t("run {number}", { number: index + 1 })}</Link></span>)}{edge.records.length > 6 && ` ${t("and {count} more", { count: edge.records.length - 6 })}`}</div>
          </div>
        ))}
        {(["input", "output"] as const).map((way) => (
          <Button key={way} onClick={() => onToggle(node.lot.uid, way)} why={sideOf(node, way) === "end" && (way === "input" ? t("Everything that it came from is shown") : t("Everything that it went into is shown"))}>{sideAction(sideOf(node, way), way)}</Button>
        ))}
        <Link className="button" href={`${path.lot(node.lot.uid)}?view=trace`}>{t("Trace this lot")}</Link>
      </div>
    </aside>
  );
}

interface GraphProps extends Sides {
  trace: TraceAnswer;
  isOpening: boolean;
  root: string;
  chosen: string;
  onChoose: (uid: string) => void;
  onDeeper: () => void;
  onSave: (name: string, type: string, text: string | Blob) => void;
}

function GraphView({ trace, root, chosen, isOpening, sideOf, onToggle, onChoose, onDeeper, onSave }: GraphProps) {
  const placed = useLayout(trace);
  const svg = useRef<SVGSVGElement>(null);
  const [view, setView] = useState<View | null>(null);
  const drag = useRef<{ x: number; y: number; view: View } | null>(null);
  const edges = useMemo(() => linked(trace), [trace]);
  const fit = (all: boolean): void => {
    const box = svg.current?.getBoundingClientRect();
    if (!box || !placed) return;
    const whole = Math.min(1.1, box.width / placed.width, box.height / placed.height);
    // Where all of it would be too small to read, the lot that is looked at is in the middle, as far as there is graph around it.
    const at = placed.nodes[chosen] ?? placed.nodes[root];
    const held = (middle: number, room: number, size: number): number => (size <= room ? (room - size) / 2 : Math.min(0, Math.max(room - size, room / 2 - middle)));
    const least = readable(box);
    if (!all && whole < least && at) return setView({ scale: least, x: held(at.x * least, box.width, placed.width * least), y: held(at.y * least, box.height, placed.height * least) });
    const scale = whole;
    setView({ scale, x: (box.width - placed.width * scale) / 2, y: (box.height - placed.height * scale) / 2 });
  };
  // The lot whose side was opened or closed stays where it is on the screen, whatever is laid out anew around it.
  const held = useRef<{ uid: string; x: number; y: number } | null>(null);
  const toggle = (uid: string, way: Way): void => {
    const at = placed?.nodes[uid];
    held.current = at ? { uid, ...at } : null;
    onToggle(uid, way);
  };
  useEffect(() => {
    const before = held.current;
    const at = before && placed?.nodes[before.uid];
    const box = svg.current?.getBoundingClientRect();
    const isSmall = box && placed && Math.min(box.width / placed.width, box.height / placed.height) >= readable(box);
    if (!before || !at || isSmall) return fit(false);
    setView((view) => view && { ...view, x: view.x + (before.x - at.x) * view.scale, y: view.y + (before.y - at.y) * view.scale });
    held.current = { uid: before.uid, ...at };
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [placed]);
  // What the reader has not moved is fitted anew where there is another size, as when the panel opens beside it.
  const isMoved = useRef(false);
  useEffect(() => {
    const element = svg.current;
    if (element === null) return;
    const sizes = new ResizeObserver(() => !isMoved.current && fit(false));
    sizes.observe(element);
    return () => sizes.disconnect();
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [placed, chosen]);
  useEffect(() => {
    const element = svg.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  });
  const zoom = (by: number, atX?: number, atY?: number): void => {
    isMoved.current = true;
    setView((before) => {
      const box = svg.current?.getBoundingClientRect();
      if (!before || !box) return before;
      const scale = Math.min(3, Math.max(0.05, before.scale * by));
      const [x, y] = [atX ?? box.width / 2, atY ?? box.height / 2];
      return { scale, x: x - ((x - before.x) * scale) / before.scale, y: y - ((y - before.y) * scale) / before.scale };
    });
  };
  const picture = (): string => {
    const copy = svg.current?.cloneNode(true) as SVGSVGElement;
    const style = getComputedStyle(document.documentElement);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("viewBox", `0 0 ${placed?.width ?? 0} ${placed?.height ?? 0}`);
    copy.setAttribute("width", String(placed?.width ?? 0));
    copy.setAttribute("height", String(placed?.height ?? 0));
    copy.querySelector("g")?.removeAttribute("transform");
    for (const handle of copy.querySelectorAll(".g-handle")) handle.remove();
    // The picture stands alone: it has its colours with it.
    const rules = `svg{background:#fff;font:${style.font}}.g-node rect{fill:#fff;stroke:#8b8f8a}.g-node.root rect{stroke:#1f6f5c;stroke-width:3}.g-node.end rect{fill:#f0f0ec}text{fill:#1b1e1c;font-size:12px}.g-soft{fill:#565b57;font-size:11px}.g-node.end rect{stroke-dasharray:4 3}.g-edge{fill:none;stroke:#8b8f8a}.g-amount{fill:#565b57;font-size:10px;paint-order:stroke;stroke:#fff;stroke-width:5px;stroke-linejoin:round}`;
    const element = document.createElementNS("http://www.w3.org/2000/svg", "style");
    element.textContent = rules;
    copy.prepend(element);
    return new XMLSerializer().serializeToString(copy);
  };
  const png = async (): Promise<void> => {
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([picture()], { type: "image/svg+xml" }));
    await image.decode();
    const scale = Math.min(2, 8_000 / Math.max(image.width, image.height, 1));
    const canvas = document.createElement("canvas");
    canvas.width = image.width * scale;
    canvas.height = image.height * scale;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => blob && onSave("trace.png", "image/png", blob));
    URL.revokeObjectURL(image.src);
  };
  if (trace.nodes.length <= 1) return <Empty title={t("This lot came from nothing else and went into nothing else")} />;
  const onPointerMove = (event: PointerEvent): void => {
    const start = drag.current;
    if (start) isMoved.current = true;
    if (start) setView({ ...start.view, x: start.view.x + event.clientX - start.x, y: start.view.y + event.clientY - start.y });
  };
  return (
    <div className="card graph" data-nodes={trace.nodes.length} data-layout-ms={placed ? Math.round(placed.tookMs) : undefined}>
      <div className="row graph-tools">
        <Button icon={<Plus size={16} />} aria-label={t("Closer")} onClick={() => zoom(1.3)} />
        <Button icon={<Minus size={16} />} aria-label={t("Farther")} onClick={() => zoom(1 / 1.3)} />
        <Button icon={<Maximize size={16} />} aria-label={t("All of it")} onClick={() => { isMoved.current = false; fit(true); }} />
        <Button onClick={() => onSave("trace.svg", "image/svg+xml", picture())} why={!placed && t("Loading")}>SVG</Button>
        <Button onClick={() => void png()} why={!placed && t("Loading")}>PNG</Button>
        <Button onClick={onDeeper}>{t("One level more")}</Button>
        <span className="soft small" role="status">{isOpening ? t("Loading") : t("{count, plural, one {# lot} other {# lots}}", { count: trace.nodes.length })}</span>
        <span className="soft small desk-only">{t("Arrows left and right open what a lot came from and went into")}</span>
      </div>
      {placed === null && <Loading lines={4} />}
      <svg
        ref={svg}
        style={placed ? { height: heightOf(placed) } : undefined}
        role="group"
        aria-label={t("Trace graph of {count} lots; the table shows the same", { count: whole(trace.nodes.length) })}
        onPointerDown={(event) => {
          if (!view || (event.target as Element).closest(".g-node")) return;
          drag.current = { x: event.clientX, y: event.clientY, view };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onPointerMove}
        onPointerUp={() => (drag.current = null)}
      >
        <g transform={view ? `translate(${view.x} ${view.y}) scale(${view.scale})` : undefined}>
          {placed && edges.map(({ from, to, edge }, index) => {
            const points = placed.edges[index] ?? [];
            const [first, second] = points;
            const middle = first && second && { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 };
            return (
              <g key={`${from}/${to}/${index}`}>
                <path className="g-edge" d={curve(points)} strokeWidth={1.4} />
                {middle && <text className="g-amount" x={middle.x} y={middle.y - 4} textAnchor="middle">{flowOf(edge, quantity)}</text>}
              </g>
            );
          })}
          {placed && trace.nodes.map((node) => {
            const at = placed.nodes[node.lot.uid];
            if (!at) return null;
            const act = () => onChoose(node.lot.uid);
            return (
              <g
                key={node.lot.uid}
                className={`g-node${node.lot.uid === root ? " root" : ""}${node.terminal ? " end" : ""}${node.lot.uid === chosen ? " chosen" : ""}`}
                transform={`translate(${at.x - NODE_WIDTH / 2} ${at.y - NODE_HEIGHT / 2})`}
                role="button"
                tabIndex={0}
                onClick={act}
                onKeyDown={(event) => {
                  const way = ({ ArrowLeft: "input", ArrowRight: "output" } as const)[event.key as "ArrowLeft" | "ArrowRight"];
                  if (way === undefined && event.key !== "Enter" && event.key !== " ") return;
                  event.preventDefault();
                  if (way === undefined) act();
                  else if (sideOf(node, way) !== "end") toggle(node.lot.uid, way);
                }}
              >
                <title>{[node.lot.name, node.product.identifier, amountOf(node)].filter(Boolean).join(" · ")}</title>
                <rect width={NODE_WIDTH} height={NODE_HEIGHT} rx={8} />
                <text x={10} y={21} fontWeight={600}>{short(node.lot.name, 18)}</text>
                <text x={10} y={40} className="g-soft">{caption(node)}</text>
                {(["input", "output"] as const).map((way) => {
                  const side = sideOf(node, way);
                  if (side === "end") return null;
                  const x = way === "input" ? 0 : NODE_WIDTH;
                  return (
                    // For the pointer; the keyboard has the arrows, and the panel has buttons.
                    <g key={way} className="g-handle" data-way={way} aria-hidden="true" onClick={(event) => { event.stopPropagation(); toggle(node.lot.uid, way); }}>
                      <title>{sideAction(side, way)}</title>
                      <circle cx={x} cy={NODE_HEIGHT / 2} r={12} className="g-target" />
                      <circle cx={x} cy={NODE_HEIGHT / 2} r={9} />
                      <path d={`M${x - 4} ${NODE_HEIGHT / 2}h8${side === "opened" ? "" : `M${x} ${NODE_HEIGHT / 2 - 4}v8`}`} />
                    </g>
                  );
                })}
              </g>
            );
          })}
        </g>
      </svg>
    </div>
  );
}
