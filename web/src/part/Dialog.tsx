/** A modal dialog: the browser's own, which keeps the focus inside and closes by Escape. */
import { X } from "lucide-react";
import { createContext, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { t } from "../i18n";
import { Button } from "./Button";

/** The dialog around a part; what pops up has to live inside of it, since all else is inert. */
export const Surrounding = createContext<HTMLDialogElement | null>(null);

/** The focus goes back to where it was; where that is gone by then, to the title of the page. */
function giveBack(before: Element | null): void {
  const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body;
  if (before instanceof HTMLElement && before.isConnected) before.focus();
  // What was deleted in the dialog leaves its list a moment later.
  for (const wait of [0, 300, 1_200]) setTimeout(() => isLost() && !document.querySelector("dialog[open]") && document.querySelector<HTMLElement>("main h1")?.focus(), wait);
}

interface Props {
  title: string;
  onClose: () => void;
  wide?: boolean;
  footer?: ReactNode;
  children: ReactNode;
  /** Where given, the dialog is a form. */
  onSubmit?: () => void;
}

export function Dialog({ title, onClose, wide, footer, children, onSubmit }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [element, setElement] = useState<HTMLDialogElement | null>(null);
  // Before it leaves the page, so that the browser can still close it.
  useLayoutEffect(() => {
    const opened = dialog.current;
    const before = document.activeElement;
    setElement(opened);
    if (opened && !opened.open) opened.showModal();
    return () => {
      opened?.close();
      giveBack(before);
    };
  }, []);
  useEffect(() => {
    // People come to fill something in, not to close it at once. What is inside knows by now that it is in a dialog.
    // What is only read can be scrolled by keys if it can have the focus.
    const body = element?.querySelector<HTMLElement>(".body");
    if (body) body.tabIndex = body.querySelector("input, select, textarea, button, a[href]") ? -1 : 0;
    element?.querySelector<HTMLElement>(".body input, .body select, .body textarea, footer .primary")?.focus();
  }, [element]);
  const content = (
    <Surrounding.Provider value={element}>
      <header>
        <h2 id={id} className="grow">{title}</h2>
        <Button kind="quiet" icon={<X size={18} />} aria-label={t("Close")} onClick={onClose} />
      </header>
      <div className="body" tabIndex={-1}>{children}</div>
      {footer && <footer>{footer}</footer>}
    </Surrounding.Provider>
  );
  return (
    <dialog
      ref={dialog}
      className={wide ? "wide" : ""}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => event.target === dialog.current && onClose()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      {onSubmit ? (
        <form
          className="dialog"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {content}
        </form>
      ) : (
        <div className="dialog">{content}</div>
      )}
    </dialog>
  );
}
