/** Where nodes and edges of a graph go: in layers from left to right (dagre). */
import { Graph, layout as dagre } from "@dagrejs/dagre";

export const NODE_WIDTH = 190;
export const NODE_HEIGHT = 54;

export interface Wanted {
  nodes: string[];
  edges: { from: string; to: string }[];
}
export interface Placed {
  nodes: Record<string, { x: number; y: number }>;
  edges: { x: number; y: number }[][];
  width: number;
  height: number;
  tookMs: number;
}

export function layout({ nodes, edges }: Wanted): Placed {
  const started = performance.now();
  const graph = new Graph({ multigraph: true });
  // Beyond some hundred nodes the exact ranker costs seconds and is hardly seen.
  graph.setGraph({ rankdir: "LR", nodesep: 18, ranksep: 90, edgesep: 8, marginx: 24, marginy: 24, ranker: nodes.length > 150 ? "longest-path" : "network-simplex" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node, { width: NODE_WIDTH, height: NODE_HEIGHT });
  edges.forEach(({ from, to }, index) => graph.setEdge(from, to, {}, String(index)));
  dagre(graph);
  const size = graph.graph() as { width?: number; height?: number };
  return {
    nodes: Object.fromEntries(nodes.map((node) => {
      const { x, y } = graph.node(node) as { x: number; y: number };
      return [node, { x, y }];
    })),
    edges: edges.map(({ from, to }, index) => (graph.edge(from, to, String(index)) as { points?: { x: number; y: number }[] }).points ?? []),
    width: size.width ?? 0,
    height: size.height ?? 0,
    tookMs: performance.now() - started,
  };
}
