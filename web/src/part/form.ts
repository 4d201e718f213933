/** The texts of a form, for dialogs that send one record. */
import { useState } from "react";

/** "" is nothing: it is sent as null. */
export function useForm<const N extends string>(start: Readonly<Record<N, string>>) {
  const [values, setValues] = useState<Readonly<Record<N, string>>>(start);
  const set = (name: N, value: string): void => setValues((before) => ({ ...before, [name]: value }));
  return {
    values,
    /** What is sent of a field. */
    given: (name: N): string | null => values[name].trim() || null,
    /** For an input or a choice. */
    typed: (name: N) => ({ value: values[name], onChange: (event: { target: { value: string } }) => set(name, event.target.value) }),
    /** For a box that looks records up. */
    found: (name: N) => ({ value: values[name], onChange: (value: string) => set(name, value) }),
  };
}
