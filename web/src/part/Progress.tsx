/** How far something is. */
import { whole } from "../format";
import { t } from "../i18n";

export function Progress({ done, total, label, unit = "" }: { done: number; total: number; label: string; unit?: string }) {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  return (
    <div className="row tight nowrap" style={{ flexWrap: "nowrap" }}>
      <div className="bar" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}>
        <div style={{ width: `${share * 100}%` }} />
      </div>
      <span className="small soft">{total > 0 ? `${t("{done} of {total}", { done: whole(done), total: whole(total) })} ${unit}`.trimEnd() : label}</span>
    </div>
  );
}
