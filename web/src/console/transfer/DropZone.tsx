import { FileSpreadsheet, Upload as UploadIcon } from "lucide-preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import { Icon } from "../../ui/Icon.js";
import { Progress } from "../../ui/form/Progress.js";
import { s } from "../../ui/strings.js";
import { errorText, ToastContext } from "../../ui/toasts.js";
import { t } from "./strings.js";
import { upload, type Upload } from "./upload.js";

const largest = 10_000_000;

/** Takes a file by drop or choice, uploads it, and says which import it became. */
export function DropZone({ desk, onUploaded }: { desk: Desk; onUploaded(id: string): void }) {
  const toasts = useContext(ToastContext);
  const input = useRef<HTMLInputElement>(null);
  const running = useRef<Upload>();
  const [over, setOver] = useState(false);
  const [name, setName] = useState("");
  const [share, setShare] = useState(0);
  const [fault, setFault] = useState("");
  useEffect(() => () => running.current?.cancel(), []);

  const take = async (files: FileList | null | undefined) => {
    const file = files?.[0];
    setOver(false);
    if (!file || name !== "") return;
    if (files.length > 1) return setFault(t.drop.several);
    if (file.size > largest) return setFault(t.drop.tooLarge);
    setFault("");
    setShare(0);
    setName(file.name);
    try {
      const begun = await desk.call("LeadService/CreateImport", { fileName: file.name.slice(-200) });
      running.current = upload(begun.uploadPath ?? "", file, setShare);
      await running.current.done;
      onUploaded(begun.import?.id ?? "");
    } catch (thrown) {
      const error = asApiError(thrown);
      if (error.code === "canceled") toasts.show({ text: t.drop.cancelled });
      else setFault(errorText(error));
    } finally {
      running.current = undefined;
      setName("");
      if (input.current) input.current.value = "";
    }
  };

  if (name !== "") {
    return (
      <div class="drop" data-testid="uploading">
        <Icon of={FileSpreadsheet} size={24} />
        <div class="drop-progress">
          <Progress
            label={t.drop.uploading(name)}
            most={1}
            {...(share < 1 ? { value: share } : {})}
            text={share < 1 ? t.drop.share(Math.round(share * 100)) : t.drop.read}
          />
        </div>
        <button type="button" class="btn" onClick={() => running.current?.cancel()}>
          {s.cancel}
        </button>
      </div>
    );
  }
  return (
    <div
      class={`drop ${over ? "drop-over" : ""}`}
      data-testid="drop-zone"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        void take(event.dataTransfer?.files);
      }}
    >
      <Icon of={over ? UploadIcon : FileSpreadsheet} size={24} />
      <p class="drop-title">{over ? t.drop.release : t.drop.title}</p>
      <p class="meta">{t.drop.help}</p>
      <button type="button" class="btn primary" onClick={() => input.current?.click()}>
        {t.drop.choose}
      </button>
      <input
        ref={input}
        type="file"
        class="sr"
        tabIndex={-1}
        accept=".csv,.txt,.tsv,text/csv,text/plain"
        aria-label={t.drop.choose}
        data-testid="import-file"
        onChange={(event) => void take(event.currentTarget.files)}
      />
      {fault !== "" && (
        <p class="form-fault" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}
