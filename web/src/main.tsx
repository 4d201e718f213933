import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Problem } from "./api/client";
import { Router } from "wouter";
import { App } from "./App";
import { loadStrings } from "./i18n";
import { useGuardedLocation } from "./leave";
import { Toasts } from "./part/toast";
import { SessionGate } from "./session";
import "./style/base.css";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Only what may pass by itself is tried again.
      retry: (count, error) => count < 2 && error instanceof Problem && (error.status === 0 || error.status === 503),
    },
  },
});

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root");
void loadStrings().then(() =>
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <SessionGate>
          <Router hook={useGuardedLocation}>
            <App />
          </Router>
        </SessionGate>
        <Toasts />
      </QueryClientProvider>
    </StrictMode>,
  ),
);

// A page that was opened before the server was renewed asks for parts that are no more: the new ones come with a reload.
// Where there is no server, a reload would only take away what is there.
addEventListener("vite:preloadError", () => {
  const last = Number(sessionStorage.getItem("reloaded") ?? 0);
  if (Date.now() - last < 60_000) return;
  fetch("/readyz", { cache: "no-store" }).then(
    () => {
      sessionStorage.setItem("reloaded", String(Date.now()));
      location.reload();
    },
    () => {},
  );
});

// Where it may be installed (over HTTPS, or on this machine), pages open without a network, too.
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  addEventListener("load", () => void navigator.serviceWorker.register("/sw.js").catch(() => {}));
}
