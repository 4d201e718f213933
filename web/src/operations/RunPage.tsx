/** One run: what happened to which lots, and the movements that it left. */
import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { get } from "../api/client";
import type { Run } from "../api/types";
import { instant, quantity } from "../format";
import { t } from "../i18n";
import { Undo } from "../ledger/Reverse";
import { Button } from "../part/Button";
import { Failed, Loading, Page } from "../part/Page";
import { path, withQuery } from "../path";
import { useWhyNot } from "../session";
import { ProductLink } from "../stock/Stock";
import { typeName } from "./fields";
import { statusKind, statusName } from "./state";

export default function RunPage({ reference }: { reference: string }) {
  const found = useQuery({ queryKey: ["/v1/runs", reference], queryFn: () => get<Run>(`/v1/runs/${encodeURIComponent(reference)}`) });
  const whyNot = useWhyNot()("STOCK.REVERSE");
  const [isUndoing, setUndoing] = useState(false);
  if (found.isPending) return <div className="page"><Loading /></div>;
  if (found.isError) return <Page title={t("Run")}><Failed error={found.error} /></Page>;
  const run = found.data;
  const facts: [string, React.ReactNode][] = [
    [t("Operation"), run.operation && <Link href={path.operation(run.operation.id)}>{run.operation.name ?? run.operation.id}</Link>],
    [t("Product"), run.product && <ProductLink product={run.product} />],
    [t("Lot"), run.lot && <Link href={path.lot(run.lot.uid)}>{run.lot.name}</Link>],
    [t("Product on the other side"), run.secondaryProduct && <ProductLink product={run.secondaryProduct} />],
    [t("Lot on the other side"), run.secondaryLot && <Link href={path.lot(run.secondaryLot.uid)}>{run.secondaryLot.name}</Link>],
    [t("From"), run.from?.path],
    [t("To"), run.to?.path],
    [t("Quantity"), `${quantity(run.quantity)} ${run.unit ?? ""}`],
    [t("Reservation"), run.reservation],
    [t("Began"), instant(run.startedAt)],
    [t("Ended"), run.endedAt && instant(run.endedAt)],
    [t("Row of stock"), run.inventoryName],
    [t("Notes"), run.notes],
    [t("Movements"), run.batch !== null && <Link href={withQuery(path.ledger(), { batch: run.batch })}>{t("batch {batch} of the ledger", { batch: run.batch })}</Link>],
    [t("Free fields"), [run.spare1, run.spare2, run.spare3].filter(Boolean).join(" · ")],
    [t("ULID"), <span key="u" className="mono">{run.uid}</span>],
  ];
  return (
    <Page
      title={t("Run: {what}", { what: typeName(run.kind) })}
      about={<span className={`tag ${statusKind(run.status)}`}>{statusName(run.status)}</span>}
      actions={<Button icon={<Undo2 size={16} />} onClick={() => setUndoing(true)} why={whyNot ?? (run.batch === null && t("It has moved nothing"))}>{t("Undo …")}</Button>}
    >
      <div className="card">
        <dl className="pairs body">
          {facts.filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false).map(([name, value]) => (
            <div key={name} style={{ display: "contents" }}><dt>{name}</dt><dd>{value}</dd></div>
          ))}
        </dl>
      </div>
      {isUndoing && (
        <Undo what={{ run: run.uid }} title={t("Undo: {what}", { what: [typeName(run.kind), run.lot?.name].filter(Boolean).join(" ") })} onClose={() => setUndoing(false)}>
          {t("Everything that it moved goes back, by counter-movements at the same times; the run stays on record.")}
        </Undo>
      )}
    </Page>
  );
}
