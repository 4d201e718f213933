/** Buttons that say why they cannot be pressed. */
import { type ComponentProps, type ReactNode, useId } from "react";

interface Props extends Omit<ComponentProps<"button">, "disabled"> {
  kind?: "primary" | "danger" | "quiet";
  /** Why it cannot be pressed now; "" or missing = it can. */
  why?: string | null | false;
  icon?: ReactNode;
}

export function Button({ kind, why, icon, children, className, onClick, type, ...rest }: Props) {
  const id = useId();
  const isIcon = icon !== undefined && children === undefined;
  const classes = ["button", kind, isIcon && "icon", className].filter(Boolean).join(" ");
  return (
    <>
      <button
        {...rest}
        type={type ?? "button"}
        className={classes}
        title={why || rest.title}
        // It stays reachable by keyboard, so that its reason is too.
        aria-disabled={why ? true : undefined}
        aria-describedby={why ? id : rest["aria-describedby"]}
        onClick={(event) => {
          if (why) event.preventDefault();
          else onClick?.(event);
        }}
      >
        {icon}
        {children}
      </button>
      {why && <span id={id} className="visually-hidden">{why}</span>}
    </>
  );
}
