/** Who changed what, when, and from where. */
import { instant } from "../format";
import { t } from "../i18n";
import { List, usePages } from "../part/List";

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
  const pages = usePages<Line>("/v1/audit");
  return (
    <div className="card">
      <List
        pages={pages}
        caption={t("Audit log")}
        keyOf={(line) => line.id}
        columns={[
          { name: t("When"), isNarrow: true, show: (line) => instant(line.at) },
          { name: t("Who"), isNarrow: true, show: (line) => line.user?.name ?? "" },
          { name: t("From"), isNarrow: true, show: (line) => <span className="mono small">{line.origin}</span> },
          { name: t("What"), isNarrow: true, show: (line) => <strong>{line.action}</strong> },
          { name: t("Of what"), show: (line) => line.subject },
          { name: t("Detail"), show: (line) => <span className="soft">{line.detail ?? ""}</span> },
        ]}
      />
    </div>
  );
}
