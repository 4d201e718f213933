/**
 * Where nodes and edges of a graph go: in layers from left to right, as Sugiyama described it.
 *
 * Layers by the longest way, edges broken at each layer that they pass, order by the middle of the neighbours
 * until crossings get no fewer, then heights as near to the neighbours as order and gaps allow.
 */

export const NODE_WIDTH = 190;
export const NODE_HEIGHT = 54;
/** Between layers there is room for what an edge says, such as `1,800 lb → 1,600 pcs`. */
const LAYER = NODE_WIDTH + 130;
const GAP = 18;
/** Between two edges that pass a layer. */
const LANE = 12;
const MARGIN = 24;
const SWEEPS = 24;
/** Sweeps without fewer crossings before it is left at that. */
const PATIENCE = 4;

export interface Wanted {
  nodes: string[];
  edges: { from: string; to: string }[];
}
export interface Point {
  x: number;
  y: number;
}
export interface Placed {
  nodes: Record<string, Point>;
  edges: Point[][];
  width: number;
  height: number;
  tookMs: number;
}

interface Graph {
  /** How high each vertex is; the first ones are nodes, the others are where an edge passes a layer. */
  heights: number[];
  layers: number[];
  before: number[][];
  after: number[][];
  /** The vertices along each edge. */
  ways: number[][];
}

export function layout(wanted: Wanted): Placed {
  const started = performance.now();
  const graph = build(wanted);
  const rows = order(graph);
  const ys = heightsOf(graph, rows);
  const top = ys.reduce((least, y, at) => Math.min(least, y - (graph.heights[at] ?? 0) / 2), Infinity);
  const at = (vertex: number): Point => ({ x: MARGIN + NODE_WIDTH / 2 + (graph.layers[vertex] ?? 0) * LAYER, y: (ys[vertex] ?? 0) - top + MARGIN });
  const points = ys.map((_, vertex) => at(vertex));
  return {
    nodes: Object.fromEntries(wanted.nodes.map((node, vertex) => [node, points[vertex] ?? { x: 0, y: 0 }])),
    edges: graph.ways.map((way) => pointsOf(way.map((vertex) => points[vertex] ?? { x: 0, y: 0 }))),
    width: wanted.nodes.length === 0 ? 0 : Math.max(...rows.keys()) * LAYER + NODE_WIDTH + 2 * MARGIN,
    height: points.reduce((most, point, vertex) => Math.max(most, point.y + (graph.heights[vertex] ?? 0) / 2), 0) + MARGIN,
    tookMs: performance.now() - started,
  };
}

/** From the side of the first node to the side of the last; straight through each layer between. */
function pointsOf(way: Point[]): Point[] {
  const half = NODE_WIDTH / 2;
  const isBack = (way[0]?.x ?? 0) > (way.at(-1)?.x ?? 0);
  const side = isBack ? -half : half;
  return way.flatMap((point, index) => {
    const parts: Point[] = [];
    if (index > 0) parts.push({ x: point.x - side, y: point.y });
    if (index < way.length - 1) parts.push({ x: point.x + side, y: point.y });
    return parts;
  });
}

function build({ nodes, edges }: Wanted): Graph {
  const index = new Map(nodes.map((node, at) => [node, at]));
  const ends = edges.map(({ from, to }): [number, number] => [index.get(from) ?? -1, index.get(to) ?? -1]);
  const layers = layersOf(nodes.length, ends);
  const graph: Graph = { heights: nodes.map(() => NODE_HEIGHT), layers, before: nodes.map(() => []), after: nodes.map(() => []), ways: [] };
  for (const [from, to] of ends) {
    if (from < 0 || to < 0) {
      graph.ways.push([]);
      continue;
    }
    const way = [from];
    const step = (layers[from] ?? 0) < (layers[to] ?? 0) ? 1 : -1;
    for (let layer = (layers[from] ?? 0) + step; step * (layer - (layers[to] ?? 0)) < 0; layer += step) {
      way.push(graph.heights.length);
      graph.heights.push(0);
      layers.push(layer);
      graph.before.push([]);
      graph.after.push([]);
    }
    way.push(to);
    for (let at = 1; at < way.length; at += 1) {
      const [left, right] = step > 0 ? [way[at - 1], way[at]] : [way[at], way[at - 1]];
      if (left === undefined || right === undefined || layers[left] === layers[right]) continue;
      graph.after[left]?.push(right);
      graph.before[right]?.push(left);
    }
    graph.ways.push(way);
  }
  return graph;
}

