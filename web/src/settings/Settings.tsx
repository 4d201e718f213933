/** Everything that is set up once: catalog, people, keys, decisions; and the audit log. */
import { Link, useLocation } from "wouter";
import { t } from "../i18n";
import { Choice } from "../part/Field";
import { loaded } from "../part/Lazy";
import { Loading, Page } from "../part/Page";
import { path } from "../path";
import { Catalog } from "./Catalog";
import { kinds } from "./kinds";

const People = loaded(() => import("./People"), { before: <Loading /> });
const Decisions = loaded(() => import("./Decisions"), { before: <Loading /> });
const Tags = loaded(() => import("./Tags"), { before: <Loading /> });
const Webhooks = loaded(() => import("./Webhooks"), { before: <Loading /> });
const Audit = loaded(() => import("./Audit"), { before: <Loading /> });

export default function Settings({ section }: { section: string }) {
  const sections: [string, string][] = [
    ...kinds().map((kind): [string, string] => [kind.name, kind.title]),
    ["users", t("Users")],
    ["roles", t("Roles")],
    ["tokens", t("API keys")],
    ["decisions", t("Decisions")],
    ["tags", t("Tags")],
    ["webhooks", t("Webhooks")],
    ["audit", t("Audit log")],
  ];
  const [, go] = useLocation();
  const at = section === "" ? "products" : section;
  const kind = kinds().find((one) => one.name === at);
  return (
    <Page title={t("Settings")}>
      <div className="narrow-only"><Choice label={t("Section")} value={at} onChange={(event) => go(path.settings(event.target.value))} options={sections} /></div>
      <nav className="tabs wide-only" aria-label={t("Sections")}>
        {sections.map(([name, title]) => (
          <Link key={name} href={path.settings(name)} aria-current={name === at ? "page" : undefined}>{title}</Link>
        ))}
      </nav>
      {kind && <Catalog key={at} kind={kind} />}
      {(at === "users" || at === "roles" || at === "tokens") && <People key={at} section={at} />}
      {at === "decisions" && <Decisions />}
      {at === "tags" && <Tags />}
      {at === "webhooks" && <Webhooks />}
      {at === "audit" && <Audit />}
    </Page>
  );
}
