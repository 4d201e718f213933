/** One box for going anywhere and doing anything: pages, commands, products, lots, journals. */
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useId, useState } from "react";
import { useLocation } from "wouter";
import { get, type Page } from "./api/client";
import type { Journal, Lot, Product } from "./api/types";
import { logOut, places, toggleTheme } from "./App";
import { t } from "./i18n";
import { Dialog } from "./part/Dialog";
import { path } from "./path";

interface Choice {
  id: string;
  kind: string;
  text: string;
  hint?: string;
  act: () => void;
}

export function Palette({ onClose, onKeys }: { onClose: () => void; onKeys: () => void }) {
  const [, go] = useLocation();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const asked = useDeferredValue(text.trim());
  const id = useId();
  const found = useQuery({
    queryKey: ["palette", asked],
    enabled: asked.length > 1,
    queryFn: async ({ signal }) => {
      const [products, lots, journals] = await Promise.all([
        get<Page<Product>>("/v1/products", { search: asked, limit: 6 }, signal),
        get<Page<Lot>>("/v1/lots", { search: asked, limit: 4 }, signal),
        get<Page<Journal>>("/v1/journals", { search: asked, limit: 4 }, signal),
      ]);
      return { products: products.items, lots: lots.items, journals: journals.items };
    },
  });
  const then = (act: () => void) => () => {
    onClose();
    act();
  };
  const fixed: Choice[] = [
    ...places().map((place) => ({ id: place.to, kind: t("Page"), text: place.name, hint: `g ${place.key}`, act: then(() => go(place.to)) })),
    { id: "theme", kind: t("Command"), text: t("Light or dark"), act: then(toggleTheme) },
    { id: "keys", kind: t("Command"), text: t("Show all keys"), hint: "?", act: onKeys },
    { id: "api", kind: t("Command"), text: t("API reference"), act: then(() => location.assign("/docs")) },
    { id: "out", kind: t("Command"), text: t("Log out"), act: then(() => void logOut()) },
  ];
  // By what stands in the box this instant: whoever types fast presses Enter before the search is asked.
  const lower = text.trim().toLowerCase();
  const choices: Choice[] = [
    ...fixed.filter((choice) => choice.text.toLowerCase().includes(lower)),
    ...(found.data?.journals ?? []).map((one) => ({ id: `j${one.id}`, kind: t("Journal"), text: one.name, act: then(() => go(path.journal(one.id))) })),
    ...(found.data?.products ?? []).map((one) => ({ id: `p${one.id}`, kind: t("Product"), text: one.name, hint: one.identifier, act: then(() => go(path.stockCard(one.id))) })),
    ...(found.data?.lots ?? []).map((one) => ({ id: `l${one.id}`, kind: t("Lot"), text: one.name, hint: one.product.identifier ?? "", act: then(() => go(path.lot(one.id))) })),
  ];
  const chosen = Math.min(at, choices.length - 1);
  return (
    <Dialog title={t("Search and commands")} onClose={onClose}>
      <input
        className="input"
        autoFocus
        role="combobox"
        aria-label={t("Search pages, journals, products and lots")}
        placeholder={t("Page, journal, product or lot")}
        aria-expanded
        aria-controls={id}
        aria-activedescendant={choices[chosen] ? `${id}-${chosen}` : undefined}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step !== undefined) {
            event.preventDefault();
            setAt((chosen + step + choices.length) % Math.max(choices.length, 1));
          } else if (event.key === "Enter") {
            event.preventDefault();
            choices[chosen]?.act();
          }
        }}
      />
      <div id={id} role="listbox" aria-label={t("Results")}>
        {choices.map((choice, index) => (
          <div
            key={choice.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className="option"
            ref={(element) => {
              if (index === chosen) element?.scrollIntoView({ block: "nearest" });
            }}
            onMouseMove={() => setAt(index)}
            onClick={choice.act}
          >
            <span className="soft small" style={{ width: 76, flex: "none" }}>{choice.kind}</span>
            <span className="grow">{choice.text}</span>
            {choice.hint && <span className="soft small mono">{choice.hint}</span>}
          </div>
        ))}
        {choices.length === 0 && <p className="soft">{t("Nothing has that name")}</p>}
      </div>
    </Dialog>
  );
}
