/** Users, their roles, and the API keys of programs. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy, KeyRound, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { all, call, get, patch, post, Problem, remove } from "../api/client";
import type { Place } from "../api/types";
import { dayOrTime } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Check, Choice, Field } from "../part/Field";
import { List, usePages } from "../part/List";
import { Empty, Failed, Loading } from "../part/Page";
import { Lookup } from "../part/Lookup";
import { say } from "../part/toast";
import { useQueryState } from "../path";
import { useWhyNot } from "../session";
import { PermissionTree } from "./Permissions";

interface User {
  id: number;
  name: string;
  email: string | null;
  isEnabled: boolean;
  roles: { role: string; orgUnit: Place | null }[];
  version: number;
}
interface Role {
  id: number;
  name: string;
  permissions: string[];
  version: number;
}
interface Token {
  id: number;
  name: string;
  user: { id: number; name: string };
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
}

type Section = "users" | "roles" | "tokens";

export default function People({ section }: { section: Section }) {
  const [query, setQuery] = useQueryState(["open"]);
  const open = (one: { id: number } | "new" | null): void => setQuery({ open: one === null ? "" : one === "new" ? "new" : String(one.id) });
  const whyNot = useWhyNot()("USERS.WRITE");
  const words = { users: t("New user"), roles: t("New role"), tokens: t("New API key") };
  const close = (): void => open(null);
  const isNew = query.open === "new";
  const asked = useQuery({ queryKey: [`/v1/${section}`, "open", query.open], enabled: section !== "tokens" && query.open !== "" && !isNew, queryFn: () => get<User | Role>(`/v1/${section}/${query.open}`) });
  return (
    <>
      <div className="row">
        <p className="soft grow">
          {{ users: t("Who may log in, and with which roles."), roles: t("Sets of permissions; a permission grants those below it."), tokens: t("Programs log in with a key. It is shown once, when it is made.") }[section]}
        </p>
        <Button kind="primary" icon={<Plus size={16} />} onClick={() => open("new")} why={section === "tokens" ? null : whyNot}>{words[section]}</Button>
      </div>
      <div className="card">
        {section === "users" && <Users open={open} />}
        {section === "roles" && <Roles open={open} />}
        {section === "tokens" && <Tokens />}
      </div>
      {section === "users" && (isNew || asked.data) && <UserForm key={query.open} user={isNew ? null : (asked.data as User)} onClose={close} />}
      {section === "roles" && (isNew || asked.data) && <RoleForm key={query.open} role={isNew ? null : (asked.data as Role)} onClose={close} />}
      {section === "tokens" && isNew && <TokenForm onClose={close} />}
    </>
  );
}

function Users({ open }: { open: (user: User) => void }) {
  const pages = usePages<User>("/v1/users");
  return (
    <List
      pages={pages}
      caption={t("Users")}
      keyOf={(user) => user.id}
      columns={[
        { name: t("Name"), sort: ["name", (user) => user.name], show: (user) => <button type="button" className="link" onClick={() => open(user)}>{user.name}</button> },
        { name: t("E-mail"), sort: ["email", (user) => user.email], show: (user) => user.email ?? "" },
        { name: t("Roles"), show: (user) => user.roles.map((one) => (one.orgUnit === null ? one.role : t("{role} in {place}", { role: one.role, place: one.orgUnit.path }))).join(", ") },
        { name: t("State"), isNarrow: true, show: (user) => (user.isEnabled ? <span className="tag good">{t("may log in")}</span> : <span className="tag">{t("locked out")}</span>) },
      ]}
    />
  );
}

function Roles({ open }: { open: (role: Role) => void }) {
  const pages = usePages<Role>("/v1/roles");
  return (
    <List
      pages={pages}
      caption={t("Roles")}
      keyOf={(role) => role.id}
      columns={[
        { name: t("Name"), show: (role) => <button type="button" className="link" onClick={() => open(role)}>{role.name}</button> },
        { name: t("Permissions"), show: (role) => (role.permissions.includes("*") ? t("everything") : <span className="mono small">{role.permissions.join(" ")}</span>) },
      ]}
    />
  );
}

function Tokens() {
  const queries = useQueryClient();
  const pages = usePages<Token>("/v1/tokens");
  const [revoked, setRevoked] = useState<Token | null>(null);
  const revoke = useMutation({
    mutationFn: (id: number) => remove(`/v1/tokens/${id}`),
    onSuccess: () => {
      void queries.invalidateQueries();
      say(t("The key is revoked"));
      setRevoked(null);
    },
  });
  const hasEnded = (token: Token): boolean => token.expiresAt !== null && Date.parse(token.expiresAt) < Date.now();
  return (
    <>
      <List
        pages={pages}
        caption={t("API keys")}
        keyOf={(token) => token.id}
        empty={<Empty title={t("No program has a key yet")} icon={<KeyRound size={32} />}><p>{t("Scanners, shops and scripts each get a key of their own, so that one can be revoked without the others.")}</p></Empty>}
        columns={[
          { name: t("Name"), show: (token) => token.name },
          { name: t("Speaks for"), show: (token) => token.user.name },
          { name: t("Made"), show: (token) => dayOrTime(token.createdAt) },
          { name: t("Holds until"), show: (token) => (token.expiresAt === null ? <span className="soft">{t("it is revoked")}</span> : dayOrTime(token.expiresAt)) },
          { name: t("State"), isNarrow: true, show: (token) => (token.revokedAt !== null ? <span className="tag" title={dayOrTime(token.revokedAt)}>{t("revoked")}</span> : hasEnded(token) ? <span className="tag">{t("has ended")}</span> : <span className="tag good">{t("holds")}</span>) },
          { name: "", isNarrow: true, show: (token) => token.revokedAt === null && <Button kind="danger" aria-label={t("Revoke {name}", { name: token.name })} onClick={() => setRevoked(token)}>{t("Revoke …")}</Button> },
        ]}
      />
      {revoked && (
        <Dialog title={t("Revoke {name}", { name: revoked.name })} onClose={() => setRevoked(null)} onSubmit={() => !revoke.isPending && revoke.mutate(revoked.id)} footer={<><Button onClick={() => setRevoked(null)}>{t("Cancel")}</Button><Button kind="danger" type="submit" why={revoke.isPending && t("Working")}>{t("Revoke it")}</Button></>}>
          <p>{t("Programs that log in with this key are refused from now on. This cannot be undone; a new key can be made.")}</p>
          {revoke.error && <p className="fault" role="alert">{revoke.error.message}</p>}
        </Dialog>
      )}
    </>
  );
}

function useSave(onClose: () => void, act: () => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      void queries.invalidateQueries();
      say(t("Saved"));
      onClose();
    },
  });
}

function Buttons({ onClose, isBusy, why }: { onClose: () => void; isBusy: boolean; why?: string | null }) {
  return (
    <>
      <Button onClick={onClose}>{t("Cancel")}</Button>
      <Button kind="primary" type="submit" why={why || (isBusy && t("Saving"))}>{t("Save")}</Button>
    </>
  );
}

const faultIn = (error: unknown, name: string): string | undefined => (error instanceof Problem ? (error.violations[name] ?? error.violations[`[0].${name}`])?.join("; ") : undefined);

function UserForm({ user, onClose }: { user: User | null; onClose: () => void }) {
  const whyNot = useWhyNot()("USERS.WRITE");
  const [name, setName] = useState(user?.name ?? "");
  const [email, setEmail] = useState(user?.email ?? "");
  const [password, setPassword] = useState("");
  const [held, setHeld] = useState<readonly { role: string; orgUnit: string }[]>(() => (user ? user.roles.map((one) => ({ role: one.role, orgUnit: one.orgUnit?.path ?? "" })) : [{ role: "operator", orgUnit: "" }]));
  const [isEnabled, setEnabled] = useState(user?.isEnabled ?? true);
  const roles = useQuery({ queryKey: ["/v1/roles", "all"], queryFn: () => all<Role>("/v1/roles") });
  const save = useSave(onClose, () => {
    const body = { name, email: email || null, isEnabled, roles: held.map((one) => ({ role: one.role, ...(one.orgUnit !== "" && { orgUnit: one.orgUnit }) })), ...(password && { password }) };
    return user === null ? post("/v1/users", body) : patch(`/v1/users/${user.id}`, body, user.version);
  });
  const change = (at: number, part: Partial<{ role: string; orgUnit: string }>): void => setHeld((before) => before.map((one, index) => (index === at ? { ...one, ...part } : one)));
  const options = (role: string) => [...new Set([...(roles.data ?? []).map((one) => one.name), role])].map((one) => [one, one] as const);
  return (
    <Dialog title={user === null ? t("New user") : t("Change user")} onClose={onClose} onSubmit={() => !whyNot && save.mutate()} footer={<Buttons onClose={onClose} isBusy={save.isPending} why={whyNot} />}>
      <Field label={t("Name")} value={name} onChange={(event) => setName(event.target.value)} fault={faultIn(save.error, "name")} autoComplete="off" />
      <Field label={t("E-mail")} type="email" value={email} onChange={(event) => setEmail(event.target.value)} fault={faultIn(save.error, "email")} autoComplete="off" />
      <Field label={user === null ? t("Password") : t("New password, if it is to change")} type="password" value={password} onChange={(event) => setPassword(event.target.value)} fault={faultIn(save.error, "password")} autoComplete="new-password" />
      <fieldset className="kinds stack">
        <legend>{t("Roles, and where they hold")}</legend>
        {held.map((one, index) => (
          <div className="row held" key={index}>
            <Choice label={t("Role")} value={one.role} onChange={(event) => change(index, { role: event.target.value })} options={options(one.role)} />
            <Lookup label={t("In org unit, or everywhere")} of="locations" query={{ isOrgUnit: true }} value={one.orgUnit} onChange={(orgUnit) => change(index, { orgUnit })} placeholder={t("everywhere")} />
            <Button kind="quiet" icon={<Trash2 size={16} />} aria-label={t("Take {role} away", { role: one.role })} onClick={() => setHeld((before) => before.filter((_, at) => at !== index))} />
          </div>
        ))}
        <div><Button icon={<Plus size={16} />} onClick={() => setHeld((before) => [...before, { role: roles.data?.at(-1)?.name ?? "reader", orgUnit: "" }])}>{t("One more role")}</Button></div>
      </fieldset>
      <Check label={t("May log in")} checked={isEnabled} onChange={(event) => setEnabled(event.target.checked)} />
      {save.error && <p className="fault" role="alert">{save.error.message}</p>}
    </Dialog>
  );
}

function RoleForm({ role, onClose }: { role: Role | null; onClose: () => void }) {
  const whyNot = useWhyNot()("USERS.WRITE");
  const [name, setName] = useState(role?.name ?? "");
  const [permissions, setPermissions] = useState<readonly string[]>(role?.permissions ?? []);
  const [isSure, setSure] = useState(false);
  const known = useQuery({ queryKey: ["/v1/permissions"], queryFn: () => get<{ items: { name: string }[]; families: string[] }>("/v1/permissions"), staleTime: Infinity });
  const save = useSave(onClose, () => {
    const body = { name, permissions };
    return role === null ? post("/v1/roles", body) : patch(`/v1/roles/${role.id}`, body, role.version);
  });
  const erase = useSave(onClose, () => call(`/v1/roles/${role?.id}`, { method: "DELETE", ...(role && { version: role.version }) }));
  const error = save.error ?? erase.error;
  return (
    <Dialog
      wide
      title={role === null ? t("New role") : t("Change role")}
      onClose={onClose}
      onSubmit={() => !whyNot && save.mutate()}
      footer={
        <>
          {role && <Button kind="danger" onClick={() => (isSure ? erase.mutate() : setSure(true))} why={whyNot ?? (erase.isPending && t("Working"))}>{isSure ? t("Delete it for good") : t("Delete …")}</Button>}
          <span className="grow" />
          <Buttons onClose={onClose} isBusy={save.isPending} why={whyNot} />
        </>
      }
    >
      <Field label={t("Name")} value={name} onChange={(event) => setName(event.target.value)} fault={faultIn(save.error, "name")} />
      {known.isPending ? <Loading /> : known.isError ? <Failed error={known.error} again={() => void known.refetch()} /> : <PermissionTree known={known.data.items.map((one) => one.name)} families={known.data.families} chosen={permissions} onChange={setPermissions} fault={faultIn(save.error, "permissions")} />}
      {error && <p className="fault" role="alert">{error.message}</p>}
    </Dialog>
  );
}

function TokenForm({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot()("USERS.WRITE");
  const [name, setName] = useState("");
  const [user, setUser] = useState("");
  const [until, setUntil] = useState("");
  const people = useQuery({ queryKey: ["/v1/users", "all"], queryFn: () => all<User>("/v1/users"), enabled: whyNot === null });
  const make = useMutation({
    // The key holds all of its last day, as the day is here.
    mutationFn: () => post<{ token: string }>("/v1/tokens", { name, ...(user !== "" && { user: Number(user) }), ...(until !== "" && { expiresAt: new Date(`${until}T23:59:59`).toISOString() }) }),
    onSuccess: () => void queries.invalidateQueries(),
  });
  const token = make.data?.token;
  return (
    <Dialog
      title={t("New API key")}
      onClose={onClose}
      onSubmit={() => !token && !make.isPending && make.mutate()}
      footer={token ? <Button kind="primary" onClick={onClose}>{t("Done")}</Button> : <Buttons onClose={onClose} isBusy={make.isPending} />}
    >
      {token ? (
        <>
          <p>{t("Copy the key now: it is not shown again.")}</p>
          <div className="row">
            <code className="input grow" style={{ overflowWrap: "anywhere" }}>{token}</code>
            <Button icon={<Copy size={16} />} onClick={() => void navigator.clipboard.writeText(token).then(() => say(t("Copied")))}>{t("Copy")}</Button>
          </div>
        </>
      ) : (
        <>
          <Field label={t("What it is for")} value={name} onChange={(event) => setName(event.target.value)} fault={faultIn(make.error, "name")} />
          {people.data && <Choice label={t("Speaks for")} value={user} onChange={(event) => setUser(event.target.value)} options={[["", t("yourself")], ...people.data.map((one) => [String(one.id), one.name] as const)]} fault={faultIn(make.error, "user")} />}
          <Field label={t("Holds until the end of; empty: until it is revoked")} type="date" value={until} onChange={(event) => setUntil(event.target.value)} fault={faultIn(make.error, "expiresAt")} />
        </>
      )}
      {make.error && <p className="fault" role="alert">{make.error.message}</p>}
    </Dialog>
  );
}