/** The layer of each node: one after its last predecessor; what has none stands right before its first successor. */
function layersOf(count: number, ends: readonly [number, number][]): number[] {
  const after: number[][] = Array.from({ length: count }, () => []);
  const before: number[][] = Array.from({ length: count }, () => []);
  for (const [from, to] of ends) {
    if (from < 0 || to < 0 || from === to) continue;
    after[from]?.push(to);
    before[to]?.push(from);
  }
  // Depth first, with a stack of its own: chains may be long. An edge back into the way walked is a circle, and is passed over.
  const state = new Uint8Array(count);
  const finished: number[] = [];
  for (let root = 0; root < count; root += 1) {
    if (state[root] !== 0) continue;
    const stack: [number, number][] = [[root, 0]];
    state[root] = 1;
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = after[top[0]]?.[top[1]];
      top[1] += 1;
      if (next === undefined) {
        state[top[0]] = 2;
        finished.push(top[0]);
        stack.pop();
      } else if (state[next] === 0) {
        state[next] = 1;
        stack.push([next, 0]);
      }
    }
  }
  const rank = new Map(finished.reverse().map((node, at) => [node, at]));
  const isForward = (from: number, to: number) => (rank.get(from) ?? 0) < (rank.get(to) ?? 0);
  const layers: number[] = Array.from({ length: count }, () => 0);
  for (const node of finished) for (const to of after[node] ?? []) if (isForward(node, to)) layers[to] = Math.max(layers[to] ?? 0, (layers[node] ?? 0) + 1);
  for (const node of finished) {
    if ((before[node] ?? []).some((one) => isForward(one, node))) continue;
    const first = Math.min(...(after[node] ?? []).filter((to) => isForward(node, to)).map((to) => layers[to] ?? 0));
    if (Number.isFinite(first)) layers[node] = first - 1;
  }
  return layers;
}

/** The vertices of each layer, from top to bottom. */
function order({ layers, before, after }: Graph): number[][] {
  let rows: number[][] = Array.from({ length: Math.max(0, ...layers.map((layer) => layer + 1)) }, () => []);
  // To begin with as a walk meets them, so that what belongs together is together.
  const seen = new Uint8Array(layers.length);
  for (let root = 0; root < layers.length; root += 1) {
    const stack = [root];
    for (let vertex = stack.pop(); vertex !== undefined; vertex = stack.pop()) {
      if (seen[vertex]) continue;
      seen[vertex] = 1;
      rows[layers[vertex] ?? 0]?.push(vertex);
      stack.push(...[...(after[vertex] ?? []), ...(before[vertex] ?? [])].reverse());
    }
  }
  const place = new Float64Array(layers.length);
  const note = (row: readonly number[]): void => row.forEach((vertex, at) => (place[vertex] = at));
  rows.forEach(note);
  const middle = (vertex: number, neighbours: readonly number[]): number => {
    if (neighbours.length === 0) return place[vertex] ?? 0;
    let sum = 0;
    for (const one of neighbours) sum += place[one] ?? 0;
    return sum / neighbours.length;
  };
  let best = rows.map((row) => [...row]);
  let fewest = crossings(rows, after, place);
  for (let sweep = 0, waited = 0; sweep < SWEEPS && waited < PATIENCE && fewest > 0; sweep += 1) {
    const isDown = sweep % 2 === 0;
    for (let step = 1; step < rows.length; step += 1) {
      const layer = isDown ? step : rows.length - 1 - step;
      const row = rows[layer] ?? [];
      const keys = new Map(row.map((vertex) => [vertex, middle(vertex, (isDown ? before : after)[vertex] ?? [])]));
      row.sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
      note(row);
    }
    const count = crossings(rows, after, place);
    waited += 1;
    if (count >= fewest) continue;
    fewest = count;
    best = rows.map((row) => [...row]);
    waited = 0;
  }
  rows = best;
  return rows;
}

