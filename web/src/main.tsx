import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Problem } from "./api/client";
import { App } from "./App";
import { loadStrings } from "./i18n";
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
          <App />
        </SessionGate>
        <Toasts />
      </QueryClientProvider>
    </StrictMode>,
  ),
);
