/** The records of one kind: found, made, changed, deleted. */
import { Plus } from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import { quantity } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Field } from "../part/Field";
import { List, usePages } from "../part/List";
import { Empty } from "../part/Page";
import { useQueryState } from "../path";
import { useWhyNot } from "../session";
import type { KindSpec } from "./kinds";
import { RecordForm, type Row, shown } from "./RecordForm";

export function Catalog({ kind }: { kind: KindSpec }) {
  const [query, setQuery] = useQueryState(["search", "open"]);
  const setOpen = (open: string): void => setQuery({ open });
  const whyNot = useWhyNot()("CATALOG.WRITE");
  const pages = usePages<Row>(`/v1/${kind.name}`, { search: query.search });
  const listed = pages.data?.pages.flatMap((page) => page.items).find((row) => String(row.id) === query.open);
  // The address may name a record that the list does not show.
  const asked = useQuery({ queryKey: [`/v1/${kind.name}`, "open", query.open], enabled: query.open !== "" && query.open !== "new" && !listed && pages.isSuccess, queryFn: () => get<Row>(`/v1/${kind.name}/${encodeURIComponent(query.open)}`) });
  const open = query.open === "new" ? null : (listed ?? asked.data);
  const fieldOf = (name: string) => kind.fields.find((field) => field.name === name);
  const label = (name: string) => fieldOf(name)?.short ?? fieldOf(name)?.label ?? { path: t("Path"), status: t("Status") }[name] ?? name;
  return (
    <>
      <div className="filters">
        <Field label={t("Find")} type="search" wide value={query.search} onChange={(event) => setQuery({ search: event.target.value })} />
        <p className="soft grow">{kind.about}</p>
        <Button kind="primary" icon={<Plus size={16} />} onClick={() => setOpen("new")} why={whyNot}>{t("New {thing}", { thing: kind.one })}</Button>
      </div>
      <div className="card">
        <List
          pages={pages}
          caption={kind.title}
          keyOf={(row) => row.id}
          empty={<Empty title={query.search ? t("Nothing has that name") : t("Nothing here yet")} />}
          columns={kind.columns.map((name, index) => ({
            name: label(name),
            sort: [name, (row: Row) => (typeof row[name] === "number" || typeof row[name] === "boolean" ? row[name] : (fieldOf(name)?.options?.find(([option]) => option === row[name])?.[1] ?? shown(row[name])))],
            isNumber: fieldOf(name)?.kind === "number",
            isNarrow: typeof fieldOf(name)?.start === "boolean" || fieldOf(name)?.kind === "choice",
            show: (row: Row) => {
              const value = row[name];
              if (index === 0) {
                return <button type="button" className="link" onClick={() => setOpen(String(row.id))}>{shown(value) || row.id}</button>;
              }
              if (typeof value === "boolean") return value ? t("yes") : <span className="soft">{t("no")}</span>;
              if (typeof value === "number") return quantity(value);
              const words = fieldOf(name)?.options?.find(([option]) => option === value);
              return words ? words[1] : shown(value).replaceAll("\n", ", ");
            },
          }))}
        />
      </div>
      {query.open !== "" && open !== undefined && <RecordForm key={query.open} kind={kind} record={open} onClose={() => setOpen("")} />}
    </>
  );
}
