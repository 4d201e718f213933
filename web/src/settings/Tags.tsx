/** What machines say now, and how it goes with the broker that brings it. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import { ago, instant, whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Field } from "../part/Field";
import { Rows } from "../part/List";
import { Empty, Failed, Loading } from "../part/Page";
import { useQueryState } from "../path";

interface Tag {
  path: string;
  value: unknown;
  quality: "good" | "uncertain" | "bad";
  time: string;
}
interface Broker {
  isWanted: boolean;
  broker: string | null;
  isConnected: boolean;
  connectedSince: string | null;
  received: number;
  accepted: number;
  unreadable: number;
  lastFault: { at: string; message: string } | null;
}

const LOOK_EVERY_MS = 3_000;

export default function Tags() {
  const [query, setQuery] = useQueryState(["search"]);
  const broker = useQuery({ queryKey: ["/v1/mqtt"], queryFn: () => get<Broker>("/v1/mqtt"), refetchInterval: LOOK_EVERY_MS, retry: false });
  const pages = useInfiniteQuery({
    queryKey: ["/v1/tags", "pages", query.search],
    queryFn: ({ pageParam, signal }) => get<{ items: Tag[]; nextAfter: string | null }>("/v1/tags", { search: query.search, after: pageParam, limit: 200 }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextAfter,
    refetchInterval: LOOK_EVERY_MS,
  });
  const one = broker.data;
  return (
    <>
      {one?.isWanted && (
        <div className={one.isConnected ? "banner good" : "banner warn"} role="status">
          {one.isConnected ? t("Connected with {broker} since {when}: {received} messages, {accepted} samples taken", { broker: one.broker ?? "", when: instant(one.connectedSince ?? ""), received: whole(one.received), accepted: whole(one.accepted) }) : t("Not connected with {broker}", { broker: one.broker ?? "" })}
          {one.unreadable > 0 && <span className="tag warn">{t("{count} unreadable", { count: one.unreadable })}</span>}
          {one.lastFault && <span className="small">{t("Last fault {when}: {what}", { when: ago(one.lastFault.at), what: one.lastFault.message })}</span>}
        </div>
      )}
      <div className="filters">
        <Field label={t("Find")} type="search" wide value={query.search} onChange={(event) => setQuery({ search: event.target.value })} placeholder={t("Part of the path")} />
        <p className="soft grow">{t("The last value of each tag. Edges of expressions over them start and stop operations.")}</p>
      </div>
      <div className="card">
        {pages.isPending ? (
          <Loading />
        ) : pages.isError ? (
          <Failed error={pages.error} again={() => void pages.refetch()} />
        ) : (
          <>
            <Rows
              caption={t("Tags")}
              items={pages.data.pages.flatMap((page) => page.items)}
              keyOf={(tag) => tag.path}
              empty={<Empty title={query.search ? t("No tag has that in its path") : t("No tag has said anything yet")} />}
              columns={[
                { name: t("Path"), show: (tag) => <span className="mono small">{tag.path}</span> },
                { name: t("Value"), isNumber: true, show: (tag) => <strong className="mono">{typeof tag.value === "string" ? tag.value : JSON.stringify(tag.value)}</strong> },
                { name: t("Quality"), isNarrow: true, show: (tag) => <span className={`tag ${{ good: "good", uncertain: "warn", bad: "bad" }[tag.quality]}`}>{{ good: t("good"), uncertain: t("uncertain"), bad: t("bad") }[tag.quality]}</span> },
                { name: t("Since"), isNarrow: true, show: (tag) => instant(tag.time) },
              ]}
            />
            {pages.hasNextPage && <div className="row" style={{ justifyContent: "center", padding: 12 }}><Button onClick={() => void pages.fetchNextPage()} why={pages.isFetchingNextPage && t("Loading")}>{t("Show more")}</Button></div>}
          </>
        )}
      </div>
    </>
  );
}
