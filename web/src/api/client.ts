// What the console asks of the server, typed by openapi/hengjie.json.
import { QueryClient } from "@tanstack/react-query";
import createClient from "openapi-fetch";
import { language } from "../i18n";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Trouble = Schemas["Trouble"];

const api = createClient<paths>({ baseUrl: location.origin });

api.use({
  onRequest({ request }) {
    request.headers.set("Accept-Language", language());
    return request;
  },
});

export { api };

/** An answer that says why not; without trouble the server did not answer at all. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly trouble: Trouble | undefined,
  ) {
    super(trouble?.message ?? "offline");
  }
}

/** The answer, or why not. */
export async function answer<T>(
  asked: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await asked.catch((): never => {
    throw new Refused(0, undefined);
  });
  if (data !== undefined) return data;
  const isTrouble = typeof error === "object" && error !== null && "message" in error;
  throw new Refused(response.status, isTrouble ? (error as Trouble) : undefined);
}

/** A key for one write: sending it again does nothing new. */
export function key(): string {
  return crypto.randomUUID();
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => error instanceof Refused && error.status === 0 && count < 2,
      refetchOnWindowFocus: false,
      staleTime: 10_000,
    },
  },
});
