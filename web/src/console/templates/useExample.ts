import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Attachments } from "../../core/attachments.js";
import type { Desk } from "../../core/desk.js";
import { HeaderFile } from "../../core/headerfile.js";
import type { ConnectorJson } from "../../gen/converse/v1/connector_pb.js";
import { useObjectUrl } from "../../ui/useObjectUrl.js";
import { isFile, type HeaderValues } from "./draft.js";

export interface Example {
  /** Undefined where no example can be uploaded. */
  file: HeaderFile | undefined;
  /** What the preview shows. */
  shown: { name: string; url: string } | undefined;
  uploading: boolean;
}

/** The example over a template: chosen just now, or kept with it. */
export function useExample(desk: Desk, connector: ConnectorJson | undefined, header: HeaderValues, onChange: (change: Partial<HeaderValues>) => void): Example {
  const rule = isFile(header.kind) ? connector?.exampleFiles?.find((one) => one.kind === header.kind) : undefined;
  const connectorId = connector?.id ?? "";
  const file = useMemo(() => {
    if (!rule) return undefined;
    const target = { connectorId, rules: { media: [rule], filesPerMessage: 1 } };
    return new HeaderFile(new Attachments(desk.env, desk.call, target));
  }, [desk, connectorId, rule?.kind]);
  // One that no template was made of is taken back; of one that has it, this does nothing.
  useEffect(() => () => file?.remove(), [file]);

  const chosen = file?.file.value;
  const mediaId = file?.mediaId.value ?? "";
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => {
    if (mediaId === "" || !chosen) return;
    change.current({ file: { id: mediaId, name: chosen.file.name, contentType: chosen.file.type, size: chosen.file.size }, example: "" });
  }, [mediaId]);

  const local = chosen && chosen.state !== "refused" ? chosen.file : undefined;
  const url = useObjectUrl(local);
  const stored = useStored(desk, local ? "" : (header.file?.id ?? ""), header.kind);
  const shown = local ? { name: local.name, url } : header.file?.id ? { name: header.file.name ?? "", url: stored } : undefined;
  return { file, shown, uploading: chosen?.state === "uploading" };
}

/** The address of a file that is kept with a template; empty while there is none. */
function useStored(desk: Desk, mediaId: string, kind: string): string {
  const [url, setUrl] = useState("");
  useEffect(() => {
    setUrl("");
    if (mediaId === "" || kind === "document") return undefined;
    let gone = false;
    desk.links.to(mediaId).then(
      (link) => !gone && setUrl(link),
      () => undefined, // its name is shown
    );
    return () => void (gone = true);
  }, [desk, mediaId, kind]);
  return url;
}
