/** What is loaded when it is shown first. */
import { type ComponentType, type ReactNode, useLayoutEffect, useState } from "react";
import { leads } from "../path";
import { Loading } from "./Page";

const waiting = <div className="page"><Loading /></div>;

/**
 * A part that is loaded when it is shown first; the page that a visit begins with, `at` this address, at once.
 *
 * React's own `lazy` would show what stands in for it for 300 ms at least, and until then no page asks for its data.
 */
export function loaded<P extends object>(load: () => Promise<{ default: ComponentType<P> }>, { at, before = waiting }: { at?: string; before?: ReactNode } = {}): ComponentType<P> {
  let Part: ComponentType<P> | null = null;
  const begin = async (): Promise<void> => {
    Part = (await load()).default;
  };
  const begun = at !== undefined && leads(at, location.pathname) ? begin() : null;
  // Whether it came is told where it is shown.
  begun?.catch(() => {});
  return function Loaded(props: P): ReactNode {
    const [isThere, setThere] = useState(Part !== null);
    const [failure, setFailure] = useState<{ error: unknown } | null>(null);
    useLayoutEffect(() => {
      if (!isThere) (begun ?? begin()).then(() => setThere(true), (error: unknown) => setFailure({ error }));
    }, [isThere]);
    if (failure !== null) throw failure.error;
    return Part === null ? before : <Part {...props} />;
  };
}
