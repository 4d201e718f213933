/** What is not saved is not left by mistake: the browser asks before it closes the page, and we ask before another one opens. */
import { useEffect } from "react";
import { navigate, useBrowserLocation } from "wouter/use-browser-location";

/** Why leaving the page now would lose something; null = it would not. When the window closes nothing can be saved any more. */
type Reason = (isClosing: boolean) => string | null;

let why: Reason = () => null;

/** While a page shows: asked before it is left. */
export function useLeaving(reason: Reason): void {
  useEffect(() => {
    why = reason;
    const onUnload = (event: BeforeUnloadEvent): void => {
      if (reason(true) !== null) event.preventDefault();
    };
    addEventListener("beforeunload", onUnload);
    return () => {
      why = () => null;
      removeEventListener("beforeunload", onUnload);
    };
  });
}

/** To another page of ours, if nothing is lost by it or the person agrees. */
const goOn: typeof navigate = (to, more) => {
  const path = new URL(String(to), location.href).pathname;
  const reason = path === location.pathname ? null : why(false);
  if (reason === null || confirm(reason)) navigate(to, more);
};

/** The browser's address as routes and links use it. */
export const useGuardedLocation: typeof useBrowserLocation = (options) => [useBrowserLocation(options)[0], goOn];
