/** The list of journals: what waits in each, and whether a booking is under way. */
import { useQuery } from "@tanstack/react-query";
import { NotebookPen, Plus } from "lucide-react";
import { Link } from "wouter";
import { all, get, type Page as ApiPage } from "../api/client";
import type { Journal } from "../api/types";
import { whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Field } from "../part/Field";
import { loaded } from "../part/Lazy";
import { Sorted } from "../part/List";
import { Empty, Failed, Loading, Page } from "../part/Page";
import { Progress } from "../part/Progress";
import { path, useQueryState } from "../path";
import { useWhyNot } from "../session";

const NewJournal = loaded(() => import("./NewJournal"), { before: null });

export interface Draft {
  journal: number;
  entries: number;
  booking: { id: number; done: number; total: number; requestedAt: string; requestedBy: number } | null;
}

export function kindName(kind: string): string {
  const names: Record<string, string> = {
    Delivery: t("Deliveries"),
    Settlement: t("Stocktaking"),
    InternalTransfer: t("Transfers"),
    InternalUse: t("Own use"),
    Shrinkage: t("Losses"),
    Complaint: t("Complaints"),
  };
  return names[kind] ?? kind;
}

export default function Journals() {
  const [query, setQuery] = useQueryState(["search", "new"]);
  const whyNot = useWhyNot();
  const journals = useQuery({ queryKey: ["/v1/journals"], queryFn: ({ signal }) => all<Journal>("/v1/journals", {}, 2_000, signal) });
  const drafts = useQuery({
    queryKey: ["/v1/drafts"],
    queryFn: ({ signal }) => get<ApiPage<Draft>>("/v1/drafts", {}, signal),
    refetchInterval: 3_000,
  });
  const draftOf = new Map((drafts.data?.items ?? []).map((draft) => [draft.journal, draft]));
  const wanted = query.search.toLowerCase();
  const shown = (journals.data ?? []).filter((journal) => !journal.isHidden && `${journal.name} ${journal.description ?? ""}`.toLowerCase().includes(wanted));
  return (
    <Page
      title={t("Journals")}
      about={t("Lines wait here until they are booked; then they are movements in the ledger.")}
      actions={<Button kind="primary" icon={<Plus size={16} />} onClick={() => setQuery({ new: "1" })} why={whyNot("CATALOG.WRITE")}>{t("New journal")}</Button>}
    >
      <div className="filters">
        <Field label={t("Find")} wide type="search" value={query.search} onChange={(event) => setQuery({ search: event.target.value })} placeholder={t("Name or description")} />
      </div>
      <div className="card">
        {journals.isPending ? (
          <Loading />
        ) : journals.isError ? (
          <Failed error={journals.error} again={() => void journals.refetch()} />
        ) : (
          <Sorted
            caption={t("Journals")}
            items={shown}
            keyOf={(journal) => journal.id}
            empty={
              <Empty title={wanted ? t("No journal has that name") : t("No journals yet")} icon={<NotebookPen size={32} />}>
                {!wanted && <p>{t("A journal collects lines of one kind, such as deliveries, until they are booked.")}</p>}
              </Empty>
            }
            columns={[
              {
                name: t("Journal"),
                sort: ["name", (journal) => journal.name],
                show: (journal) => (
                  <>
                    <Link href={path.journal(journal.id)}><strong>{journal.name}</strong></Link>
                    {journal.description && <div className="soft small">{journal.description}</div>}
                  </>
                ),
              },
              { name: t("Kind"), sort: ["kind", (journal) => kindName(journal.kind)], isNarrow: true, show: (journal) => kindName(journal.kind) },
              { name: t("Org unit"), sort: ["orgUnit", (journal) => journal.orgUnit?.path], show: (journal) => journal.orgUnit?.path ?? "" },
              { name: t("Books"), isNarrow: true, show: (journal) => (journal.isAutoBook ? <span className="tag accent">{t("by itself")}</span> : <span className="soft">{t("when asked")}</span>) },
              {
                name: t("Waiting"),
                sort: ["waiting", (journal) => draftOf.get(journal.id)?.entries],
                isNumber: true,
                show: (journal) => {
                  const entries = draftOf.get(journal.id)?.entries;
                  return entries === undefined ? "…" : entries === 0 ? <span className="soft">0</span> : <strong>{whole(entries)}</strong>;
                },
              },
              {
                name: t("State"),
                isNarrow: true,
                show: (journal) => {
                  const draft = draftOf.get(journal.id);
                  if (draft?.booking) return <Progress done={draft.booking.done} total={draft.booking.total} label={t("Booking")} />;
                  return draft && draft.entries > 0 ? <span className="tag info">{t("to be booked")}</span> : <span className="tag">{t("empty")}</span>;
                },
              },
            ]}
          />
        )}
      </div>
      {query.new !== "" && <NewJournal onClose={() => setQuery({ new: "" })} />}
    </Page>
  );
}
