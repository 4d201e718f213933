/** Programs that are told of every batch: signed, and again until they have taken it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, Webhook as Icon } from "lucide-react";
import { useState } from "react";
import { post, remove } from "../api/client";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Field } from "../part/Field";
import { List, usePages } from "../part/List";
import { Empty } from "../part/Page";
import { say } from "../part/toast";
import { useWhyNot } from "../session";

interface Webhook {
  id: number;
  url: string;
  secret?: string;
  isEnabled?: boolean;
  position?: number;
  lastError?: string | null;
}

export default function Webhooks() {
  const queries = useQueryClient();
  const why = useWhyNot()("SETTINGS.WRITE");
  const pages = usePages<Webhook>("/v1/webhooks");
  const [isOpen, setOpen] = useState(false);
  const [url, setUrl] = useState("");
  const make = useMutation({ mutationFn: () => post<Webhook>("/v1/webhooks", { url }), onSuccess: () => void queries.invalidateQueries() });
  const erase = useMutation({
    mutationFn: (id: number) => remove(`/v1/webhooks/${id}`),
    onSuccess: () => {
      void queries.invalidateQueries();
      say(t("The webhook is gone"));
    },
  });
  return (
    <>
      <div className="row">
        <p className="soft grow">{t("Each is sent every batch once, in order, signed as Standard Webhooks say.")}</p>
        <Button kind="primary" icon={<Plus size={16} />} onClick={() => { make.reset(); setOpen(true); }} why={why}>{t("New webhook")}</Button>
      </div>
      <div className="card">
        <List
          pages={pages}
          caption={t("Webhooks")}
          keyOf={(one) => one.id}
          empty={<Empty title={t("No webhooks yet")} icon={<Icon size={32} />} />}
          columns={[
            { name: t("Address"), show: (one) => <span className="mono">{one.url}</span> },
            { name: t("Sent up to"), isNumber: true, show: (one) => one.position ?? "" },
            { name: t("Last fault"), show: (one) => <span className="bad">{one.lastError ?? ""}</span> },
            { name: "", isNarrow: true, show: (one) => <Button kind="danger" onClick={() => erase.mutate(one.id)} why={why}>{t("Remove")}</Button> },
          ]}
        />
      </div>
      {isOpen && (
        <Dialog
          title={t("New webhook")}
          onClose={() => setOpen(false)}
          onSubmit={() => make.mutate()}
          footer={make.data ? <Button kind="primary" onClick={() => setOpen(false)}>{t("Done")}</Button> : <><Button onClick={() => setOpen(false)}>{t("Cancel")}</Button><Button kind="primary" type="submit" why={make.isPending && t("Saving")}>{t("Save")}</Button></>}
        >
          {make.data?.secret ? (
            <><p>{t("Copy the signing secret now: it is not shown again.")}</p><code className="input">{make.data.secret}</code></>
          ) : (
            <Field label={t("Address")} type="url" value={url} onChange={(event) => setUrl(event.target.value)} placeholder="https://example.com/lotbook" />
          )}
          {make.error && <p className="fault" role="alert">{make.error.message}</p>}
        </Dialog>
      )}
    </>
  );
}
