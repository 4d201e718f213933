/** Balances as a tree that opens, with sums on every branch; each figure leads to its movements. */
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { Link } from "wouter";
import { all } from "../api/client";
import type { Balance } from "../api/types";
import { quantity } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Failed, Loading } from "../part/Page";
import { path, withQuery } from "../path";
import { type Branch, type By, grow } from "./groups";
import { type Asked, Figure, ProductLink } from "./Stock";

const LINES_MAX = 20_000;
const UNITS_SHOWN = 3;

interface Props {
  by: By;
  query: Asked;
  day: string;
  empty: ReactNode;
}

export function Groups({ by, query, day, empty }: Props) {
  const found = useQuery({ queryKey: ["/v1/balances", "tree", query], queryFn: ({ signal }) => all<Balance>("/v1/balances", query, LINES_MAX, signal) });
  const branches = useMemo(() => grow(found.data ?? [], by), [found.data, by]);
  // What few branches hold is seen at once.
  const [isAllOpen, setAllOpen] = useState<boolean | null>(null);
  if (found.isPending) return <Loading />;
  if (found.isError) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (branches.length === 0) return <>{empty}</>;
  const names: Record<By, string> = { products: t("Products"), lots: t("Lots"), places: t("Locations") };
  return (
    <>
      <div className="row tree-tools">
        <Button kind="quiet" onClick={() => setAllOpen(true)}>{t("Open all")}</Button>
        <Button kind="quiet" onClick={() => setAllOpen(false)}>{t("Close all")}</Button>
        {found.data.length >= LINES_MAX && <span className="soft">{t("Only the first {count} lines are here; filter for the others.", { count: quantity(LINES_MAX) })}</span>}
      </div>
      <ul className="tree" aria-label={names[by]}>
        {branches.map((branch) => <Node key={`${branch.key}/${isAllOpen}`} branch={branch} by={by} day={day} isOpenFirst={isAllOpen ?? (by === "places" && branch.depth < 1)} isAllOpen={isAllOpen} />)}
      </ul>
    </>
  );
}

interface NodeProps {
  branch: Branch;
  by: By;
  day: string;
  isOpenFirst: boolean;
  isAllOpen: boolean | null;
}

function Node({ branch, by, day, isOpenFirst, isAllOpen }: NodeProps) {
  const [isOpen, setOpen] = useState(isOpenFirst);
  const more = branch.sums.length - UNITS_SHOWN;
  const what = by === "places" ? t("{count, plural, one {# product} other {# products}}", { count: branch.products.size }) : branch.children.length > 0 ? t("{count, plural, one {# lot} other {# lots}}", { count: branch.children.length }) : t("{count, plural, one {# place} other {# places}}", { count: branch.rows.length });
  return (
    <li style={{ paddingLeft: branch.depth > 0 ? 18 : 0 }}>
      <button type="button" className="branch" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />}
        <span className="grow"><strong>{branch.name}</strong> <span className="soft small">{what}</span></span>
        <span className="sums">
          {branch.sums.slice(0, UNITS_SHOWN).map((sum) => <span key={sum.unit} className={sum.quantity < 0 ? "number bad" : "number"}>{quantity(sum.quantity)} {sum.unit}</span>)}
          {more > 0 && <span className="soft small">{t("and {count} more", { count: more })}</span>}
        </span>
      </button>
      {isOpen && (
        <ul>
          {branch.rows.map((row) => <Leaf key={`${row.product.id}/${row.variant?.id ?? 0}/${row.lot?.id ?? 0}/${row.location.id}`} row={row} by={by} day={day} />)}
          {branch.children.map((child) => <Node key={child.key} branch={child} by={by} day={day} isOpenFirst={isAllOpen ?? false} isAllOpen={isAllOpen} />)}
        </ul>
      )}
    </li>
  );
}

/** One balance; what its branch says already is left out. */
function Leaf({ row, by, day }: { row: Balance; by: By; day: string }) {
  return (
    <li className="leaf">
      <span className="grow">
        {by === "places" ? <ProductLink product={row.product} asOf={day} /> : <Link href={withQuery(path.stock(), { location: row.location.path, asOf: day })}>{row.location.path}</Link>}
        {row.variant && <> <span className="soft">{row.variant.identifier}</span></>}
        {by !== "lots" && row.lot && <> <Link className="tag" href={path.lot(row.lot.uid)}>{row.lot.name}</Link></>}
      </span>
      <span className="number"><Figure one={row} day={day} /></span>
    </li>
  );
}
