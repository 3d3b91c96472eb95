import { ApiError, readError } from "../../core/error.js";
import type { GetImportResponseJson } from "../../gen/converse/v1/transfer_pb.js";

export interface Upload {
  done: Promise<GetImportResponseJson>;
  cancel(): void;
}

/** Puts a file to a path of ours, and tells how much of it has gone. fetch cannot. */
export function upload(path: string, file: File, onShare: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<GetImportResponseJson>((resolve, reject) => {
    request.open("PUT", path);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "text/csv");
    request.upload.onprogress = (event) => event.lengthComputable && onShare(event.loaded / event.total);
    request.onload = () => {
      if (request.status === 200) resolve(request.response as GetImportResponseJson);
      else reject(readError(request.status, request.response));
    };
    request.onerror = () => reject(new ApiError("network", ""));
    request.onabort = () => reject(new ApiError("canceled", ""));
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}
