/** The frame around every page: navigation, command palette, keyboard help; and which page is where. */
import { BookmarkCheck, Boxes, ChartColumn, ClipboardCheck, Factory, FileUp, Keyboard, Landmark, LogOut, Menu, NotebookPen, Scale, ScrollText, Search, Settings as Gear, SunMoon, SquareTerminal, TableProperties, Waypoints, Workflow } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { post } from "./api/client";
import { t } from "./i18n";
import { Button } from "./part/Button";
import { Caught } from "./part/Caught";
import { Dialog } from "./part/Dialog";
import { IntegrityBanner } from "./part/Integrity";
import { loaded } from "./part/Lazy";
import { Empty, Page } from "./part/Page";
import { Palette } from "./Palette";
import { path } from "./path";
import { useMe } from "./session";

const Overview = loaded(() => import("./overview/Overview"), { at: "/" });
const Journals = loaded(() => import("./journals/Journals"), { at: "/journals" });
const JournalPage = loaded(() => import("./journals/JournalPage"), { at: "/journals/:id" });
const Stock = loaded(() => import("./stock/Stock"), { at: "/stock" });
const StockCard = loaded(() => import("./stock/StockCard"), { at: "/stock/:product" });
const Ledger = loaded(() => import("./ledger/Ledger"), { at: "/ledger" });
const MovementPage = loaded(() => import("./ledger/Movement"), { at: "/ledger/:id" });
const Lots = loaded(() => import("./lots/Lots"), { at: "/lots" });
const LotPage = loaded(() => import("./lots/Lot"), { at: "/lots/:id" });
const Board = loaded(() => import("./operations/Board"), { at: "/operations" });
const OperationPage = loaded(() => import("./operations/Operation"), { at: "/operations/:id" });
const RunPage = loaded(() => import("./operations/RunPage"), { at: "/runs/:id" });
const Counts = loaded(() => import("./counts/Counts"), { at: "/counts" });
const SheetPage = loaded(() => import("./counts/SheetPage"), { at: "/counts/:id" });
const Reservations = loaded(() => import("./reservations/Reservations"), { at: "/reservations" });
const Production = loaded(() => import("./production/Production"), { at: "/production" });
const OrderPage = loaded(() => import("./production/OrderPage"), { at: "/production/:id" });
const Values = loaded(() => import("./values/Values"), { at: "/values" });
const GeneralLedger = loaded(() => import("./accounts/GeneralLedger"), { at: "/general-ledger" });
const Console = loaded(() => import("./console/Console"), { at: "/console" });
const Reports = loaded(() => import("./reports/Reports"), { at: "/reports" });
const Import = loaded(() => import("./import/Import"), { at: "/import" });
const Settings = loaded(() => import("./settings/Settings"), { at: "/settings/:section?" });

export interface Place {
  name: string;
  to: string;
  icon: ReactNode;
  /** After g, opens it. */
  key: string;
}

export function places(): Place[] {
  const icon = { size: 18, "aria-hidden": true } as const;
  return [
    { name: t("Overview"), to: path.overview(), icon: <ChartColumn {...icon} />, key: "h" },
    { name: t("Journals"), to: path.journals(), icon: <NotebookPen {...icon} />, key: "j" },
    { name: t("Counts"), to: path.counts(), icon: <ClipboardCheck {...icon} />, key: "n" },
    { name: t("Stock"), to: path.stock(), icon: <Boxes {...icon} />, key: "s" },
    { name: t("Reservations"), to: path.reservations(), icon: <BookmarkCheck {...icon} />, key: "b" },
    { name: t("Ledger"), to: path.ledger(), icon: <ScrollText {...icon} />, key: "l" },
    { name: t("Lots"), to: path.lots(), icon: <Waypoints {...icon} />, key: "t" },
    { name: t("Operations"), to: path.operations(), icon: <Workflow {...icon} />, key: "o" },
    { name: t("Production"), to: path.production(), icon: <Factory {...icon} />, key: "p" },
    { name: t("Values"), to: path.values(), icon: <Scale {...icon} />, key: "v" },
    { name: t("General ledger"), to: path.accounts(), icon: <Landmark {...icon} />, key: "a" },
    { name: t("Reports"), to: path.reports(), icon: <TableProperties {...icon} />, key: "r" },
    { name: t("Console"), to: path.console(), icon: <SquareTerminal {...icon} />, key: "c" },
    { name: t("Import"), to: path.imports(), icon: <FileUp {...icon} />, key: "i" },
    { name: t("Settings"), to: path.settings(), icon: <Gear {...icon} />, key: "e" },
  ];
}

