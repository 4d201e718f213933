/** A lot's genealogy as the API tells it, and as files for others. Pure. */

export interface TraceLot {
  id: number;
  uid: string;
  name: string;
}
export interface TraceNode {
  lot: TraceLot;
  product: { id: number; identifier: string; name?: string };
  /** What of it is meant; null of the lot that was asked for, of which all is meant. */
  quantity: number | null;
  unit: string;
  /** Steps from the lot that was asked for; what it came from is negative here. The API tells steps and direction. */
  depth: number;
  direction?: Way;
  terminal: boolean;
}
export interface TraceEdge {
  from: string | number | TraceLot;
  to: string | number | TraceLot;
  /** How much was made by it, in the unit of what was made. */
  quantity: number;
  unit: string;
  /** How much was taken for it, in the unit of what it was taken from. */
  taken?: number;
  takenUnit?: string;
  records: string[];
  firstAt: string;
  lastAt: string;
}
export interface TraceAnswer {
  root: TraceLot;
  nodes: TraceNode[];
  edges: TraceEdge[];
  truncated: boolean;
  position: number;
}

/** The answer with the lot that was asked for among its nodes, and each lot once. */
export function withRoot(trace: TraceAnswer, product: TraceNode["product"]): TraceAnswer {
  const root: TraceNode = { lot: trace.root, product, quantity: null, unit: "", depth: 0, terminal: false };
  const signed = trace.nodes.map((node) => ({ ...node, depth: node.direction === "input" ? -Math.abs(node.depth) : node.depth }));
  const nodes = new Map([root, ...signed].toReversed().map((node) => [node.lot.uid, node]));
  return { ...trace, nodes: [...nodes.values()].toReversed() };
}

/** One way on from a lot: what it came from, or what it went into. */
export type Way = "input" | "output";

/** A lot of the graph that was opened by itself, and what the API said about its neighbours. */
export interface Opened {
  uid: string;
  way: Way;
  answer: TraceAnswer | undefined;
}

/** `uid.i` and `uid.o`, as the address holds them. */
export function readOpened(text: string): { uid: string; way: Way }[] {
  return text.split(",").filter(Boolean).map((part) => ({ uid: part.slice(0, -2), way: part.endsWith(".o") ? "output" : "input" }));
}
export const writeOpened = (opened: readonly { uid: string; way: Way }[]): string => opened.map(({ uid, way }) => `${uid}.${way === "output" ? "o" : "i"}`).join(",");

/**
 * The graph with the neighbours of lots that were opened one by one. What was opened from a lot that is no longer
 * shown is left out. A node's quantity is that of the answer which brought it.
 */
export function merged(base: TraceAnswer, opened: readonly Opened[]): TraceAnswer {
  const nodes = new Map(base.nodes.map((node) => [node.lot.uid, node]));
  const edges = new Map(linked(base).map(({ from, to, edge }) => [`${from}>${to}`, { ...edge, from, to }]));
  for (const { uid, way, answer } of opened) {
    const at = nodes.get(uid);
    if (at === undefined || answer === undefined) continue;
    const whole = withRoot(answer, at.product);
    for (const node of whole.nodes) if (!nodes.has(node.lot.uid)) nodes.set(node.lot.uid, { ...node, depth: at.depth + (way === "input" ? -1 : 1) });
    for (const { from, to, edge } of linked(whole)) if (!edges.has(`${from}>${to}`)) edges.set(`${from}>${to}`, { ...edge, from, to });
  }
  return { ...base, nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** Whether the neighbours of a node on one side are in the answer for so many levels already. */
export function isKnown(node: TraceNode, way: Way, direction: string, levels: number): boolean {
  if (direction !== "both" && direction !== way) return false;
  const steps = way === "input" ? -node.depth : node.depth;
  return steps >= 0 && (steps < levels || node.terminal);
}

/** How a node is called in edges: by uid or id, bare or inside an object. */
export function keyOf(end: TraceEdge["from"]): string {
  return typeof end === "object" ? String(end.uid ?? end.id) : String(end);
}

/** The edges with ends that are nodes, each end as the node's uid. */
export function linked(trace: TraceAnswer): { from: string; to: string; edge: TraceEdge }[] {
  const uidOf = new Map<string, string>();
  for (const node of trace.nodes) {
    uidOf.set(node.lot.uid, node.lot.uid);
    uidOf.set(String(node.lot.id), node.lot.uid);
  }
  return trace.edges.flatMap((edge) => {
    const from = uidOf.get(keyOf(edge.from));
    const to = uidOf.get(keyOf(edge.to));
    return from !== undefined && to !== undefined ? [{ from, to, edge }] : [];
  });
}

/** What went along an edge: one figure where both sides count alike, else what was taken and what was made. */
export function flowOf(edge: TraceEdge, show: (value: number) => string): string {
  const made = `${show(edge.quantity)} ${edge.unit}`;
  if (edge.taken === undefined || (edge.taken === edge.quantity && edge.takenUnit === edge.unit)) return made;
  return `${show(edge.taken)} ${edge.takenUnit} → ${made}`;
}

export function csv(trace: TraceAnswer): string {
  const names = new Map(trace.nodes.map((node) => [node.lot.uid, node]));
  const cell = (value: unknown) => {
    const text = String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const rows = linked(trace).map(({ from, to, edge }) => {
    const [a, b] = [names.get(from), names.get(to)];
    return [a?.lot.name, a?.product.identifier, b?.lot.name, b?.product.identifier, edge.taken ?? edge.quantity, edge.takenUnit ?? edge.unit, edge.quantity, edge.unit, edge.firstAt, edge.lastAt, edge.records.length];
  });
  return [["fromLot", "fromProduct", "toLot", "toProduct", "taken", "takenUnit", "quantity", "unit", "firstAt", "lastAt", "records"], ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
}
