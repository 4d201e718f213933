/** One labelled input, with its fault below. */
import { type ComponentProps, type ReactNode, useId } from "react";

interface Common {
  label: string;
  fault?: string | undefined;
  wide?: boolean;
}

function Frame({ label, fault, wide, id, children }: Common & { id: string; children: ReactNode }) {
  return (
    <div className={wide ? "field wide" : "field"}>
      <label htmlFor={id}>{label}</label>
      {children}
      {fault && <span id={`${id}-fault`} className="fault">{fault}</span>}
    </div>
  );
}

const described = (id: string, fault: string | undefined) =>
  fault ? { "aria-invalid": true, "aria-describedby": `${id}-fault` } : {};

export function Field({ label, fault, wide, ...input }: Common & ComponentProps<"input">) {
  const made = useId();
  const id = input.id ?? made;
  return (
    <Frame label={label} fault={fault} wide={wide ?? false} id={id}>
      <input className="input" {...input} id={id} {...described(id, fault)} />
    </Frame>
  );
}

export function Area({ label, fault, wide, ...input }: Common & ComponentProps<"textarea">) {
  const id = useId();
  return (
    <Frame label={label} fault={fault} wide={wide ?? false} id={id}>
      <textarea className="input" {...input} id={id} {...described(id, fault)} />
    </Frame>
  );
}

export function Choice({ label, fault, wide, options, ...input }: Common & ComponentProps<"select"> & { options: readonly (readonly [string, string])[] }) {
  const id = useId();
  return (
    <Frame label={label} fault={fault} wide={wide ?? false} id={id}>
      <select className="input" {...input} id={id} {...described(id, fault)}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>{text}</option>
        ))}
      </select>
    </Frame>
  );
}

export function Check({ label, ...input }: { label: ReactNode } & ComponentProps<"input">) {
  return (
    <label className="check">
      <input type="checkbox" {...input} />
      <span>{label}</span>
    </label>
  );
}
