/** A modal dialog: the browser's own, which keeps the focus inside and closes by Escape. */
import { X } from "lucide-react";
import { createContext, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { t } from "../i18n";
import { Button } from "./Button";

/** The dialog around a part; what pops up has to live inside of it, since all else is inert. */
export const Surrounding = createContext<HTMLDialogElement | null>(null);

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
  useEffect(() => {
    const opened = dialog.current;
    const before = document.activeElement;
    setElement(opened);
    if (opened && !opened.open) {
      opened.showModal();
    }
    return () => {
      opened?.close();
      // By now it is out of the page, so the browser gives the focus back to nobody.
      if (document.activeElement === document.body && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
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
