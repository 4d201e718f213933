/** The form of a new journal: a part of its own, since it brings look-ups along that the list does without. */
import { RecordForm } from "../settings/RecordForm";
import { kindNamed } from "../settings/kinds";

export default function NewJournal({ onClose }: { onClose: () => void }) {
  return <RecordForm kind={kindNamed("journals")} record={null} onClose={onClose} />;
}