export function toggleTheme(): void {
  const root = document.documentElement;
  const isDark = getComputedStyle(root).colorScheme === "dark" || (root.dataset.theme === undefined && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = isDark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
}

export async function logOut(): Promise<void> {
  await post("/v1/logout", {});
  location.assign("/");
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.closest("[role=grid]") !== null);

export function App() {
  const [at, go] = useLocation();
  const me = useMe();
  const [isOpen, setOpen] = useState(false);
  const [shown, setShown] = useState<"palette" | "keys" | null>(null);
  const menu = useRef<HTMLButtonElement>(null);
  const last = useRef(at);
  useEffect(() => {
    setOpen(false);
    if (last.current === at) return;
    last.current = at;
    scrollTo(0, 0);
    // Where the link that led here is gone, keys go on from the page.
    const rest = setTimeout(() => {
      const now = document.activeElement;
      const isHidden = now instanceof HTMLElement && now.closest(".nav") !== null && getComputedStyle(now).visibility === "hidden";
      if (now === document.body || isHidden) document.querySelector<HTMLElement>("main h1, #main")?.focus();
    }, 50);
    return () => clearTimeout(rest);
  }, [at]);
  useEffect(() => {
    let isLed = false;
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "k") {
        event.preventDefault();
        setShown((before) => (before === "palette" ? null : "palette"));
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
      if (event.key === "?") setShown("keys");
      const place = isLed ? places().find((one) => one.key === event.key) : undefined;
      if (place) {
        event.preventDefault();
        go(place.to);
      }
      isLed = event.key === "g";
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [go]);
  const current = (place: Place) => (place.to === "/" ? at === "/" : at.startsWith(place.to));
  return (
    <div className="shell">
      <a className="button skip" href="#main">{t("Skip to the page")}</a>
      <div className="topbar">
        <Button ref={menu} kind="quiet" icon={<Menu size={20} />} aria-label={t("Menu")} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} />
        <strong className="grow">{places().find(current)?.name ?? "Lotbook"}</strong>
        <Button kind="quiet" icon={<Search size={20} />} aria-label={t("Search and commands")} onClick={() => setShown("palette")} />
      </div>
      {isOpen && <div className="veil" aria-hidden onClick={() => setOpen(false)} />}
      <nav
        className="nav"
        aria-label={t("Main")}
        data-open={isOpen}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || !isOpen) return;
          setOpen(false);
          menu.current?.focus();
        }}
      >
        <Link className="brand" href="/"><img src="/icon.svg" alt="" />Lotbook</Link>
        <button type="button" className="item" onClick={() => setShown("palette")}>
          <Search size={18} aria-hidden /> {t("Search")} <kbd>Ctrl K</kbd>
        </button>
        {places().map((place) => (
          <Link key={place.to} href={place.to} className="item" aria-current={current(place) ? "page" : undefined}>
            {place.icon} {place.name}
          </Link>
        ))}
        <div className="spacer" />
        <button type="button" className="item" onClick={toggleTheme}><SunMoon size={18} aria-hidden /> {t("Light or dark")}</button>
        <button type="button" className="item" onClick={() => setShown("keys")}><Keyboard size={18} aria-hidden /> {t("Keys")} <kbd>?</kbd></button>
        <button type="button" className="item" onClick={() => void logOut()}><LogOut size={18} aria-hidden /> {t("Log out {name}", { name: me.user.name })}</button>
      </nav>
      <main className="main" id="main" tabIndex={-1}>
        <IntegrityBanner />
        <Caught at={at}>
          <Switch>
            <Route path="/"><Overview /></Route>
            <Route path="/journals"><Journals /></Route>
            <Route path="/journals/:id">{({ id }) => <JournalPage key={id} journal={id} />}</Route>
            <Route path="/counts"><Counts /></Route>
            <Route path="/counts/:id">{({ id }) => <SheetPage key={id} id={decodeURIComponent(id)} />}</Route>
            <Route path="/reservations"><Reservations /></Route>
            <Route path="/production"><Production /></Route>
            <Route path="/production/:id">{({ id }) => <OrderPage key={id} reference={decodeURIComponent(id)} />}</Route>
            <Route path="/values"><Values /></Route>
            <Route path="/general-ledger"><GeneralLedger /></Route>
            <Route path="/stock"><Stock /></Route>
            <Route path="/stock/:product">{({ product }) => <StockCard product={decodeURIComponent(product)} />}</Route>
            <Route path="/ledger"><Ledger /></Route>
            <Route path="/ledger/:id">{({ id }) => <MovementPage id={id} />}</Route>
            <Route path="/lots"><Lots /></Route>
            <Route path="/lots/:id">{({ id }) => <LotPage id={decodeURIComponent(id)} />}</Route>
            <Route path="/operations"><Board /></Route>
            <Route path="/operations/:id">{({ id }) => <OperationPage key={id} reference={decodeURIComponent(id)} />}</Route>
            <Route path="/runs/:id">{({ id }) => <RunPage reference={decodeURIComponent(id)} />}</Route>
            <Route path="/console"><Console /></Route>
            <Route path="/reports"><Reports /></Route>
            <Route path="/import"><Import /></Route>
            <Route path="/settings"><Settings section="" /></Route>
            <Route path="/settings/:section">{({ section }) => <Settings section={section} />}</Route>
            <Route>
              <Page title={t("No such page")}>
                <Empty title={t("Nothing lives at this address")}><Link href="/">{t("Go to the overview")}</Link></Empty>
              </Page>
            </Route>
          </Switch>
        </Caught>
      </main>
      {shown === "palette" && <Palette onClose={() => setShown(null)} onKeys={() => setShown("keys")} />}
      {shown === "keys" && <Keys onClose={() => setShown(null)} />}
    </div>
  );
}

