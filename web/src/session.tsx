/** Who is logged in, and what they may do. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { get, Problem, setCsrfToken, setLoggedOut } from "./api/client";
import type { Me } from "./api/types";
import { t } from "./i18n";
import { Login, LoginAgain } from "./Login";
import { Failed, Loading } from "./part/Page";

const Session = createContext<Me | null>(null);

export function useMe(): Me {
  const me = useContext(Session);
  if (me === null) throw new Error("a page outside of a session");
  return me;
}

/** Why the caller may not do something; null where they may, somewhere at least. */
export function useWhyNot(): (permission: string) => string | null {
  const me = useMe();
  return (permission) =>
    may(me, permission) ? null : t("Your roles do not include the permission {permission}", { permission });
}

/** A permission grants those below it: `STOCK` grants `STOCK.BOOK`, and `*` everything. */
export function may(me: Me, permission: string): boolean {
  return me.permissions.some((grant) =>
    grant.permissions.some((held) => held === "*" || permission === held || permission.startsWith(`${held}.`)),
  );
}

export function SessionGate({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [isOut, setOut] = useState(false);
  const me = useQuery({
    queryKey: ["me"],
    queryFn: async () => {
      const me = await get<Me>("/v1/me");
      setCsrfToken(me.csrfToken ?? "");
      return me;
    },
    staleTime: Infinity,
    retry: false,
  });
  useEffect(() => setLoggedOut(() => setOut(true)), []);
  if (me.isPending) return <Loading />;
  if (me.error instanceof Problem && me.error.status === 401) {
    return <Login onDone={() => void queries.resetQueries()} />;
  }
  if (me.isError) return <Failed error={me.error} again={() => void me.refetch()} />;
  const back = async (): Promise<void> => {
    const again = await get<Me>("/v1/me");
    // Nobody finds the work of somebody else before them.
    if (again.user.id !== me.data.user.id || again.tenant.id !== me.data.tenant.id) return location.reload();
    setCsrfToken(again.csrfToken ?? "");
    queries.setQueryData(["me"], again);
    setOut(false);
    void queries.invalidateQueries();
  };
  return (
    <Session.Provider value={me.data}>
      {children}
      {isOut && <LoginAgain onDone={() => void back()} />}
    </Session.Provider>
  );
}
