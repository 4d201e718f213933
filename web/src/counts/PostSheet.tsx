/** Posting a sheet after a look at what differs, and giving one up. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../api/client";
import type { Place, Ref } from "../api/types";
import { quantity } from "../format";
import { t } from "../i18n";
import { Ask } from "../part/Ask";
import { Choice } from "../part/Field";
import { Loading } from "../part/Page";
import { say } from "../part/toast";
import type { CountSheet } from "./sheet";

interface Posted {
  differences: number;
  counts: { product: Ref; lot: Ref | null; instances: Ref[] | null; location: Place; quantity: number; expected: number; difference: number }[];
}

const SHOWN_MAX = 200;

export function PostSheet({ sheet, onClose }: { sheet: CountSheet; onClose: () => void }) {
  const left = sheet.toCount + sheet.toRecount;
  const [uncounted, setUncounted] = useState(left > 0 ? "skip" : "");
  const body = uncounted === "" ? {} : { uncounted };
  const at = `/v1/count-sheets/${sheet.id}/post`;
  const seen = useQuery({ queryKey: ["post", sheet.id, sheet.modifiedAt, uncounted], queryFn: () => post<Posted>(at, body, { dryRun: true }), retry: false });
  // What differs of a set of instances is told by the counts of each.
  const counts = seen.data?.counts.filter((count) => count.instances === null || count.difference === 0) ?? [];
  const differing = counts.filter((count) => count.difference !== 0);
  return (
    <Ask<Posted>
      title={t("Post {name}", { name: sheet.name })}
      about={t("All that was counted becomes true at the time when it was counted, together.")}
      path={at}
      body={body}
      fields={[]}
      verb={t("Post")}
      done={t("The counts are posted")}
      wide
      onClose={onClose}
      onDone={(posted) => say(t("{count, plural, =0 {Nothing differed} one {# line differed} other {# lines differed}}", { count: posted.differences }))}
      why={seen.isPending ? t("Looking at the differences") : seen.isError ? seen.error.message : null}
    >
      {() => (
        <>
          {left > 0 && (
            <Choice
              label={t("{count, plural, one {# line is} other {# lines are}} not counted", { count: left })}
              value={uncounted}
              onChange={(event) => setUncounted(event.target.value)}
              options={[["skip", t("leave their stock as it is")], ["zero", t("nothing stands there: set it to 0")]]}
            />
          )}
          {seen.isPending && <Loading lines={3} />}
          {seen.isError && <div className="banner bad" role="alert">{seen.error.message}</div>}
          {seen.isSuccess && differing.length === 0 && <div className="banner good" role="status">{t("{count, plural, one {The one count} other {All # counts}} found what is expected.", { count: counts.length })}</div>}
          {differing.length > 0 && (
            <div className="scroll" tabIndex={0} role="region" aria-label={t("Differences")}>
              <table className="table cards">
                <caption className="visually-hidden">{t("Differences")}</caption>
                <thead><tr><th>{t("Product")}</th><th>{t("Location")}</th><th className="number">{t("Expected")}</th><th className="number">{t("Counted")}</th><th className="number">{t("Difference")}</th></tr></thead>
                <tbody>
                  {differing.slice(0, SHOWN_MAX).map((count, index) => (
                    <tr key={index}>
                      <td className="first" data-label={t("Product")}><strong>{count.product.identifier}</strong></td>
                      <td data-label={t("Location")}>{count.location.path}</td>
                      <td className="number" data-label={t("Expected")}>{quantity(count.expected)}</td>
                      <td className="number" data-label={t("Counted")}>{quantity(count.quantity)}</td>
                      <td className="number" data-label={t("Difference")}><strong className={count.difference < 0 ? "bad" : ""}>{count.difference > 0 ? "+" : ""}{quantity(count.difference)}</strong></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {seen.isSuccess && <p className="small soft">{t("{differing} of {count} counts differ.", { differing: differing.length, count: counts.length })} {differing.length > SHOWN_MAX && t("The first {count} are shown.", { count: SHOWN_MAX })}</p>}
        </>
      )}
    </Ask>
  );
}

export function GiveUp({ sheet, onClose }: { sheet: CountSheet; onClose: () => void }) {
  return <Ask title={t("Give {name} up", { name: sheet.name })} about={t("Nothing of it is posted. What was counted stays readable.")} path={`/v1/count-sheets/${sheet.id}/cancel`} body={{}} fields={[]} verb={t("Give up")} isDanger done={t("The sheet is given up")} onClose={onClose} />;
}
