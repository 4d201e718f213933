/** Users, their roles, and the API keys of programs. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy, Plus } from "lucide-react";
import { useState } from "react";
import { all, patch, post, Problem, remove } from "../api/client";
import { dayOrTime } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Area, Check, Choice, Field } from "../part/Field";
import { List, usePages } from "../part/List";
import { say } from "../part/toast";
import { useWhyNot } from "../session";

interface User {
  id: number;
  name: string;
  email: string | null;
  isEnabled: boolean;
  roles: { role: string; orgUnit: string | number | null }[];
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
  user?: { id: number; name: string } | number;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt?: string | null;
}

type Section = "users" | "roles" | "tokens";

export default function People({ section }: { section: Section }) {
  const [open, setOpen] = useState<User | Role | "new" | null>(null);
  const whyNot = useWhyNot()("USERS.WRITE");
  const words = { users: t("New user"), roles: t("New role"), tokens: t("New API key") };
  return (
    <>
      <div className="row">
        <p className="soft grow">
          {{ users: t("Who may log in, and with which roles."), roles: t("Sets of permissions; a permission grants those below it."), tokens: t("Programs log in with a key. It is shown once, when it is made.") }[section]}
        </p>
        <Button kind="primary" icon={<Plus size={16} />} onClick={() => setOpen("new")} why={section === "tokens" ? null : whyNot}>{words[section]}</Button>
      </div>
      <div className="card">
        {section === "users" && <Users open={setOpen} />}
        {section === "roles" && <Roles open={setOpen} />}
        {section === "tokens" && <Tokens />}
      </div>
      {open !== null && section === "users" && <UserForm user={open === "new" ? null : (open as User)} onClose={() => setOpen(null)} />}
      {open !== null && section === "roles" && <RoleForm role={open === "new" ? null : (open as Role)} onClose={() => setOpen(null)} />}
      {open !== null && section === "tokens" && <TokenForm onClose={() => setOpen(null)} />}
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
        { name: t("Name"), show: (user) => <button type="button" className="link" onClick={() => open(user)}>{user.name}</button> },
        { name: t("E-mail"), show: (user) => user.email ?? "" },
        { name: t("Roles"), show: (user) => user.roles.map((one) => (one.orgUnit === null ? one.role : t("{role} in {place}", { role: one.role, place: one.orgUnit }))).join(", ") },
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
        { name: t("Permissions"), show: (role) => <span className="mono small">{role.permissions.join(" ")}</span> },
      ]}
    />
  );
}

function Tokens() {
  const queries = useQueryClient();
  const pages = usePages<Token>("/v1/tokens");
  const revoke = useMutation({
    mutationFn: (id: number) => remove(`/v1/tokens/${id}`),
    onSuccess: () => {
      void queries.invalidateQueries();
      say(t("The key is revoked"));
    },
  });
  return (
    <List
      pages={pages}
      caption={t("API keys")}
      keyOf={(token) => token.id}
      columns={[
        { name: t("Name"), show: (token) => token.name },
        { name: t("Made"), show: (token) => dayOrTime(token.createdAt) },
        { name: t("Until"), show: (token) => (token.expiresAt === null ? t("revoked") : dayOrTime(token.expiresAt)) },
        { name: "", isNarrow: true, show: (token) => <Button kind="danger" onClick={() => revoke.mutate(token.id)}>{t("Revoke")}</Button> },
      ]}
    />
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

function Buttons({ onClose, isBusy }: { onClose: () => void; isBusy: boolean }) {
  return (
    <>
      <Button onClick={onClose}>{t("Cancel")}</Button>
      <Button kind="primary" type="submit" why={isBusy && t("Saving")}>{t("Save")}</Button>
    </>
  );
}

const faultIn = (error: unknown, name: string): string | undefined => (error instanceof Problem ? (error.violations[name] ?? error.violations[`[0].${name}`])?.join("; ") : undefined);

function UserForm({ user, onClose }: { user: User | null; onClose: () => void }) {
  const [name, setName] = useState(user?.name ?? "");
  const [email, setEmail] = useState(user?.email ?? "");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState(user?.roles[0]?.role ?? "operator");
  const [isEnabled, setEnabled] = useState(user?.isEnabled ?? true);
  const roles = useQuery({ queryKey: ["/v1/roles", "all"], queryFn: () => all<Role>("/v1/roles") });
  const save = useSave(onClose, () => {
    const body = { name, email: email || null, isEnabled, roles: [{ role }], ...(password && { password }) };
    return user === null ? post("/v1/users", body) : patch(`/v1/users/${user.id}`, body, user.version);
  });
  return (
    <Dialog title={user === null ? t("New user") : t("Change user")} onClose={onClose} onSubmit={() => save.mutate()} footer={<Buttons onClose={onClose} isBusy={save.isPending} />}>
      <Field label={t("Name")} value={name} onChange={(event) => setName(event.target.value)} fault={faultIn(save.error, "name")} autoComplete="off" />
      <Field label={t("E-mail")} type="email" value={email} onChange={(event) => setEmail(event.target.value)} fault={faultIn(save.error, "email")} autoComplete="off" />
      <Field label={user === null ? t("Password") : t("New password, if it is to change")} type="password" value={password} onChange={(event) => setPassword(event.target.value)} fault={faultIn(save.error, "password")} autoComplete="new-password" />
      <Choice label={t("Role")} value={role} onChange={(event) => setRole(event.target.value)} options={(roles.data ?? []).map((one) => [one.name, one.name])} />
      <Check label={t("May log in")} checked={isEnabled} onChange={(event) => setEnabled(event.target.checked)} />
      {save.error && <p className="fault" role="alert">{save.error.message}</p>}
    </Dialog>
  );
}

function RoleForm({ role, onClose }: { role: Role | null; onClose: () => void }) {
  const [name, setName] = useState(role?.name ?? "");
  const [permissions, setPermissions] = useState((role?.permissions ?? []).join("\n"));
  const save = useSave(onClose, () => {
    const body = { name, permissions: permissions.split(/\s+/).filter(Boolean) };
    return role === null ? post("/v1/roles", body) : patch(`/v1/roles/${role.id}`, body, role.version);
  });
  return (
    <Dialog title={role === null ? t("New role") : t("Change role")} onClose={onClose} onSubmit={() => save.mutate()} footer={<Buttons onClose={onClose} isBusy={save.isPending} />}>
      <Field label={t("Name")} value={name} onChange={(event) => setName(event.target.value)} fault={faultIn(save.error, "name")} />
      <Area label={t("Permissions, one a line")} rows={12} className="input mono" value={permissions} onChange={(event) => setPermissions(event.target.value)} fault={faultIn(save.error, "permissions")} />
      {save.error && <p className="fault" role="alert">{save.error.message}</p>}
    </Dialog>
  );
}

function TokenForm({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const make = useMutation({
    mutationFn: () => post<{ token: string }>("/v1/tokens", { name }),
    onSuccess: () => void queries.invalidateQueries(),
  });
  const token = make.data?.token;
  return (
    <Dialog
      title={t("New API key")}
      onClose={onClose}
      onSubmit={() => make.mutate()}
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
        <Field label={t("What it is for")} value={name} onChange={(event) => setName(event.target.value)} fault={faultIn(make.error, "name")} />
      )}
      {make.error && <p className="fault" role="alert">{make.error.message}</p>}
    </Dialog>
  );
}
