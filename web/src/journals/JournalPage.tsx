/** A journal: its lines in the grid, what is scanned into it, what is wrong with it, and booking it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { BookCheck, ListPlus, Plus, ScanLine, Smartphone, Trash2, Undo2 } from "lucide-react";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { all, get, post, type Page as ApiPage } from "../api/client";
import type { Fault, Journal, Location, Lot, Party, Product, Voucher } from "../api/types";
import { parseDecimal, plain } from "../decimal";
import { amount, quantity, whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Choice, Field as Input } from "../part/Field";
import { Lookup } from "../part/Lookup";
import { Failed, Loading, Page } from "../part/Page";
import { complain, say } from "../part/toast";
import { useLeaving } from "../leave";
import { useQueryState } from "../path";
import { useWhyNot } from "../session";
import { BookingBanner, useBooking } from "./Booking";
import { type Cells, cellsOf, columns, editable, type EntryWithNames, faultsOfBooking, type Field, type Has, serialsOf } from "./cells";
import { Counting } from "./Counting";
import { Grid, type GridHandle } from "./Grid";
import { useFinder } from "./find";
import { type Draft, kindName } from "./Journals";
import { ProductPicker } from "./ProductPicker";
import { save } from "./save";
import { Wedge } from "./scan";
import { SerialPicker } from "./SerialPicker";
import { Line, Sheet } from "./sheet";

export interface Figures {
  entries: number;
  count: number;
  totalCostPrice: number;
  ids: [number, number][];
  vouchers: { id: number; number: number; entries: number }[];
  booking: Draft["booking"];
  lastBooking: number | null;
}

const CHUNK = 400;

export default function JournalPage({ journal: reference }: { journal: string }) {
  const journal = useQuery({ queryKey: ["/v1/journals", reference], queryFn: () => get<Journal>(`/v1/journals/${encodeURIComponent(reference)}`) });
  const parties = useQuery({ queryKey: ["/v1/parties", "all"], queryFn: ({ signal }) => all<Party>("/v1/parties", {}, 5_000, signal), staleTime: 60_000 });
  const locations = useQuery({ queryKey: ["/v1/locations", "all"], queryFn: ({ signal }) => all<Location>("/v1/locations", {}, 10_000, signal), staleTime: 60_000 });
  const has = useQuery({
    queryKey: ["/v1/variants", "any"],
    queryFn: async (): Promise<Has> => {
      const [variants, instances] = await Promise.all(["variants", "instances"].map((kind) => get<ApiPage<unknown>>(`/v1/${kind}`, { limit: 1 })));
      return { variants: (variants?.items.length ?? 0) > 0, serials: (instances?.items.length ?? 0) > 0 };
    },
    staleTime: 60_000,
  });
  const error = journal.error ?? parties.error ?? locations.error ?? has.error;
  if (error) return <Page title={t("Journal")}><Failed error={error} /></Page>;
  if (!journal.data || !parties.data || !locations.data || !has.data) return <div className="page"><Loading /></div>;
  return <Lines journal={journal.data} parties={parties.data} locations={locations.data} has={has.data} />;
}

function Lines({ journal, parties, locations, has }: { journal: Journal; parties: Party[]; locations: Location[]; has: Has }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot();
  const [query, setQuery] = useQueryState(["voucher", "product", "location", "description", "booking", "mode"]);
  const filters = { voucher: query.voucher, product: query.product, location: query.location, description: query.description };
  const isCount = journal.kind === "Settlement";
  const specs = useMemo(() => columns(isCount, has), [isCount, has]);
  const partyById = useMemo(() => new Map(parties.map((party) => [party.id, party])), [parties]);
  const [sheet] = useState(() => new Sheet((entry) => cellsOf(entry, partyById)));
  // What is not saved, what is faulty and what can be booked is said as soon as it is so.
  useSyncExternalStore(sheet.subscribe, () => sheet.version);
  const grid = useRef<GridHandle>(null);
  const [place, setPlace] = useState(() => locations.find((one) => one.isDefault)?.path ?? "");
  const [picking, setPicking] = useState<{ field: Field; row: number } | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [isFull, setFull] = useState(false);
  /** The fault that somebody wants to see, until its line has been read. */
  const [sought, setSought] = useState<Fault | null>(null);
  const voucher = useRef<number | null>(null);
  const shownFilters = useRef("");
  const savedAt = useRef(0);

  const figures = useQuery({
    queryKey: ["/v1/drafts", journal.id, filters],
    queryFn: async ({ signal }) => {
      const askedAt = performance.now();
      return { ...(await get<Figures>(`/v1/drafts/${journal.id}`, filters, signal)), askedAt };
    },
    refetchInterval: 1_500,
    staleTime: 0,
  });

  const others = useQuery({ queryKey: ["/v1/drafts"], queryFn: ({ signal }) => get<ApiPage<Draft>>("/v1/drafts", {}, signal), refetchInterval: 1_500 });
  const journals = useQuery({ queryKey: ["/v1/journals"], queryFn: ({ signal }) => all<Journal>("/v1/journals", {}, 2_000, signal), staleTime: 60_000 });
  const busyElsewhere = others.data?.items.find((draft) => draft.booking !== null && draft.journal !== journal.id);
  const elsewhere = busyElsewhere?.booking ? { booking: busyElsewhere.booking, name: journals.data?.find((one) => one.id === busyElsewhere.journal)?.name ?? t("Another journal") } : null;

  const booking = useBooking(query.booking);
  const outcome = booking.data?.state;
  const before = useRef(outcome);
  useEffect(() => {
    const was = before.current;
    before.current = outcome;
    sheet.marks = outcome === "rejected" && booking.data ? faultsOfBooking(booking.data.faults) : new Map();
    sheet.changed();
    if (outcome === undefined || outcome === "waiting") return;
    if (was !== outcome) void queries.invalidateQueries();
    // Where booking failed, what is wrong comes up by itself; after a reload the address says what is open.
    const first = booking.data?.faults[0];
    if (was === "waiting" && outcome === "rejected" && first) onFault(first);
    // What became of the booking is all that matters.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [outcome, query.booking]);
  const onFault = (fault: Fault): void => {
    setQuery({ voucher: fault.voucherNumber > 0 ? String(fault.voucherNumber) : "", product: "", location: "", description: "" });
    setSought(fault);
  };
  useEffect(() => {
    if (sought === null || !isFull) return;
    const row = sheet.rowOfId(sought.entry);
    if (row < 0) return;
    setSought(null);
    grid.current?.focus(row, Object.keys(sheet.faults(row) ?? {})[0] as Field | undefined);
  });

  // What others did comes in while nothing of ours is under way.
  useEffect(() => {
    // What was asked before the last saving ended does not know of it.
    if (!figures.data || isSaving || figures.data.askedAt < savedAt.current) return;
    const filterText = JSON.stringify(filters);
    if (shownFilters.current !== filterText) {
      shownFilters.current = filterText;
      sheet.reset(figures.data.ids);
      setFull(true);
    } else {
      const { added, removed } = sheet.follow(figures.data.ids);
      if (added > 0) setTimeout(() => { sheet.fresh = new Set(); sheet.changed(); }, 4_000);
      if (removed > 0 && figures.data.booking === null && query.booking === "") say(t("{count, plural, one {# line was removed or booked by somebody else} other {# lines were removed or booked by somebody else}}", { count: removed }));
    }
    // The filters are part of what was read.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [figures.data, isSaving]);

  const asked = useRef(new Set<string>());
  const onNeed = (rows: readonly number[]): void => {
    const chunks = new Set(rows.map((row) => Math.floor(row / CHUNK)));
    for (const chunk of chunks) {
      const ids = sheet.order.slice(chunk * CHUNK, (chunk + 1) * CHUNK).filter((slot): slot is number => typeof slot === "number" && !sheet.entries.has(slot));
      const [last, first] = [ids[0], ids.at(-1)];
      if (first === undefined || last === undefined) continue;
      const range = `${first}-${last}`;
      if (asked.current.has(range)) continue;
      asked.current.add(range);
      get<ApiPage<EntryWithNames>>("/v1/entries", { journal: journal.id, ...filters, ids: range, limit: 1000 })
        .then((page) => sheet.take(page.items))
        .catch(complain)
        .finally(() => asked.current.delete(range));
    }
  };

  /** The voucher that new lines go on: the chosen one, else one that is made when it is needed. */
  const voucherId = async (): Promise<number> => {
    const chosen = figures.data?.vouchers.find((one) => String(one.number) === query.voucher);
    if (chosen) return chosen.id;
    if (voucher.current === null) voucher.current = (await post<Voucher>("/v1/vouchers", { journal: journal.id })).id;
    return voucher.current;
  };

  const busy = useRef<Promise<boolean> | null>(null);
  /** Saves what is not saved; answers whether the server has everything then. */
  const saveAll = async (): Promise<boolean> => {
    while (busy.current) await busy.current;
    if (sheet.dirty().length === 0) return sheet.faulty().length === 0;
    setSaving(true);
    busy.current = (async () => {
      try {
        const result = await save(sheet, parties, voucherId);
        if (result.booking?.state === "booked") {
          voucher.current = null;
          say(t("{count, plural, one {# line booked} other {# lines booked}}", { count: result.count }));
          await figures.refetch();
        } else if (result.booking) {
          setQuery({ booking: String(result.booking.id) });
        }
        return result.faulty === 0;
      } catch (error) {
        complain(error);
        return false;
      } finally {
        busy.current = null;
        savedAt.current = performance.now();
        setSaving(false);
      }
    })();
    const isDone = await busy.current;
    void figures.refetch();
    return isDone;
  };
  // A journal that books by itself books what it is given, so it is given nothing without being asked.
  const onLeave = (): void => {
    if (!journal.isAutoBook) setTimeout(() => void saveAll(), 0);
  };
  useLeaving((isClosing) => {
    const count = sheet.dirty().length;
    // What has no fault is saved on the way out, unless that would book it.
    if (count === 0 || (!isClosing && !journal.isAutoBook && sheet.faulty().length === 0)) return null;
    return t("{count, plural, one {One line is} other {# lines are}} not saved. Leave the page and lose {count, plural, one {it} other {them}}?", { count });
  });
  const leave = useRef(() => {});
  leave.current = () => {
    if (journal.isAutoBook || sheet.dirty().length === 0) return;
    void saveAll().then((isDone) => isDone || complain(new Error(t("Lines of {journal} have faults and were not saved", { journal: journal.name }))));
  };
  useEffect(() => () => leave.current(), []);

  const why = whyNot("STOCK.DRAFT");
  const whyBook =
    whyNot("STOCK.BOOK") ??
    (figures.data?.booking ? t("Booking {id} is under way in this journal", { id: figures.data.booking.id }) : null) ??
    (isSaving ? t("Saving") : null) ??
    // What was saved a moment ago is in the figures only when they were asked for again.
    ((figures.data?.entries ?? 0) === 0 && sheet.isEmpty ? t("There is nothing to book") : null);
  const book = async (): Promise<void> => {
    if (whyBook) return complain(new Error(whyBook));
    if (!(await saveAll())) {
      toNextFault(-1);
      return complain(new Error(t("{count, plural, one {One line has} other {# lines have}} faults; mend them first", { count: sheet.faulty().length })));
    }
    if (journal.isAutoBook) return;
    try {
      const booking = await post<{ id: number }>("/v1/bookings", { journal: journal.id, ...(query.location && { locations: [query.location] }) });
      voucher.current = null;
      setQuery({ booking: String(booking.id) });
    } catch (error) {
      complain(error);
    }
  };

  const toNextFault = (from: number): void => {
    const row = sheet.nextFault(from);
    if (row >= 0) grid.current?.focus(row, Object.keys(sheet.faults(row) ?? {})[0] as Field | undefined);
  };

  const find = useFinder(locations);
  /** A scanned location is where the next lines are; a scanned product is a line, or one more on the line on top. */
  const onScan = async (text: string): Promise<void> => {
    try {
      const { scan, location, goods } = await find(text);
      if (location) {
        setPlace(location.path);
        say(t("Next lines are at {place}", { place: location.path }));
        return;
      }
      if (goods === null) return complain(new Error(t("No product and no location has the code {code}", { code: scan.code })));
      const { product } = goods;
      const variant = goods.variant?.identifier ?? "";
      if (scan.lot !== null && scan.expires !== null) await makeLot(product, scan.lot, scan.expires);
      const step = BigInt(Math.round((scan.count ?? 1) * 1e6));
      const top = sheet.slot(0);
      const cells = sheet.cells(0);
      // A code without a variant is one more of the variant that was chosen for the line on top.
      const isSame = cells !== null && cells.product.toLowerCase() === product.identifier.toLowerCase() && cells.lot === (scan.lot ?? cells.lot) && cells.location === place && (variant === "" || cells.variant === variant);
      if (top !== undefined && isSame && cells) {
        const line = top instanceof Line ? top : sheet.line(0);
        const serials = scan.serial === null ? cells.serials : serialsOf(`${cells.serials} ${scan.serial}`).join(" ");
        const count = scan.serial === null ? plain((parseDecimal(cells.count) ?? 0n) + step) : String(serials.split(" ").length);
        if (line) sheet.set([{ line, cells: { count: editable(Number(count)), serials, name: product.name } }]);
      } else {
        onLeave();
        sheet.insert(0, [{ ...start(), product: product.identifier, name: product.name, variant, lot: scan.lot ?? "", serials: scan.serial ?? "", count: editable(Number(plain(step))) }]);
      }
      if (product.hasVariants && (sheet.cells(0)?.variant ?? "") === "") grid.current?.edit(0, "variant");
      else grid.current?.focus(0, "count");
    } catch (error) {
      complain(error);
    }
  };
  const makeLot = async (product: Product, name: string, expires: string): Promise<void> => {
    const page = await get<ApiPage<Lot>>("/v1/lots", { product: product.id, name, limit: 1 });
    if (page.items.length === 0) await post("/v1/lots", { product: product.id, name, expiresAt: expires }).catch(complain);
  };

  // A scanner types: quick keys that end with Enter are a scan, wherever the focus is in this page.
  const scanned = useRef(onScan);
  scanned.current = onScan;
  useEffect(() => {
    const wedge = new Wedge();
    const onKey = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement && event.target.dataset.scan !== undefined) return;
      if (document.querySelector("dialog[open]")) return;
      const text = wedge.key(event.key, event.timeStamp);
      if (text === null) return;
      event.preventDefault();
      event.stopPropagation();
      // What it typed into a cell before it was known to be a scanner is taken back.
      if (event.target instanceof HTMLElement) event.target.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
      void scanned.current(text);
    };
    addEventListener("keydown", onKey, true);
    return () => removeEventListener("keydown", onKey, true);
  }, []);

  const start = (): Partial<Cells> => ({ location: place });
  const faulty = sheet.faulty();
  const unsaved = sheet.dirty().length;
  const [scanText, setScanText] = useState("");

  if (query.mode === "count") {
    return <Counting journal={journal} place={place} setPlace={setPlace} locations={locations} onDone={() => setQuery({ mode: "" })} voucherId={voucherId} figures={figures.data} onBook={() => void book()} whyBook={whyBook} />;
  }
  return (
    <Page
      full
      title={journal.name}
      about={[kindName(journal.kind), journal.isAutoBook ? t("books its lines by itself") : null, journal.description].filter(Boolean).join(" · ")}
      actions={
        <>
          <Button icon={<Smartphone size={16} />} onClick={() => setQuery({ mode: "count" })} why={why}>{t("Handheld")}</Button>
          <Button icon={<Undo2 size={16} />} aria-label={t("Undo")} onClick={() => { sheet.undo(); onLeave(); }} why={sheet.canUndo ? null : t("There is nothing to undo")} />
          <Button icon={<ListPlus size={16} />} onClick={() => setPicking({ field: "product", row: -1 })} why={why}>{t("Several …")}</Button>
          <Button icon={<Plus size={16} />} onClick={() => grid.current?.add()} why={why} title={t("Insert")}>{t("Line")}</Button>
          <Button kind="primary" icon={<BookCheck size={16} />} onClick={() => void book()} why={whyBook} title="Ctrl Enter">{t("Book")}</Button>
        </>
      }
    >
      <div className="filters">
        <form
          className="field wide"
          onSubmit={(event) => {
            event.preventDefault();
            if (scanText.trim()) void onScan(scanText);
            setScanText("");
          }}
        >
          <label htmlFor="scan"><ScanLine size={12} aria-hidden /> {t("Scan: location, then products")}</label>
          <input id="scan" className="input" data-scan="" value={scanText} onChange={(event) => setScanText(event.target.value)} autoComplete="off" placeholder={place ? t("at {place}", { place }) : t("Barcode, GS1 code or location")} />
        </form>
        <Choice label={t("Voucher")} value={query.voucher} onChange={(event) => setQuery({ voucher: event.target.value })} options={[["", t("all vouchers")], ...(figures.data?.vouchers ?? []).map((one) => [String(one.number), `${one.number} (${one.entries})`] as const)]} />
        <Lookup className="desk-only" label={t("Product")} of="products" value={query.product} onChange={(product) => setQuery({ product })} />
        <Lookup className="desk-only" label={t("Location and below")} of="locations" value={query.location} onChange={(location) => setQuery({ location })} />
        <div className="field desk-only"><Input label={t("Description")} value={query.description} onChange={(event) => setQuery({ description: event.target.value })} /></div>
      </div>
      <BookingBanner id={query.booking} booking={booking} running={figures.data?.booking ?? null} elsewhere={elsewhere} onClose={() => setQuery({ booking: "" })} onFault={onFault} />
      {faulty.length > 0 && (
        <div className="banner bad" role="alert">
          <span className="grow">{t("{count, plural, one {One line is} other {# lines are}} not saved as wanted. The faults stand at their cells.", { count: faulty.length })}</span>
          <Button onClick={() => toNextFault(grid.current?.row() ?? -1)}>{t("Next fault")}</Button>
          {faulty.some((line) => line.isLost) && (
            <Button
              icon={<Trash2 size={16} />}
              onClick={() => {
                for (const line of faulty.filter((one) => one.isLost)) sheet.saved(line, null, line.cells);
                sheet.changed();
                void saveAll();
              }}
            >
              {t("Enter lost lines anew")}
            </Button>
          )}
        </div>
      )}
      {figures.isError && !figures.data ? (
        <Failed error={figures.error} again={() => void figures.refetch()} />
      ) : !isFull ? (
        <Loading />
      ) : (
        <Grid
          sheet={sheet}
          columns={specs}
          start={start}
          onNeed={onNeed}
          onLeave={onLeave}
          onBook={() => void book()}
          onPick={(field, row) => setPicking({ field: field === "serials" ? "serials" : "product", row })}
          handle={grid}
          label={t("Lines of {journal}", { journal: journal.name })}
        />
      )}
      <div className="totals soft">
        <span>{t("{count, plural, one {# line} other {# lines}}", { count: figures.data?.entries ?? 0 })}</span>
        <span>{t("Count {sum}", { sum: quantity(figures.data?.count ?? 0) })}</span>
        <span>{t("Cost {sum}", { sum: amount(figures.data?.totalCostPrice ?? 0) })}</span>
        <span className="grow" />
        <span role="status">{isSaving ? t("Saving …") : unsaved > 0 ? t("{count} not saved", { count: whole(unsaved) }) : t("All saved")}</span>
      </div>
      {picking?.field === "product" && (
        <ProductPicker
          place={place}
          isCount={isCount}
          onClose={() => setPicking(null)}
          onPick={(lines) => {
            setPicking(null);
            sheet.insert(0, lines.map((line) => ({ ...start(), ...line })));
            // While the dialog is open nothing else takes the focus.
            setTimeout(() => grid.current?.focus(0, "count"));
            onLeave();
          }}
        />
      )}
      {picking?.field === "serials" && (
        <SerialPicker
          product={sheet.cells(picking.row)?.product ?? ""}
          variant={sheet.cells(picking.row)?.variant ?? ""}
          place={sheet.cells(picking.row)?.location || place}
          chosen={sheet.cells(picking.row)?.serials ?? ""}
          onClose={() => setPicking(null)}
          onPick={(serials) => {
            const line = sheet.line(picking.row);
            const isIssue = line?.cells.count.startsWith("-") ?? false;
            if (line) sheet.set([{ line, cells: { serials: serials.join(" "), count: `${isIssue ? "-" : ""}${serials.length}` } }]);
            setPicking(null);
            setTimeout(() => grid.current?.focus(picking.row, "serials"));
          }}
        />
      )}
    </Page>
  );
}
