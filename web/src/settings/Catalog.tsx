/** The records of one kind: found, made, changed, deleted. */
import { Plus } from "lucide-react";
import { useState } from "react";
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
  const [query, setQuery] = useQueryState(["search"]);
  const [open, setOpen] = useState<Row | "new" | null>(null);
  const whyNot = useWhyNot()("CATALOG.WRITE");
  const pages = usePages<Row>(`/v1/${kind.name}`, { search: query.search });
  const label = (name: string) => kind.fields.find((field) => field.name === name)?.label ?? { path: t("Path"), status: t("Status") }[name] ?? name;
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
            show: (row: Row) => {
              const value = row[name];
              if (index === 0) {
                return <button type="button" className="link" onClick={() => setOpen(row)}>{shown(value) || row.id}</button>;
              }
              if (typeof value === "boolean") return value ? t("yes") : <span className="soft">{t("no")}</span>;
              const words = kind.fields.find((field) => field.name === name)?.options?.find(([option]) => option === value);
              return words ? words[1] : shown(value).replaceAll("\n", ", ");
            },
          }))}
        />
      </div>
      {open !== null && <RecordForm kind={kind} record={open === "new" ? null : open} onClose={() => setOpen(null)} />}
    </>
  );
}
