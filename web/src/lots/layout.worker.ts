/** Lays a graph out in layers, away from the page, which stays quick meanwhile. */
import { layout, type Placed, type Wanted } from "./layout";

onmessage = (event: MessageEvent<Wanted>): void => {
  const placed: Placed = layout(event.data);
  postMessage(placed);
};
