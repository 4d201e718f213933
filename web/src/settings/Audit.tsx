/** Who changed what, when, and from where. */
import { useQuery } from "@tanstack/react-query";
import { all } from "../api/client";
import { instant } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Choice, Field } from "../part/Field";
import { List, usePages } from "../part/List";
import { Empty } from "../part/Page";
import { useQueryState } from "../path";
import { useWhyNot } from "../session";

interface Line {
  id: number;
  at: string;
  user: { id: number; name: string } | null;
  origin: string;
  action: string;
  subject: string;
  detail: string | null;
}

export default function Audit() {
  const [query, setQuery] = useQueryState(["search", "user", "from", "to"]);
  const pages = usePages<Line>("/v1/audit", query);
  const whyNot = useWhyNot()("USERS.WRITE");
  const people = useQuery({ queryKey: ["/v1/users", "all"], queryFn: () => all<{ id: number; name: string }>("/v1/users"), enabled: whyNot === null });
  const isFiltered = Object.values(query).some((value) => value !== "");
  const clear = <Button onClick={() => setQuery({ search: "", user: "", from: "", to: "" })}>{t("Clear filters")}</Button>;
  return (
    <>
      <div className="filters">
        <Field label={t("Find")} type="search" wide value={query.search} onChange={(event) => setQuery({ search: event.target.value })} placeholder={t("What, of what, detail")} />
        {people.data && <Choice label={t("Who")} value={query.user} onChange={(event) => setQuery({ user: event.target.value })} options={[["", t("anybody")], ...people.data.map((one) => [one.name, one.name] as const)]} />}
        <Field label={t("From")} type="date" value={query.from} onChange={(event) => setQuery({ from: event.target.value })} />
        <Field label={t("To")} type="date" value={query.to} onChange={(event) => setQuery({ to: event.target.value })} />
        {isFiltered && clear}
      </div>
      <div className="card">
        <List
          pages={pages}
          caption={t("Audit log")}
          keyOf={(line) => line.id}
          empty={<Empty title={t("No change is like that")}>{isFiltered && clear}</Empty>}
          columns={[
            { name: t("When"), isNarrow: true, show: (line) => instant(line.at) },
            { name: t("Who"), isNarrow: true, show: (line) => line.user?.name ?? "" },
            { name: t("From where"), isNarrow: true, show: (line) => <span className="mono small">{line.origin}</span> },
            { name: t("What"), isNarrow: true, show: (line) => <strong>{line.action}</strong> },
            { name: t("Of what"), show: (line) => line.subject },
            { name: t("Detail"), show: (line) => <span className="soft">{line.detail ?? ""}</span> },
          ]}
        />
      </div>
    </>
  );
}