/** How often edges between neighbouring layers cross: inversions, counted in a tree of sums. */
function crossings(rows: readonly number[][], after: readonly number[][], place: Float64Array): number {
  let total = 0;
  rows.forEach((row, layer) => {
    const size = (rows[layer + 1]?.length ?? 0) + 1;
    const sums = new Int32Array(size + 1);
    let count = 0;
    for (const vertex of row) {
      const ends = (after[vertex] ?? []).map((to) => (place[to] ?? 0) + 1);
      for (const end of ends) {
        let upTo = 0;
        for (let at = end; at > 0; at -= at & -at) upTo += sums[at] ?? 0;
        total += count - upTo;
      }
      for (const end of ends) {
        count += 1;
        for (let at = end; at <= size; at += at & -at) sums[at] = (sums[at] ?? 0) + 1;
      }
    }
  });
  return total;
}

/** The height of each vertex: as near to its neighbours as its row's order and gaps allow. */
function heightsOf({ heights, before, after }: Graph, rows: readonly number[][]): number[] {
  const ys: number[] = heights.map(() => 0);
  const gap = (a: number, b: number): number => ((heights[a] ?? 0) + (heights[b] ?? 0)) / 2 + (heights[a] === 0 && heights[b] === 0 ? LANE : GAP);
  for (const row of rows) row.forEach((vertex, at) => (ys[vertex] = at === 0 ? 0 : (ys[row[at - 1] ?? 0] ?? 0) + gap(row[at - 1] ?? 0, vertex)));
  // Edges that pass by are worth more than nodes, so that they stay straight.
  const weight = (a: number, b: number): number => (heights[a] === 0 && heights[b] === 0 ? 8 : heights[a] === 0 || heights[b] === 0 ? 2 : 1);
  for (let sweep = 0; sweep < 12; sweep += 1) {
    const isDown = sweep % 2 === 0;
    for (let step = 0; step < rows.length; step += 1) {
      const row = rows[isDown ? step : rows.length - 1 - step] ?? [];
      // Least squares under order and gaps: neighbours that want past each other share the mean of their wishes.
      const groups: { sum: number; weight: number; members: number[] }[] = [];
      let offset = 0;
      const offsets: number[] = [];
      row.forEach((vertex, at) => {
        if (at > 0) offset += gap(row[at - 1] ?? 0, vertex);
        offsets.push(offset);
        let [sum, total] = [0, 0];
        // Late sweeps look to both sides, so that what comes before does not drift away from what comes after.
        const sides = sweep < 8 ? [(isDown ? before : after)[vertex]] : [before[vertex], after[vertex]];
        for (const side of sides) for (const one of side ?? []) {
          const heavy = weight(vertex, one);
          sum += heavy * (ys[one] ?? 0);
          total += heavy;
        }
        if (total === 0) [sum, total] = [0.05 * (ys[vertex] ?? 0), 0.05];
        let group = { sum: sum - total * offset, weight: total, members: [at] };
        for (let last = groups.at(-1); last !== undefined && last.sum / last.weight > group.sum / group.weight; last = groups.at(-1)) {
          group = { sum: last.sum + group.sum, weight: last.weight + group.weight, members: last.members.concat(group.members) };
          groups.pop();
        }
        groups.push(group);
      });
      for (const group of groups) for (const at of group.members) ys[row[at] ?? 0] = group.sum / group.weight + (offsets[at] ?? 0);
    }
  }
  return ys;
}