function Keys({ onClose }: { onClose: () => void }) {
  const groups: [string, [string, string][]][] = [
    [t("Everywhere"), [
      ["Ctrl K", t("Search and commands")],
      ["?", t("This help")],
      ...places().map((place): [string, string] => [`g ${place.key}`, place.name]),
    ]],
    [t("In a journal"), [
      ["Insert", t("Add a line on top")],
      ["Enter", t("Next field; after the last one a new line")],
      ["Tab", t("Next field")],
      ["← ↑ → ↓", t("Move; with Shift, select")],
      ["Ctrl C / Ctrl V", t("Copy and paste cells, also from a spreadsheet")],
      ["Ctrl Z / Ctrl Y", t("Undo, redo")],
      ["Delete", t("Empty the selected cells")],
      ["Ctrl Delete", t("Remove the selected lines")],
      ["F2", t("Edit the cell as it is")],
      ["Alt ↓", t("Products, serial numbers: open the picker")],
      ["Ctrl Enter", t("Book")],
      ["Esc", t("Leave the cell as it was")],
    ]],
  ];
  return (
    <Dialog title={t("Keys")} onClose={onClose}>
      {groups.map(([title, keys]) => (
        <section key={title} className="stack">
          <h3>{title}</h3>
          <dl className="pairs">
            {keys.map(([key, text]) => (
              <div key={key} style={{ display: "contents" }}>
                <dt><kbd>{key}</kbd></dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
