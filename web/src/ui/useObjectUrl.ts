import { useEffect, useState } from "preact/hooks";
import type { FileLike } from "../core/env.js";

/** An address of a file that the user chose, for as long as it is on screen; empty where there is nothing to show. */
export function useObjectUrl(file: FileLike | undefined): string {
  const [url, setUrl] = useState("");
  useEffect(() => {
    if (!(file instanceof Blob) || file.type === "image/svg+xml") return undefined;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
      setUrl("");
    };
  }, [file]);
  return url;
}
