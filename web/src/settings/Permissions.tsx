/** What a role permits: whole families, single things, and names that only scripts know. */
import { t } from "../i18n";
import { Area, Check } from "../part/Field";

interface Props {
  known: readonly string[];
  /** Families below which names are free. */
  families: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
  fault?: string | undefined;
}

const ALL = "*";

export function PermissionTree({ known, families, chosen, onChange, fault }: Props) {
  const groups = new Map<string, string[]>();
  for (const name of known) {
    const family = name.split(".")[0] ?? name;
    groups.set(family, [...(groups.get(family) ?? []), name]);
  }
  const hasAll = chosen.includes(ALL);
  /** The chosen one that grants a name from further up. */
  const granter = (name: string): string | undefined => (hasAll ? ALL : chosen.find((one) => name.startsWith(`${one}.`)));
  const set = (name: string, isIn: boolean): void => onChange(isIn ? [...chosen.filter((one) => one !== name && !one.startsWith(`${name}.`)), name] : chosen.filter((one) => one !== name));
  const others = chosen.filter((one) => one !== ALL && !known.includes(one) && !groups.has(one));
  return (
    <>
      <Check label={t("Everything, also what comes with later versions")} checked={hasAll} onChange={(event) => set(ALL, event.target.checked)} />
      <div className="permissions">
        {[...groups].map(([family, names]) => {
          const isWhole = hasAll || chosen.includes(family);
          return (
            <fieldset key={family} className="kinds">
              <legend className="mono">{family}</legend>
              <Check label={t("all of it")} checked={isWhole} disabled={hasAll} onChange={(event) => set(family, event.target.checked)} />
              {names.filter((name) => name !== family).map((name) => {
                const by = granter(name);
                return <Check key={name} label={<span className="mono small" title={by && t("granted by {name}", { name: by })}>{name.slice(family.length + 1)}</span>} checked={by !== undefined || chosen.includes(name)} disabled={by !== undefined} onChange={(event) => set(name, event.target.checked)} />;
              })}
            </fieldset>
          );
        })}
      </div>
      <Area
        label={t("Others, one a line; free are those below {families}", { families: families.join(", ") })}
        rows={3}
        className="input mono"
        defaultValue={others.join("\n")}
        onBlur={(event) => onChange([...chosen.filter((one) => !others.includes(one)), ...event.target.value.split(/\s+/).filter(Boolean)])}
        fault={fault}
      />
    </>
  );
}
