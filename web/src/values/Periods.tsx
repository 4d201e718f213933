/** Which days are closed: nothing is booked on them or before; what becomes known of them waits as an adjustment. */
import { LockKeyhole } from "lucide-react";
import { useState } from "react";
import type { Place } from "../api/types";
import { date, dayOrTime, time } from "../format";
import { t } from "../i18n";
import { Ask } from "../part/Ask";
import { Button } from "../part/Button";
import { Choice, Field } from "../part/Field";
import { List, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty } from "../part/Page";
import { useQueryState } from "../path";
import { useWhyNot } from "../session";
import { Closing } from "./Closing";

interface Period {
  id: number;
  closedUntil: string | null;
  orgUnit: Place | null;
  closedAt: string;
  closedBy: { id: number; name: string | null };
}

const until = (text: string): string => (/^\d{4}-\d\d-\d\d$/.test(text) ? date(`${text}T12:00:00`) : dayOrTime(text));

export function Periods() {
  const [query, setQuery] = useQueryState(["new"]);
  const whyNot = useWhyNot()("SETTINGS.WRITE");
  const pages = usePages<Period>("/v1/periods");
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  // The newest word for each org unit holds; the list is in the order in which they were said.
  const newest = new Map(items.map((one) => [one.orgUnit?.id ?? 0, one.id]));
  return (
    <>
      <div className="row">
        <p className="soft grow">{t("Nothing is booked on a closed day or before. What becomes known of it stands on the first open day, and waits there to be approved.")}</p>
        <Button kind="primary" icon={<LockKeyhole size={16} />} onClick={() => setQuery({ new: "1" })} why={whyNot}>{t("Close or open days")}</Button>
      </div>
      <div className="card">
        <List
          pages={pages}
          caption={t("Closed periods")}
          keyOf={(one) => one.id}
          empty={<Empty title={t("Every day is open")} icon={<LockKeyhole size={32} />}><p>{t("Close a month when its books are done.")}</p></Empty>}
          columns={[
            { name: t("Closed until"), isNarrow: true, show: (one) => <strong>{one.closedUntil ? until(one.closedUntil) : t("opened again")}</strong> },
            { name: t("Org unit"), show: (one) => one.orgUnit?.path ?? t("all") },
            { name: t("State"), isNarrow: true, show: (one) => (newest.get(one.orgUnit?.id ?? 0) === one.id ? <span className="tag good">{t("holds")}</span> : <span className="tag">{t("said before")}</span>) },
            { name: t("Recorded"), isNarrow: true, show: (one) => time(one.closedAt) },
            { name: t("By"), show: (one) => one.closedBy.name ?? one.closedBy.id },
          ]}
        />
      </div>
      {query.new !== "" && <Close onClose={() => setQuery({ new: "" })} />}
    </>
  );
}

function Close({ onClose }: { onClose: () => void }) {
  const [what, setWhat] = useState("close");
  const [day, setDay] = useState("");
  const [orgUnit, setOrgUnit] = useState("");
  const body = { closedUntil: what === "open" ? null : day || null, ...(orgUnit && { orgUnit }) };
  return (
    <Ask<Period>
      title={t("Close or open days")}
      path="/v1/periods"
      body={body}
      fields={["closedUntil", "orgUnit"]}
      verb={what === "open" ? t("Open all days") : t("Close")}
      isDanger={what === "open"}
      done={what === "open" ? t("Every day is open") : t("Closed")}
      onClose={onClose}
      why={what === "close" && day === "" && t("Name the last closed day first")}
      wide
    >
      {(faultOf) => (
        <>
          <Choice label={t("What")} value={what} onChange={(event) => setWhat(event.target.value)} options={[["close", t("close up to a day")], ["open", t("open every day again")]]} />
          {what === "close" && <Field label={t("Last closed day")} type="date" value={day} fault={faultOf("closedUntil")} onChange={(event) => setDay(event.target.value)} required />}
          <Lookup label={t("Only for org unit")} of="locations" query={{ isOrgUnit: true }} value={orgUnit} fault={faultOf("orgUnit")} onChange={setOrgUnit} placeholder={t("all")} />
          {(what === "open" || day !== "") && <Closing day={what === "open" ? "" : day} orgUnit={orgUnit} />}
        </>
      )}
    </Ask>
  );
}
