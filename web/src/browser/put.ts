/** Sends a file, telling how far it is. */
export function put(url: string, file: Blob, onProgress: (part: number) => void): { done: Promise<string>; cancel(): void } {
  const request = new XMLHttpRequest();
  const done = new Promise<string>((resolve, reject) => {
    request.upload.onprogress = (event) => onProgress(event.total > 0 ? event.loaded / event.total : 0);
    request.onload = () => resolve(request.status < 300 ? "" : said(request));
    request.onerror = () => reject(new Error("no answer"));
    request.onabort = () => reject(new Error("cancelled"));
    request.open("PUT", url);
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}

// The server says in a sentence why it will not have a file.
function said(request: XMLHttpRequest): string {
  try {
    const answer = JSON.parse(request.responseText) as { message?: string };
    if (answer.message) return answer.message;
  } catch {
    // It is plain text, then.
  }
  return request.responseText.trim().slice(0, 300) || `The server answered ${request.status}.`;
}
