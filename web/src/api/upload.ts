// Files go to the server as they are, with word of how far they are.
import { language } from "../i18n";
import { Refused, type Schemas, type Trouble } from "./client";

export type HandedIn = Schemas["HandedIn"];

/** Hands a file in. `tell` hears which part of it has gone, in percent; `stop` breaks off. */
export function handIn(document: string, file: File, tell: (percent: number) => void, stop: AbortSignal): Promise<HandedIn> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const address = `/api/documents/${encodeURIComponent(document)}/files?name=${encodeURIComponent(file.name)}`;
    request.open("POST", address);
    request.setRequestHeader("Accept-Language", language());
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => tell(total > 0 ? Math.floor((100 * loaded) / total) : 0);
    request.onload = () => {
      if (request.status === 200) resolve(request.response as HandedIn);
      else reject(new Refused(request.status, (request.response as Trouble | null) ?? undefined));
    };
    request.onerror = () => reject(new Refused(0, undefined));
    request.onabort = () => reject(new DOMException("", "AbortError"));
    stop.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
